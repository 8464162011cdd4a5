"""What stands in calendar feeds, and whose feed an address is."""

import datetime as dt
from typing import NamedTuple

from django.core.signing import BadSignature, Signer

from community.core import clock
from community.core.errors import NotFoundError
from community.models import Chapter, User
from meetups.models import Meetup, Rsvp

KEPT = dt.timedelta(days=365)


class Entry(NamedTuple):
    """A meetup in a feed, and the answer it is there for."""

    meetup: Meetup
    rsvp: Rsvp | None = None


def chapter_feed(chapter: Chapter | None) -> list[Entry]:
    """Published meetups with a date, of the last year and to come; cancelled ones say so."""
    meetups = Meetup.objects.filter(
        is_published=True, starts_at__gt=clock.now() - KEPT, season=None
    ).select_related("venue")
    if chapter is not None:
        meetups = meetups.filter(chapter=chapter)
    return [Entry(meetup) for meetup in meetups.order_by("starts_at")]


def personal_feed(user: User) -> list[Entry]:
    """The meetups `user` has a place at, of the last year and to come."""
    rsvps = Rsvp.objects.filter(
        user=user,
        status=Rsvp.Status.GOING,
        meetup__is_published=True,
        meetup__starts_at__gt=clock.now() - KEPT,
    ).select_related("meetup__venue", "user", "site")
    return [Entry(rsvp.meetup, rsvp) for rsvp in rsvps.order_by("meetup__starts_at")]


def _signer() -> Signer:
    return Signer(salt="meetups.feed", sep=".")


def feed_token(user: User) -> str:
    """The secret part of the address of `user`'s own feed."""
    return _signer().sign(f"{user.uuid.hex}-{user.calendar_epoch}")


def owner_of_feed(token: str) -> User:
    """Whose feed this is; raises NotFoundError for an address that is dead or never was."""
    try:
        uuid, _, epoch = _signer().unsign(token).partition("-")
        return User.objects.get(uuid=uuid, calendar_epoch=int(epoch), is_active=True)
    except (BadSignature, User.DoesNotExist):
        raise NotFoundError("This calendar address is not valid any more.") from None
