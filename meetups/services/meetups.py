"""Organizers' work on a meetup."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db import IntegrityError, transaction

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from meetups.models import Meetup, Rsvp
from meetups.services.chapters import chapter_for
from meetups.services.diets import move_expiry
from meetups.services.news import announce_meetup, tell_the_answered
from meetups.services.parts import check_not_recorded
from meetups.services.places import fill_vacancies, lock_meetup, set_capacity
from meetups.services.sponsors import attach_confirmed_offers, lock_chapter
from meetups.validators import RESERVED_SLUGS

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
# A change of one of these is a new version of the calendar entry.
CALENDAR_FIELDS = frozenset(
    {
        "title", "starts_at", "ends_at", "timezone", "venue", "is_cancelled", "is_postponed",
        "join_instructions",
    }
)  # fmt: skip


def check_dates(meetup: Meetup) -> None:
    """Raise InvalidError where the meetup's dates or its zone cannot be."""
    if meetup.timezone not in zoneinfo.available_timezones():
        raise InvalidError("This time zone is not known.", errors={"timezone": ["not known"]})
    for name in ("starts_at", "ends_at", "rsvp_closes_at"):
        at = getattr(meetup, name)
        if at is not None and not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
            raise InvalidError(
                f"The year must be from {EARLIEST_YEAR} to {LATEST_YEAR}.",
                errors={name: ["not a year one can meet in"]},
            )
    if meetup.starts_at and meetup.ends_at and meetup.ends_at <= meetup.starts_at:
        raise InvalidError("The end must be after the start.", errors={"ends_at": ["too early"]})


def check_slug(meetup: Meetup) -> None:
    """Raise InvalidError for a slug that would stand where another page is."""
    if meetup.slug in RESERVED_SLUGS:
        raise InvalidError(
            "This address is the site's own. Choose another.", errors={"slug": ["taken"]}
        )


def _set_precision(meetup: Meetup) -> None:
    """A live meetup's date is known to the minute or not at all; the archive says its own."""
    if meetup.season_id is None:
        known = Meetup.Precision.MINUTE if meetup.starts_at else Meetup.Precision.NONE
        meetup.date_precision = known


def _save(meetup: Meetup) -> None:
    try:
        with transaction.atomic():
            meetup.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise InvalidError(
            f"There is a meetup at “{meetup.slug}” already.", errors={"slug": ["taken"]}
        ) from None


def _one_line(title: str) -> str:
    """A title as subjects, headlines and calendars can show it."""
    return " ".join(title.split())


def _published(meetup: Meetup, by: User) -> None:
    """Note the first publication, and announce what is still to come, once to each member."""
    if meetup.published_at is None:
        meetup.published_at = clock.now()
        meetup.save(update_fields=["published_at"])
        announce_meetup(meetup, by=by)


def lock_for_change(meetup: Meetup) -> Meetup:
    """The meetup locked for an organizer's change, which its neighbours' pages show too.

    The database counts on the neighbours' versions with it, so that two changes would wait for
    each other's rows: the chapter's row comes first, and they take turns. Answers do not wait.
    """
    lock_chapter(meetup.chapter_id)
    return lock_meetup(meetup.pk)


@transaction.atomic
def create_meetup(*, by: User, chapter: Chapter | None = None, **fields: Any) -> Meetup:
    """A new meetup of a chapter `by` organizes; a draft unless `is_published`.

    Raises ForbiddenError, InvalidError.
    """
    fields["title"] = _one_line(fields.get("title", ""))
    meetup = Meetup(chapter=chapter_for(by, chapter), **fields)
    check_dates(meetup)
    check_slug(meetup)
    _set_precision(meetup)
    _save(meetup)
    record("created", f"meetup {meetup.slug}", by=by, chapter=meetup.chapter)
    attach_confirmed_offers(meetup)
    if meetup.is_published:
        _published(meetup, by)
    return meetup


def _enter(meetup: Meetup, changes: dict[str, Any]) -> set[str]:
    """Put `changes` into `meetup`, unsaved; the names of what they changed."""
    set_capacity(
        meetup,
        capacity=changes.pop("capacity", meetup.capacity),
        online_capacity=changes.pop("online_capacity", meetup.online_capacity),
    )
    if "title" in changes:
        changes["title"] = _one_line(changes["title"])
    changed = {name for name, value in changes.items() if getattr(meetup, name) != value}
    if changed & CALENDAR_FIELDS:  # what an earlier change was about does not explain this one
        changes = {"change_note": ""} | changes
    if "starts_at" in changed and "is_postponed" not in changes:
        changes["is_postponed"] = False  # a new date ends the waiting for one
    for name, value in changes.items():
        setattr(meetup, name, value)
    check_dates(meetup)
    check_slug(meetup)
    _set_precision(meetup)
    return changed


def _follow_the_start(meetup: Meetup, was: dt.datetime | None) -> None:
    """What hangs on the date: the sessions' times, that month's sponsors, who confirmed it."""
    if was is not None and meetup.starts_at is not None:
        moved = meetup.starts_at - was
        for session in meetup.sessions.exclude(starts_at=None):
            session.starts_at = session.starts_at and session.starts_at + moved
            session.ends_at = session.ends_at and session.ends_at + moved
            session.save(update_fields=["starts_at", "ends_at"])
    Rsvp.objects.filter(meetup=meetup).update(reconfirmed_at=None)
    attach_confirmed_offers(meetup)


@transaction.atomic
def change_meetup(*, meetup: Meetup, by: User, **changes: Any) -> Meetup:
    """Change fields of `meetup`; more capacity moves the waitlist up at once.

    Who has answered to a published meetup is told once of a change of what stands in the calendar.
    Raises CapacityBelowGoingError, InvalidError, and RecordedError for a meeting of the archive.
    """
    meetup = lock_for_change(meetup)
    check_not_recorded(meetup)
    was_public, was_start = meetup.is_published, meetup.starts_at
    changed = _enter(meetup, changes)
    is_news = bool(changed & CALENDAR_FIELDS)
    meetup.sequence += is_news
    _save(meetup)
    move_expiry(meetup)
    if "starts_at" in changed:
        _follow_the_start(meetup, was_start)
    if is_news and was_public and meetup.is_published and not meetup.is_over:
        tell_the_answered(meetup, changed=changed)
    if meetup.is_published:
        _published(meetup, by)
    fill_vacancies(meetup.pk)
    fields = sorted(changed)
    record("changed", f"meetup {meetup.slug}", by=by, chapter=meetup.chapter, fields=fields)
    meetup.refresh_from_db()
    return meetup


def publish_meetup(*, meetup: Meetup, by: User) -> Meetup:
    """Show a draft to everyone and announce it to the chapter's members, each once."""
    return change_meetup(meetup=meetup, by=by, is_published=True)


def cancel_meetup(*, meetup: Meetup, by: User, note: str) -> Meetup:
    """Cancel `meetup`; who answered is told once, with `note`, and their entries are withdrawn."""
    return change_meetup(
        meetup=meetup, by=by, is_cancelled=True, is_postponed=False, change_note=note
    )


@transaction.atomic
def postpone_meetup(
    *,
    meetup: Meetup,
    by: User,
    note: str,
    starts_at: dt.datetime | None = None,
    ends_at: dt.datetime | None = None,
) -> Meetup:
    """Move `meetup` to a new date, or put it off until there is one; everybody keeps their place.

    Raises InvalidError, and ConflictError for one that is cancelled or over.
    """
    meetup = lock_for_change(meetup)
    if meetup.is_cancelled or meetup.is_over:
        raise ConflictError(f"“{meetup.title}” is over or cancelled; it cannot be moved.")
    if starts_at is None:
        return change_meetup(meetup=meetup, by=by, is_postponed=True, change_note=note)
    if ends_at is None and meetup.starts_at and meetup.ends_at:
        ends_at = starts_at + (meetup.ends_at - meetup.starts_at)
    return change_meetup(
        meetup=meetup,
        by=by,
        starts_at=starts_at,
        ends_at=ends_at,
        rsvp_closes_at=None,
        is_postponed=False,
        change_note=note,
    )
