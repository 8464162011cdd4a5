"""Which brainstorms there are for whom, and who does what in them."""

from typing import Any

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404

from community.core.errors import ForbiddenError
from meetups.models import Meetup
from polls.models import Brainstorm, BrainstormQuerySet


def brainstorm_seen_by(user: Any, slug: str) -> Brainstorm:
    """The brainstorm at `slug`, as far as `user` may see it; raises Http404."""
    brainstorms = Brainstorm.objects.visible_to(user).select_related("chapter", "meetup", "season")
    return get_object_or_404(brainstorms, slug=slug)


def organized_brainstorm(user: Any, slug: str) -> Brainstorm:
    """The brainstorm at `slug` for one of its organizers; raises Http404, ForbiddenError."""
    brainstorm = brainstorm_seen_by(user, slug)
    if not is_run_by(brainstorm, user):
        raise ForbiddenError("You do not organize this chapter's brainstorms.")
    return brainstorm


def is_run_by(brainstorm: Brainstorm, user: Any) -> bool:
    """Whether `user` organizes `brainstorm`."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or brainstorm.chapter_id in user.organized_chapter_ids


def takes_part(brainstorm: Brainstorm, user: Any) -> bool:
    """Whether `user` is one of those who write in `brainstorm`, while it is open."""
    return Brainstorm.objects.open_to(user).filter(pk=brainstorm.pk).exists()


def brainstorms_listed_for(user: Any) -> BrainstormQuerySet:
    """Brainstorms `user` may see with the number of their cards: open ones first, the new first."""
    is_card = Q(ideas__parent=None, ideas__removed_at=None)
    return (
        Brainstorm.objects.visible_to(user)
        .select_related("chapter", "meetup", "season")
        .annotate(cards=Count("ideas", filter=is_card))
        .order_by("-closed_at", "-created_at", "-id")
    )


def open_brainstorms(user: Any) -> list[Brainstorm]:
    """Where `user` may write now, the newest first."""
    return list(Brainstorm.objects.open_to(user).filter(closed_at=None))


def meetup_brainstorms(meetup: Meetup, user: Any) -> list[Brainstorm]:
    """The brainstorms of `meetup` that `user` may see, the newest first."""
    return list(Brainstorm.objects.visible_to(user).filter(meetup=meetup))
