"""Counting people in at the door.

Two constraints make a double impossible, whatever runs at once: one check-in for each RSVP, and
one for each `client_id`, the number a device gives to what it counted. Who loses the race reads
what the winner wrote.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.audit import record
from meetups.exceptions import UnknownCodeError
from meetups.models import CheckIn, Meetup, Rsvp
from meetups.selectors.door import normal_code

MOST_PEOPLE = 50
CLIENT_ID_LENGTH = 64
# A device that was offline may report what it counted so long ago; an older time is a wrong clock.
OLDEST = dt.timedelta(days=2)


@dataclass(frozen=True)
class Device:
    """What the counting device says: its own number for the entry, and when the party came."""

    client_id: str
    came_at: dt.datetime | None = None


@dataclass(frozen=True)
class Counted:
    """A check-in, and whether this call made it."""

    check_in: CheckIn
    is_new: bool


def check_in_party(
    *, meetup: Meetup, code: str, device: Device, by: User, people: int | None = None
) -> Counted:
    """Count in the party with `code`; `people` where fewer or more came than it said.

    Whoever stands at the door came, with a place or without: any answer's code is good. A repeat
    of the client's number or of the code changes nothing. Raises UnknownCodeError, InvalidError,
    ConflictError.
    """
    _check(meetup, device, people)
    known = _known(meetup, Q(client_id=device.client_id))
    if known is not None:
        return Counted(known, is_new=False)
    rsvp = Rsvp.objects.select_related("user").filter(meetup=meetup, code=normal_code(code)).first()
    if rsvp is None:
        raise UnknownCodeError(f"No RSVP to “{meetup.title}” has the code {code.strip()[:20]}.")
    entry = CheckIn(rsvp=rsvp, people=people or rsvp.party_size)
    return _count(meetup, entry, device, by)


def check_in_walk_in(
    *, meetup: Meetup, device: Device, by: User, name: str = "", people: int = 1
) -> Counted:
    """Count in somebody without an RSVP. Raises InvalidError, ConflictError."""
    _check(meetup, device, people)
    entry = CheckIn(name=" ".join(name.split())[:120], people=people)
    return _count(meetup, entry, device, by)


def undo_check_in(*, check_in: CheckIn, by: User) -> None:
    """Take back a check-in made by mistake; the party is missing again."""
    with transaction.atomic():
        deleted, _ = CheckIn.objects.filter(pk=check_in.pk).delete()
        if deleted:
            meetup = check_in.meetup
            record(
                "check-in undone",
                f"meetup {meetup.slug}",
                by=by,
                chapter=meetup.chapter,
                people=check_in.people,
                is_walk_in=check_in.rsvp_id is None,
            )


def _check(meetup: Meetup, device: Device, people: int | None) -> None:
    if meetup.is_cancelled:
        raise ConflictError(f"“{meetup.title}” is cancelled; nobody is counted.", code="cancelled")
    if people is not None and not 1 <= people <= MOST_PEOPLE:
        raise InvalidError(
            f"A party has 1 to {MOST_PEOPLE} people.", errors={"people": ["out of range"]}
        )
    if not 1 <= len(device.client_id) <= CLIENT_ID_LENGTH:
        raise InvalidError(
            "A check-in needs the device's own number for it.", errors={"client_id": ["missing"]}
        )


def _count(meetup: Meetup, entry: CheckIn, device: Device, by: User) -> Counted:
    entry.meetup, entry.noted_by, entry.client_id = meetup, by, device.client_id
    entry.came_at = _believed(device.came_at)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        same = Q(client_id=device.client_id)
        if entry.rsvp_id is not None:
            same |= Q(rsvp=entry.rsvp_id)
        known = _known(meetup, same)
        if known is None:  # it was undone between the two statements
            raise ConflictError("Somebody else was just changing this entry. Try again.") from None
        return Counted(known, is_new=False)
    return Counted(entry, is_new=True)


def _known(meetup: Meetup, same: Q) -> CheckIn | None:
    return CheckIn.objects.select_related("rsvp__user").filter(same, meetup=meetup).first()


def _believed(came_at: dt.datetime | None) -> dt.datetime:
    """The device's time, or ours where its clock is plainly wrong."""
    now = clock.now()
    if came_at is None or not now - OLDEST <= came_at <= now:
        return now
    return came_at
