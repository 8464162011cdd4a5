"""What an organizer works on."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from community.core.errors import ForbiddenError
from community.models import Chapter
from community.models.chapter import organizes
from meetups.models import Meetup, Venue


def meetup_seen_by(user: Any, slug: str) -> Meetup:
    """The meetup at `slug`, as far as `user` may see it; raises Http404."""
    meetups = Meetup.objects.visible_to(user).select_related("chapter", "venue")
    return get_object_or_404(meetups, slug=slug)


def meetup_to_answer(user: Any, slug: str) -> Meetup:
    """The meetup at `slug` with no more of it than an answer's form needs; raises Http404."""
    meetups = Meetup.objects.visible_to(user).only("slug", "has_online", "content_version")
    return get_object_or_404(meetups, slug=slug)


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
    return organizes(user, meetup.chapter_id)


def is_somewhere_organizer(user: Any) -> bool:
    """Whether `user` may see drafts of any chapter; for all others the same things are public."""
    return bool(user.is_authenticated and (user.is_superuser or user.organized_chapter_ids))


def organized_chapters(user: Any) -> QuerySet[Chapter]:
    """The chapters `user` organizes, the oldest first; raises ForbiddenError without any."""
    chapters = Chapter.objects.order_by("id")
    if not user.is_superuser:
        chapters = chapters.filter(pk__in=user.organized_chapter_ids)
    if not chapters:
        raise ForbiddenError("There is no chapter yet.")
    return chapters


PLAN_FIELDS = (
    "title", "kind", "summary", "starts_at", "ends_at", "timezone", "venue_id", "capacity",
    "has_online", "online_capacity", "join_instructions", "has_lab", "rsvp_closes_at",
)  # fmt: skip


def plan_version(meetup: Meetup) -> str:
    """What a change of the plan must name, so that it is not made on an old reading."""
    return version_of([getattr(meetup, name) for name in PLAN_FIELDS])


def version_of(facts: Any) -> str:
    """A short word that is another as soon as `facts` are."""
    text = json.dumps(facts, cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def venues_of(chapters: Any) -> list[str]:
    """The names of the rooms the chapters have met in."""
    return list(Venue.objects.filter(chapter__in=chapters).values_list("name", flat=True))
