"""Minutes: written by organizers under the meetup's lock, published with one click."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from community.core import clock
from community.core.errors import InvalidError
from community.models import User
from community.services.audit import record
from meetups.models import Meetup, MinutesItem, Note
from meetups.selectors.minutes import NOTE
from meetups.selectors.paper import minutes_facts
from meetups.services.parts import check_not_recorded, check_version, replace_parts
from meetups.services.places import lock_meetup

_APART = 1_000_000  # above every number of an item
FIELDS = (
    "minutes_intro", "headcount", "is_headcount_minimum", "is_headcount_uncertain",
    "headcount_as_printed",
)  # fmt: skip


@dataclass(frozen=True)
class Minutes:
    """What an organizer wrote. Items come in their order; `headcount` None is not known."""

    intro: str = ""
    items: Sequence[dict[str, Any]] = ()
    recordings: Sequence[dict[str, Any]] = ()
    headcount: int | None = None
    is_headcount_minimum: bool = False
    is_headcount_uncertain: bool = False
    headcount_as_printed: str = ""


@transaction.atomic
def save_minutes(
    *, meetup: Meetup, minutes: Minutes, by: User, version: str | None = None
) -> Meetup:
    """Write the minutes of `meetup` whole; items are numbered from 1 in their order.

    `version` is what `minutes_facts` said when they were read; without it the last one wins.

    Raises ChangedMeanwhileError, RecordedError, InvalidError.
    """
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    check_version(version, minutes_facts(meetup)["version"])
    if minutes.headcount is None and (
        minutes.is_headcount_minimum or minutes.is_headcount_uncertain
    ):
        raise InvalidError(
            "Say how many came, or leave both boxes empty.", errors={"headcount": ["missing"]}
        )
    meetup.minutes_intro = minutes.intro
    for name in FIELDS[1:]:
        setattr(meetup, name, getattr(minutes, name))
    meetup.save(update_fields=FIELDS)
    _replace_items(meetup, minutes.items)
    recordings = [row | {"position": place} for place, row in enumerate(minutes.recordings)]
    replace_parts(meetup=meetup, rows=meetup.recordings.all(), wanted=recordings)
    record("changed", f"minutes of {meetup.slug}", by=by, chapter=meetup.chapter)
    return meetup


@transaction.atomic
def draft_minutes(*, meetup: Meetup, by: User) -> int:
    """An item for each live note that is not hidden and has none yet; how many were added.

    Raises RecordedError.
    """
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    items = list(meetup.minutes.all())
    drafted = {item.facts.get(NOTE) for item in items}
    notes = Note.objects.filter(meetup=meetup, hidden_at=None).exclude(pk__in=drafted - {None})
    first = max((item.number for item in items), default=0) + 1
    added = MinutesItem.objects.bulk_create(
        MinutesItem(
            meetup=meetup,
            number=number,
            text=note.text,
            speaker=note.author.display_name if note.author else "",
            facts={NOTE: note.pk},
        )
        for number, note in enumerate(notes.select_related("author"), start=first)
    )
    record("drafted", f"minutes of {meetup.slug}", by=by, chapter=meetup.chapter)
    return len(added)


@transaction.atomic
def publish_minutes(*, meetup: Meetup, by: User) -> Meetup:
    """Show the minutes to everyone who may see the meetup; published ones stay as they are.

    Raises InvalidError where there is nothing to publish, RecordedError.
    """
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    if not meetup.minutes_intro and not meetup.minutes.exists():
        raise InvalidError("There is nothing to publish yet.")
    if meetup.minutes_published_at is None:
        _set_published(meetup, clock.now(), "published", by)
    return meetup


@transaction.atomic
def withdraw_minutes(*, meetup: Meetup, by: User) -> Meetup:
    """Show the minutes to organizers alone again. Raises RecordedError."""
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    if meetup.minutes_published_at is not None:
        _set_published(meetup, None, "withdrew", by)
    return meetup


def forget_speaker(*, user: User) -> None:
    """Take `user`'s name from the items that were made from their notes; the words stay."""
    notes = list(Note.objects.filter(author=user).values_list("pk", flat=True))
    made = MinutesItem.objects.filter(**{f"facts__{NOTE}__in": notes})
    made.filter(speaker=user.display_name).update(speaker="")


def _set_published(meetup: Meetup, at: Any, verb: str, by: User) -> None:
    meetup.minutes_published_at = at
    meetup.save(update_fields=["minutes_published_at"])
    record(verb, f"minutes of {meetup.slug}", by=by, chapter=meetup.chapter)


def _replace_items(meetup: Meetup, items: Sequence[dict[str, Any]]) -> None:
    # Out of the way first: the database compares numbers row by row.
    meetup.minutes.update(number=F("number") + _APART)
    wanted = [item | {"number": number} for number, item in enumerate(items, start=1)]
    replace_parts(meetup=meetup, rows=meetup.minutes.all(), wanted=wanted)
