from django.db.models import F

from community.models import User


def renew_feed(*, by: User) -> None:
    """Give `by`'s calendar feed a new address; the old one is answered with 404 from now on."""
    User.objects.filter(pk=by.pk).update(calendar_epoch=F("calendar_epoch") + 1)
