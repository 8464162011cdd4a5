"""Organizers' work on a meetup."""

from typing import Any

from django.db import transaction

from community.core.errors import ForbiddenError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from meetups.models import Meetup
from meetups.services.rsvps import fill_vacancies, lock_meetup, set_capacity

# A change of one of these is a new version of the calendar entry.
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
    """Raise InvalidError where the meetup's dates run backwards or its zone is unknown."""
    if meetup.starts_at and meetup.ends_at and meetup.ends_at <= meetup.starts_at:
        raise InvalidError("The end must be after the start.", errors={"ends_at": ["too early"]})


@transaction.atomic
def create_meetup(*, by: User, chapter: Chapter | None = None, **fields: Any) -> Meetup:
    """A new meetup of a chapter `by` organizes; a draft unless `is_published`."""
    meetup = Meetup(chapter=chapter_for(by, chapter), **fields)
    check_dates(meetup)
    meetup.save()
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
    if changed & CALENDAR_FIELDS:
        meetup.sequence += 1
    meetup.save()
    fill_vacancies(meetup.pk)
    record("changed", f"meetup {meetup.slug}", by=by, chapter=meetup.chapter, fields=list(changed))
    meetup.refresh_from_db()
    return meetup
