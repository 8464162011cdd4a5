from typing import Any

from community.core.errors import ForbiddenError, NotFoundError
from meetups.models import Meetup


def organized_meetup(user: Any, slug: str) -> Meetup:
    """The meetup at `slug`, of a chapter `user` organizes.

    Raises NotFoundError where they may not even see it, ForbiddenError where they may.
    """
    seen = Meetup.objects.visible_to(user).select_related("chapter").filter(slug=slug).first()
    if seen is None:
        raise NotFoundError("There is no such meetup.")
    if not Meetup.objects.editable_by(user).filter(pk=seen.pk).exists():
        raise ForbiddenError("Only the organizers of its group may do that.")
    return seen
