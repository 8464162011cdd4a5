"""Whether somebody is on an election's roll."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.functions import Lower

from polls.models import Election, RollEntry


def entry_of(election: Election, user: Any) -> RollEntry | None:
    """`user`'s entry on the roll: by their account, else by a confirmed address of theirs."""
    if not user.is_authenticated:
        return None
    confirmed = EmailAddress.objects.filter(user=user.pk, verified=True)
    addresses = confirmed.annotate(address=Lower("email")).values("address")
    own = Q(account=user.pk) | Q(account=None) & (
        Q(email=user.email.lower()) | Q(email__in=addresses)
    )
    # Their account's own line first, where an address of theirs has another.
    return RollEntry.objects.filter(own, election=election).order_by("account", "pk").first()
