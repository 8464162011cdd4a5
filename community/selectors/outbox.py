from django.db.models import QuerySet

from community.models import Mail


def mails_to(address: str = "") -> QuerySet[Mail]:
    """Mails to `address` in any case, or all, newest first."""
    mails = Mail.objects.order_by("-created_at")
    wanted = address.replace("\x00", "").strip()
    return mails.filter(to__iexact=wanted) if wanted else mails
