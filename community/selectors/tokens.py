from django.db.models import Q

from community.core import clock, secretbox
from community.models import ApiToken, User

# `last_used_at` is for people; writing it at every call would cost a write a request.
_USE_RECORDED_EVERY = clock.seconds(60)


def token_owner(token: str) -> tuple[User, ApiToken] | None:
    """Whose API token `token` is, and its row.

    None where it is unknown or revoked, or where its owner may no longer sign in.
    """
    row = (
        ApiToken.objects.select_related("user")
        .filter(digest=secretbox.digest(token), revoked_at=None, user__is_active=True)
        .first()
    )
    if row is None:
        return None
    now = clock.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - _USE_RECORDED_EVERY)
    if row.last_used_at is None or row.last_used_at < now - _USE_RECORDED_EVERY:
        ApiToken.objects.filter(stale, pk=row.pk).update(last_used_at=now)
    return row.user, row
