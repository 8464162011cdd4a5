from typing import Any

from django.db.models import Q

from community.core import clock
from meetups.models import Meetup, Rsvp


def rsvp_of(meetup: Meetup, user: Any) -> Rsvp | None:
    """The answer `user` gave to `meetup`, or None."""
    if not user.is_authenticated:
        return None
    return Rsvp.objects.filter(meetup=meetup, user=user.pk).first()


def waitlist_position(rsvp: Rsvp) -> int | None:
    """1 for the head of the waitlist; None where `rsvp` does not wait."""
    if rsvp.status != Rsvp.Status.WAITLISTED:
        return None
    ahead = Rsvp.objects.filter(
        Q(waitlisted_at__lt=rsvp.waitlisted_at)
        | Q(waitlisted_at=rsvp.waitlisted_at, id__lt=rsvp.pk),
        meetup=rsvp.meetup_id,
        mode=rsvp.mode,
        status=Rsvp.Status.WAITLISTED,
    )
    return ahead.count() + 1


def waiting_people(meetup: Meetup) -> int:
    """How many people, guests included, wait for a place in the room."""
    guests = Rsvp.objects.filter(meetup=meetup, status=Rsvp.Status.WAITLISTED).values_list(
        "guests", flat=True
    )
    return sum(1 + count for count in guests)


def has_hack_day_rsvp(user: Any) -> bool:
    """Whether `user` is going to a hack day with lab nodes that is not over."""
    return Rsvp.objects.filter(
        user=user.pk,
        status=Rsvp.Status.GOING,
        meetup__has_lab=True,
        meetup__ends_at__gt=clock.now(),
        meetup__is_cancelled=False,
    ).exists()


def hack_day_is_on() -> bool:
    """Whether a hack day with lab nodes is being held at this moment."""
    now = clock.now()
    return Meetup.objects.filter(
        has_lab=True, is_published=True, is_cancelled=False, starts_at__lte=now, ends_at__gt=now
    ).exists()


def people_to_tell(meetup: Meetup) -> int:
    """How many answers a change of `meetup` concerns: going, offered a place, or waiting."""
    concerned = [Rsvp.Status.GOING, Rsvp.Status.OFFERED, Rsvp.Status.WAITLISTED]
    return Rsvp.objects.filter(meetup=meetup, status__in=concerned).count()
