"""Answers to a meetup; every one runs under the meetup's lock (`meetups.services.places`)."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction

from community.core import clock
from community.models import User
from meetups.exceptions import (
    CodeOfConductError,
    NoOfferError,
    NotEnoughPlacesError,
    PartyTooLargeError,
    RsvpClosedError,
)
from meetups.models import Meetup, Rsvp, Site
from meetups.services.diets import dietary_note, set_dietary_note
from meetups.services.places import (
    HELD,
    Mode,
    Status,
    Waiting,
    capacity_of,
    confirm_rsvp,
    give_places,
    lapse_offers,
    lock_meetup,
    moves_up,
    party_of,
    room_of,
    waitlist_of,
)
from meetups.waitlist import Party, Room, move_up


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


def answer_rsvp(*, meetup: Meetup, answer: Answer, by: User) -> Rsvp:
    """Store `by`'s answer to `meetup`: going where the party fits, else on the waitlist.

    Nobody passes a waiting party, and parties are never split. Who has a place keeps it: a change
    that needs more places than are free is refused. Freed places go to the waitlist at once.

    Raises RsvpClosedError, PartyTooLargeError, CodeOfConductError, NotEnoughPlacesError.
    """
    with _turnstile(), transaction.atomic():
        meetup = lapse_offers(lock_meetup(meetup.pk))
        before = Rsvp.objects.filter(meetup=meetup, user=by).first()
        if answer.status == Status.GOING:
            _check(meetup, answer, by)
        else:
            answer = _withdrawal(meetup, before)
        rsvp = before or Rsvp(meetup=meetup, status=Status.NOT_GOING)
        rsvp.user, rsvp.meetup = by, meetup
        if before is None or not _is_same(before, answer):
            was = rsvp.status
            _apply(meetup, rsvp, answer)
            if before is not None or rsvp.status != Status.NOT_GOING:
                confirm_rsvp(meetup, rsvp, was=was)
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
    if answer.status == Status.NOT_GOING:
        return rsvp.status == Status.NOT_GOING
    if rsvp.status not in {Status.GOING, Status.WAITLISTED}:
        return False
    return wants == (rsvp.guests, rsvp.mode, rsvp.site_id, dietary_note(rsvp))


def _check(meetup: Meetup, answer: Answer, by: User) -> None:
    if not meetup.takes_rsvps:
        raise RsvpClosedError(f"RSVP for “{meetup.title}” is closed. Nothing was changed.")
    if answer.mode == Mode.ONLINE and not meetup.has_online:
        raise PartyTooLargeError("This meetup cannot be joined online.", code="no_online")
    site = answer.site
    if site is not None and (site.meetup_id != meetup.pk or site.state != Site.State.APPROVED):
        raise PartyTooLargeError("That site belongs to another event.", code="unknown_site")
    if site is not None and site.is_online != (answer.mode == Mode.ONLINE):
        raise PartyTooLargeError(
            "That site and the way you come do not go together.", code="unknown_site"
        )
    for capacity in (capacity_of(meetup, answer.mode), site.capacity if site else None):
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
    """Give `rsvp` what was asked for, and to the waitlist what that leaves free."""
    wish = Party(None, answer.mode, answer.site.pk if answer.site else None, answer.party_size)
    waiting = waitlist_of(meetup, but=rsvp.pk)
    has = party_of(rsvp)
    room = room_of(meetup, [wish, has, *(entry.party for entry in waiting)])
    if rsvp.status in HELD:
        room.release(has)
    if answer.status != Status.GOING:
        status, since = Status.NOT_GOING, None
        moved = move_up([entry.party for entry in waiting], room)
    else:
        since, moved = _place(rsvp, wish, waiting, room)
        status = Status.WAITLISTED if since else Status.GOING
        if since is not None and rsvp.status in HELD:
            raise NotEnoughPlacesError(
                "There are not enough free places for that change. You keep the place you have."
            )
    rsvp.status, rsvp.waitlisted_at, rsvp.offer_expires_at = status, since, None
    rsvp.guests, rsvp.mode, rsvp.site = answer.guests, answer.mode, answer.site
    is_new = rsvp.pk is None
    rsvp.revision += not is_new  # the calendar entry's first is 0
    rsvp.save()
    if answer.diet or not is_new:
        set_dietary_note(rsvp=rsvp, text=answer.diet)
    if moves_up(meetup):
        give_places(meetup, [party for party in moved if party is not wish])


def _place(
    rsvp: Rsvp, wish: Party, waiting: list[Waiting], room: Room
) -> tuple[dt.datetime | None, list[Party]]:
    """Since when the party with this `wish` waits, None where it need not; and who moves up.

    A party that asks for no more than it holds keeps its place before anybody is looked at. Who
    already waits, for the same and no more, keeps their turn; all others come last.
    """
    has = party_of(rsvp)
    asks_no_more = (has.mode, has.site) == (wish.mode, wish.site) and wish.people <= has.people
    parties = [entry.party for entry in waiting]
    if rsvp.status in HELD and asks_no_more:
        room.take(wish)
        return None, move_up(parties, room)
    since = rsvp.waitlisted_at if rsvp.status == Status.WAITLISTED and asks_no_more else None
    if since is None:
        parties.append(wish)
    else:
        before = sum((entry.since, entry.party.key) < (since, rsvp.pk) for entry in waiting)
        parties.insert(before, wish)
    moved = move_up(parties, room)
    is_in = any(party is wish for party in moved)
    return (None if is_in else since or clock.now()), moved


def accept_offer(*, rsvp: Rsvp, by: User) -> Rsvp:
    """Take the place that is held for `rsvp`; raises NoOfferError when it is held no longer."""
    with _turnstile(), transaction.atomic():
        meetup = lock_meetup(rsvp.meetup_id)
        rsvp = Rsvp.objects.get(pk=rsvp.pk, user=by)
        if rsvp.status == Status.GOING:
            return rsvp
        expires = rsvp.offer_expires_at
        if rsvp.status != Status.OFFERED or expires is None or expires <= clock.now():
            raise NoOfferError("No place is held for you any more. You can answer anew.")
        rsvp.user = by
        rsvp.status, rsvp.offer_expires_at = Status.GOING, None
        rsvp.revision += 1
        rsvp.save()
        confirm_rsvp(meetup, rsvp, was=Status.OFFERED)
    return rsvp


def reconfirm_rsvp(*, rsvp: Rsvp, by: User) -> None:
    """Note that `by` is still coming; raises NoOfferError where they have no place any more."""
    changed = Rsvp.objects.filter(pk=rsvp.pk, user=by, status=Status.GOING).update(
        reconfirmed_at=clock.now()
    )
    if changed != 1:
        raise NoOfferError("You have no place to confirm. You can answer anew.", code="not_going")
