"""Answers to a meetup. Every path that gives or frees a place runs under one lock.

The lock is the meetup's row: while it is held nobody else changes that meetup's RSVPs, so the
count read after it is the count written by it (READ COMMITTED). The database keeps `going` from
the rows and refuses more than the capacity, whatever path was taken.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import F, Sum

from community.core import clock
from community.models import User
from community.services.mail import queue_mail
from meetups.exceptions import (
    CapacityBelowGoingError,
    CodeOfConductError,
    NotEnoughPlacesError,
    PartyTooLargeError,
    RsvpClosedError,
)
from meetups.letters import TEMPLATES, about_rsvp
from meetups.models import Meetup, Rsvp, Site
from meetups.services.diets import dietary_note, set_dietary_note

Status, Mode = Rsvp.Status, Rsvp.Mode


@dataclass(frozen=True)
class Answer:
    """What a person asks for. `status` is going or not_going; `guests` come on top."""

    status: str = Status.GOING
    guests: int = 0
    mode: str = Mode.IN_PERSON
    site: Site | None = None
    diet: str = ""
    accepts_code_of_conduct: bool = False

    @property
    def party_size(self) -> int:
        """People: the person and the guests."""
        return 1 + self.guests


def lock_meetup(meetup_id: int) -> Meetup:
    """The meetup with its row locked until the transaction ends."""
    return Meetup.objects.select_for_update(no_key=True).get(pk=meetup_id)


def capacity_of(meetup: Meetup, mode: str) -> int | None:
    """Places in `mode`; None is no limit."""
    return meetup.online_capacity if mode == Mode.ONLINE else meetup.capacity


def places_taken(meetup: Meetup, mode: str) -> int:
    """People with a place in `mode`, guests included, counted from the rows."""
    going = Rsvp.objects.filter(meetup=meetup, mode=mode, status=Status.GOING)
    return int(going.aggregate(people=Sum(F("guests") + 1))["people"] or 0)


def answer_rsvp(*, meetup: Meetup, answer: Answer, by: User) -> Rsvp:
    """Store `by`'s answer to `meetup`: going where the party fits, else on the waitlist.

    Nobody passes a waiting party, and parties are never split. Who has a place keeps it: a change
    that needs more places than are free is refused. Freed places go to the waitlist at once.

    Raises RsvpClosedError, PartyTooLargeError, CodeOfConductError, NotEnoughPlacesError.
    """
    with _turnstile(), transaction.atomic():
        meetup = lock_meetup(meetup.pk)
        before = Rsvp.objects.filter(meetup=meetup, user=by).first()
        if answer.status == Status.GOING:
            _check(meetup, answer, by)
        else:
            answer = _withdrawal(meetup, before)
        rsvp = before or Rsvp(meetup=meetup, user=by, status=Status.NOT_GOING)
        if before is None or not _is_same(before, answer):
            _apply(meetup, rsvp, answer)
            _promote(meetup)
            rsvp.refresh_from_db()
            if before is not None or rsvp.status != Status.NOT_GOING:
                _confirm(rsvp, by)
    return rsvp


# So many writers of one process stand at the meetups' rows; the others wait without holding a
# database connection, which everybody else needs.
_places_at_the_rows = threading.BoundedSemaphore(4)


@contextmanager
def _turnstile() -> Iterator[None]:
    if connection.in_atomic_block:  # inside a caller's transaction there is nothing to give back
        yield
        return
    if not _places_at_the_rows.acquire(blocking=False):
        connection.close()
        _places_at_the_rows.acquire()
    try:
        yield
    finally:
        _places_at_the_rows.release()


def _withdrawal(meetup: Meetup, before: Rsvp | None) -> Answer:
    """“Not going”, which keeps nothing of a party; a meeting that is over takes no answers."""
    if meetup.is_over:
        raise RsvpClosedError(f"“{meetup.title}” is over. Nothing was changed.")
    mode = before.mode if before else Mode.IN_PERSON
    return Answer(status=Status.NOT_GOING, mode=mode)


def _is_same(rsvp: Rsvp, answer: Answer) -> bool:
    wants = (answer.guests, answer.mode, answer.site.pk if answer.site else None, answer.diet)
    has = (rsvp.guests, rsvp.mode, rsvp.site_id, dietary_note(rsvp))
    if answer.status == Status.NOT_GOING:
        return rsvp.status == Status.NOT_GOING
    return rsvp.status in {Status.GOING, Status.WAITLISTED} and wants == has


def _check(meetup: Meetup, answer: Answer, by: User) -> None:
    if not meetup.takes_rsvps:
        raise RsvpClosedError(f"RSVP for “{meetup.title}” is closed. Nothing was changed.")
    if answer.mode == Mode.ONLINE and not meetup.has_online:
        raise PartyTooLargeError("This meetup cannot be joined online.", code="no_online")
    if answer.site is not None and answer.site.meetup_id != meetup.pk:
        raise PartyTooLargeError("That site belongs to another event.", code="unknown_site")
    capacity = capacity_of(meetup, answer.mode)
    if capacity is not None and answer.party_size > capacity:
        raise PartyTooLargeError(
            f"A party of {answer.party_size} is larger than the {capacity} places there are."
        )
    if by.code_of_conduct_at is None:
        if not answer.accepts_code_of_conduct:
            raise CodeOfConductError("Please accept the code of conduct with your first RSVP.")
        by.code_of_conduct_at = clock.now()
        by.save(update_fields=["code_of_conduct_at"])


def _apply(meetup: Meetup, rsvp: Rsvp, answer: Answer) -> None:
    since = None
    status = answer.status
    if status == Status.GOING and not _fits(meetup, rsvp, answer):
        if rsvp.status == Status.GOING:
            raise NotEnoughPlacesError(
                "There are not enough free places for that change. You keep the place you have."
            )
        keeps_turn = rsvp.mode == answer.mode and answer.guests <= rsvp.guests
        since = (rsvp.waitlisted_at if keeps_turn else None) or clock.now()
        status = Status.WAITLISTED
    rsvp.status, rsvp.waitlisted_at, rsvp.offer_expires_at = status, since, None
    rsvp.guests, rsvp.mode, rsvp.site = answer.guests, answer.mode, answer.site
    rsvp.revision += rsvp.pk is not None  # the calendar entry's first is 0
    rsvp.save()
    set_dietary_note(rsvp=rsvp, text=answer.diet)


def _fits(meetup: Meetup, rsvp: Rsvp, answer: Answer) -> bool:
    """Whether the party may go now.

    It may when it asks for no more than it has, or when nobody waits and the rest is free.
    """
    capacity = capacity_of(meetup, answer.mode)
    holds_place = rsvp.status == Status.GOING and rsvp.mode == answer.mode
    more = answer.party_size - (rsvp.party_size if holds_place else 0)
    if capacity is None or more <= 0:
        return True
    waiting = Rsvp.objects.filter(meetup=meetup, mode=answer.mode, status=Status.WAITLISTED)
    if waiting.exists():
        return False
    return places_taken(meetup, answer.mode) + more <= capacity


def _promote(meetup: Meetup) -> list[Rsvp]:
    """Move waiting parties up while the head of each waitlist fits, and tell them.

    A party is never split.
    """
    promoted = []
    for mode in Mode.values:
        capacity = capacity_of(meetup, mode)
        free = None if capacity is None else capacity - places_taken(meetup, mode)
        waiting = Rsvp.objects.filter(meetup=meetup, mode=mode, status=Status.WAITLISTED)
        for rsvp in waiting.select_related("user").order_by("waitlisted_at", "id"):
            if free is not None and rsvp.party_size > free:
                break
            free = None if free is None else free - rsvp.party_size
            rsvp.status, rsvp.waitlisted_at = Status.GOING, None
            rsvp.revision += 1
            rsvp.save(update_fields=["status", "waitlisted_at", "revision", "changed_at"])
            _confirm(rsvp, rsvp.user)
            promoted.append(rsvp)
    return promoted


def fill_vacancies(meetup_id: int) -> list[Rsvp]:
    """Give free places to the waitlist in strict order; returns those moved up."""
    with transaction.atomic():
        meetup = lock_meetup(meetup_id)
        return _promote(meetup) if meetup.takes_rsvps else []


def set_capacity(meetup: Meetup, *, capacity: int | None, online_capacity: int | None) -> None:
    """Check new capacities against those going, under the lock the caller holds.

    Raises CapacityBelowGoingError: nobody who has a place is thrown out by a number.
    """
    for mode, wanted in ((Mode.IN_PERSON, capacity), (Mode.ONLINE, online_capacity)):
        taken = places_taken(meetup, mode)
        if wanted is not None and wanted < taken:
            raise CapacityBelowGoingError(
                f"{taken} people are going; the capacity cannot be {wanted}.", going=taken
            )
    meetup.capacity, meetup.online_capacity = capacity, online_capacity


def _confirm(rsvp: Rsvp, to: User) -> None:
    """One mail for each revision of an answer."""
    queue_mail(
        key=f"rsvp:{rsvp.pk}:{rsvp.revision}",
        to=to,
        template=TEMPLATES[Status(rsvp.status)],
        about=about_rsvp(rsvp),
    )
