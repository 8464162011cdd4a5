from typing import Any

from community.models import Membership


def is_made_participant(user: Any) -> bool:
    """Whether an organizer made `user` a hack-day participant."""
    return Membership.objects.filter(user=user.pk, is_participant=True).exists()
