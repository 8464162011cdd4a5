"""Planning a meetup: the sheet an organizer fills in, saved whole."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify

from community.models import Chapter, User
from meetups.models import Meetup, Venue
from meetups.selectors.desk import plan_version
from meetups.services.chapters import chapter_for
from meetups.services.meetups import change_meetup, create_meetup, lock_for_change
from meetups.services.parts import check_not_recorded, check_version
from meetups.services.venues import venue_named
from meetups.validators import RESERVED_SLUGS

LONGEST_SLUG = 80


@transaction.atomic
def plan_meetup(
    *,
    by: User,
    chapter: Chapter | None,
    venue_name: str = "",
    venue_address: str = "",
    slug: str = "",
    **fields: Any,
) -> Meetup:
    """A draft of a meetup; its address is made from the title where none is given.

    Raises ForbiddenError, InvalidError.
    """
    chapter = chapter_for(by, chapter)
    venue = _venue(chapter, venue_name, venue_address)
    slug = slug or free_slug(fields["title"])
    return create_meetup(by=by, chapter=chapter, slug=slug, venue=venue, **fields)


@transaction.atomic
def replan_meetup(
    *, meetup: Meetup, by: User, version: str | None = None, **changes: Any
) -> Meetup:
    """Change a plan; `venue_name` and `venue_address` say the venue, an empty name none.

    `version` is what `plan_version` said when the plan was read; without it the last one wins.

    Raises ChangedMeanwhileError, RecordedError, CapacityBelowGoingError, InvalidError.
    """
    meetup = lock_for_change(meetup)
    check_not_recorded(meetup)
    check_version(version, plan_version(meetup))
    if "venue_name" in changes or "venue_address" in changes:
        known = meetup.venue.name if meetup.venue else ""
        name = changes.pop("venue_name", known)
        changes["venue"] = _venue(meetup.chapter, name, changes.pop("venue_address", ""))
    return change_meetup(meetup=meetup, by=by, **changes)


def free_slug(title: str) -> str:
    """An address made of `title` that no meetup has yet.

    Two made at once may still meet; the database then refuses the second.
    """
    stem = slugify(title)[: LONGEST_SLUG - 5].strip("-") or "meetup"
    taken = set(Meetup.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED_SLUGS
    if stem not in taken:
        return stem
    return next(
        slug for number in range(2, len(taken) + 3) if (slug := f"{stem}-{number}") not in taken
    )


def _venue(chapter: Chapter, name: str, address: str) -> Venue | None:
    return venue_named(name, chapter=chapter, address=address) if name.strip() else None
