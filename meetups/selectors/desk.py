"""What an organizer works on."""

from typing import Any

from django.shortcuts import get_object_or_404

from community.core.errors import ForbiddenError
from meetups.models import Meetup
from meetups.selectors.meetups import meetups_seen_by


def meetup_seen_by(user: Any, slug: str) -> Meetup:
    """The meetup at `slug`, as far as `user` may see it; raises Http404."""
    return get_object_or_404(meetups_seen_by(user), slug=slug)


def organized_meetup(user: Any, slug: str) -> Meetup:
    """The meetup at `slug`, for one of its organizers.

    Raises Http404 for what `user` may not see, ForbiddenError for what others organize.
    """
    meetup = meetup_seen_by(user, slug)
    if not is_organized_by(meetup, user):
        raise ForbiddenError("You do not organize this chapter's meetups.")
    return meetup


def is_organized_by(meetup: Meetup, user: Any) -> bool:
    """Whether `user` organizes `meetup`."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or meetup.chapter_id in user.organized_chapter_ids
