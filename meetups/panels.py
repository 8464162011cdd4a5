"""What the meetups app shows on pages of the ground floor."""

from typing import Any

from django.http import HttpRequest

from community.core.panels import Panel
from meetups.models import Rsvp
from meetups.selectors.meetups import next_meetups
from meetups.selectors.rsvps import rsvp_of


def next_meetup_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: the next meetup, one's answer to it, and the one after it."""
    meetups = next_meetups(request.user, 2)
    meetup = meetups[0] if meetups else None
    rsvp = rsvp_of(meetup, request.user) if meetup else None
    context = {"meetup": meetup, "rsvp": rsvp, "following": meetups[1:]}
    return Panel("meetups/_next_meetup.html", context)


def my_rsvps_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Me: the meetups one answered, the newest first."""
    rsvps = (
        Rsvp.objects.filter(user=request.user.pk)
        .select_related("meetup__chapter")
        .order_by("-meetup__starts_at")
    )
    return Panel("meetups/_my_rsvps.html", {"rsvps": rsvps})
