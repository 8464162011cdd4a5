"""Organizers' work on a meetup."""

import zoneinfo
from typing import Any

from django.db import IntegrityError, transaction

from community.core.errors import ForbiddenError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from meetups.models import Meetup
from meetups.services.rsvps import fill_vacancies, lock_meetup, set_capacity

# A change of one of these is a new version of the calendar entry.
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
CALENDAR_FIELDS = frozenset({"title", "starts_at", "ends_at", "timezone", "venue", "is_cancelled"})


def chapter_for(user: User, wanted: Chapter | None = None) -> Chapter:
    """The chapter a new thing of `user` belongs to: `wanted`, else the first they organize."""
    own = Chapter.objects.all()
    if not user.is_superuser:
        own = own.filter(pk__in=user.organized_chapter_ids)
    chapter = own.filter(pk=wanted.pk).first() if wanted else own.order_by("id").first()
    if chapter is None:
        raise ForbiddenError("You do not organize that chapter.")
    return chapter


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


@transaction.atomic
def create_meetup(*, by: User, chapter: Chapter | None = None, **fields: Any) -> Meetup:
    """A new meetup of a chapter `by` organizes; a draft unless `is_published`."""
    meetup = Meetup(chapter=chapter_for(by, chapter), **fields)
    check_dates(meetup)
    _set_precision(meetup)
    _save(meetup)
    record("created", f"meetup {meetup.slug}", by=by, chapter=meetup.chapter)
    return meetup


@transaction.atomic
def change_meetup(*, meetup: Meetup, by: User, **changes: Any) -> Meetup:
    """Change fields of `meetup`; more capacity moves the waitlist up at once.

    Raises CapacityBelowGoingError, InvalidError.
    """
    meetup = lock_meetup(meetup.pk)
    set_capacity(
        meetup,
        capacity=changes.pop("capacity", meetup.capacity),
        online_capacity=changes.pop("online_capacity", meetup.online_capacity),
    )
    changed = {name for name, value in changes.items() if getattr(meetup, name) != value}
    for name, value in changes.items():
        setattr(meetup, name, value)
    check_dates(meetup)
    _set_precision(meetup)
    if changed & CALENDAR_FIELDS:
        meetup.sequence += 1
    _save(meetup)
    fill_vacancies(meetup.pk)
    record("changed", f"meetup {meetup.slug}", by=by, chapter=meetup.chapter, fields=list(changed))
    meetup.refresh_from_db()
    return meetup
