"""Places of a meetup: one lock, and one way by which the waitlist moves up.

The lock is the meetup's row: while it is held nobody else changes that meetup's RSVPs. The row's
own counters are kept by the database from the RSVP rows, so what the lock reads is what there is
(READ COMMITTED), and the check constraints refuse more than the capacity whatever path was taken.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from community.core import clock
from community.services.mail import queue_mail
from meetups.exceptions import CapacityBelowGoingError
from meetups.letters.meetup import about_rsvp, template_of, thread_of
from meetups.models import Meetup, Rsvp, Site
from meetups.waitlist import Party, Room, move_up

Status, Mode = Rsvp.Status, Rsvp.Mode
HELD = frozenset({Status.GOING.value, Status.OFFERED.value})
LEAST_OFFER = dt.timedelta(minutes=15)


def lock_meetup(meetup_id: int) -> Meetup:
    """The meetup with its row locked until the transaction ends."""
    return Meetup.objects.select_for_update(no_key=True).get(pk=meetup_id)


def capacity_of(meetup: Meetup, mode: str) -> int | None:
    """Places in `mode`; None is no limit."""
    return meetup.online_capacity if mode == Mode.ONLINE else meetup.capacity


def places_taken(meetup: Meetup, mode: str) -> int:
    """People with a place in `mode`, guests and offered places included."""
    if mode == Mode.ONLINE:
        return meetup.online_going + meetup.online_offered
    return meetup.going + meetup.offered


def party_of(rsvp: Rsvp) -> Party:
    """The RSVP as the waitlist sees it."""
    return Party(rsvp.pk, rsvp.mode, rsvp.site_id, rsvp.party_size)


def room_of(meetup: Meetup, parties: Iterable[Party]) -> Room:
    """Free places, read under the lock; of the sites only those that `parties` name."""
    sites = {party.site for party in parties if party.site is not None}
    free = {
        mode: capacity - places_taken(meetup, mode)
        for mode in Mode.values
        if (capacity := capacity_of(meetup, mode)) is not None
    }
    limited = Site.objects.filter(pk__in=sites, capacity__isnull=False) if sites else []
    return Room(free, {site.pk: (site.capacity or 0) - site.going for site in limited})


class Waiting(NamedTuple):
    """A party on the waitlist, and since when."""

    since: dt.datetime
    party: Party


def waitlist_of(meetup: Meetup, *, but: int | None = None) -> list[Waiting]:
    """The waitlist in its order, under the lock; without the RSVP `but`."""
    rows = (
        Rsvp.objects.filter(meetup=meetup, status=Status.WAITLISTED)
        .order_by("waitlisted_at", "id")
        .values_list("waitlisted_at", "pk", "mode", "site", "guests")
    )
    return [
        Waiting(since, Party(pk, mode, site, guests + 1))
        for since, pk, mode, site, guests in rows
        if pk != but and since is not None
    ]


def moves_up(meetup: Meetup) -> bool:
    """Whether free places still go to the waitlist: until it is over, closed for answers or not."""
    return meetup.takes_place and not meetup.is_over


def _offer_deadline(meetup: Meetup) -> dt.datetime | None:
    """Until when a place that comes free now is offered; None while it is simply given."""
    now = clock.now()
    start = meetup.starts_at
    if start is None or start - now > dt.timedelta(hours=settings.RSVP_OFFER_HOURS):
        return None
    last = now + dt.timedelta(minutes=settings.RSVP_OFFER_MINUTES)
    return min(last, max(start, now + LEAST_OFFER))


def give_places(meetup: Meetup, parties: list[Party]) -> list[Rsvp]:
    """Move these up in their order, under the lock, and tell each of them once.

    Close to the start a place is only offered: nobody can be assumed to be still free.
    """
    if not parties:
        return []
    deadline = _offer_deadline(meetup)
    found = Rsvp.objects.select_related("user").in_bulk([party.key for party in parties])
    rsvps = [found[party.key] for party in parties]
    for rsvp in rsvps:
        rsvp.status = Status.OFFERED if deadline else Status.GOING
        rsvp.waitlisted_at, rsvp.offer_expires_at = None, deadline
        rsvp.revision += 1
        rsvp.save()
        confirm_rsvp(meetup, rsvp, was=Status.WAITLISTED)
    return rsvps


def lapse_offers(meetup: Meetup) -> Meetup:
    """End the offers whose deadline has passed; the meetup as it is then, still locked."""
    if not meetup.offered + meetup.online_offered:
        return meetup
    lapsed = Rsvp.objects.filter(
        meetup=meetup, status=Status.OFFERED, offer_expires_at__lte=clock.now()
    ).select_related("user")
    for rsvp in lapsed:
        rsvp.status, rsvp.offer_expires_at = Status.NOT_GOING, None
        rsvp.revision += 1
        rsvp.save()
        confirm_rsvp(meetup, rsvp, was=Status.OFFERED, has_lapsed=True)
    return lock_meetup(meetup.pk) if lapsed else meetup


def fill_vacancies(meetup_id: int) -> list[Rsvp]:
    """Give free places to the waitlist in strict order; returns those moved up.

    Every path that may free a place comes by here: a raised capacity, an organizer's edit, an
    offer that lapsed. (An answer does the same with its own party among those waiting.)
    """
    with transaction.atomic():
        meetup = lapse_offers(lock_meetup(meetup_id))
        if not moves_up(meetup):
            return []
        waiting = [entry.party for entry in waitlist_of(meetup)]
        return give_places(meetup, move_up(waiting, room_of(meetup, waiting)))


def lapse_due_offers() -> int:
    """End every offer past its deadline and fill what became free; how many meetups had one."""
    due = Rsvp.objects.filter(
        status=Status.OFFERED,
        offer_expires_at__lte=clock.now(),
        meetup__is_cancelled=False,  # there is nothing to give on any more
        meetup__is_postponed=False,
    )
    meetups = list(due.order_by("meetup").values_list("meetup", flat=True).distinct())
    for meetup_id in meetups:
        fill_vacancies(meetup_id)
    return len(meetups)


def set_capacity(meetup: Meetup, *, capacity: int | None, online_capacity: int | None) -> None:
    """Check new capacities against the places taken, under the lock the caller holds.

    Raises CapacityBelowGoingError: nobody who has a place is thrown out by a number.
    """
    for mode, wanted in ((Mode.IN_PERSON, capacity), (Mode.ONLINE, online_capacity)):
        taken = places_taken(meetup, mode)
        if wanted is not None and wanted < taken:
            raise CapacityBelowGoingError(
                f"{taken} people have a place; the capacity cannot be {wanted}.", going=taken
            )
    meetup.capacity, meetup.online_capacity = capacity, online_capacity


def confirm_rsvp(meetup: Meetup, rsvp: Rsvp, *, was: str, has_lapsed: bool = False) -> None:
    """One mail for each revision of an answer."""
    queue_mail(
        key=f"rsvp:{rsvp.pk}:{rsvp.revision}",
        to=rsvp.user,
        template=template_of(rsvp.status),
        about=about_rsvp(rsvp, was=was, has_lapsed=has_lapsed),
        thread=thread_of(meetup),
        chapter=meetup.chapter_id,
    )
