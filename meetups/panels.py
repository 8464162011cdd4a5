"""What the meetups app shows on pages of the ground floor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from community.core.panels import Panel
from community.models import Chapter, Season
from community.selectors.people import signed_in
from meetups.models import Meetup, Rsvp, SponsorOffer
from meetups.selectors.desk import is_somewhere_organizer
from meetups.selectors.door import with_attendance
from meetups.selectors.feeds import feed_token
from meetups.selectors.meetups import next_meetups, season_gatherings, upcoming_meetups
from meetups.selectors.rsvps import rsvp_of
from meetups.selectors.sites import proposed_sites


def next_meetup_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: the next meetup, one's answer to it, and the one after it."""
    meetups = next_meetups(request.user, 2)
    meetup = meetups[0] if meetups else None
    rsvp = rsvp_of(meetup, request.user) if meetup else None
    context = {
        "meetup": meetup,
        "rsvp": rsvp,
        "is_on": meetup is not None and meetup.has_begun,
        "following": meetups[1:],
    }
    return Panel("meetups/_next_meetup.html", context)


def waiting_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home, for organizers: what others asked and nobody has decided yet."""
    if not is_somewhere_organizer(request.user):
        return None
    offers = (
        SponsorOffer.objects.visible_to(request.user)
        .filter(state=SponsorOffer.State.PROPOSED)
        .count()
    )
    sites = proposed_sites(request.user)
    if not offers and not sites:
        return None
    return Panel("meetups/_waiting_for_you.html", {"offers": offers, "sites": sites})


def my_rsvps_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Me: the meetups one answered, the newest first."""
    rsvps = (
        with_attendance(Rsvp.objects.filter(user=request.user.pk))
        .select_related("meetup__chapter")
        .order_by("-meetup__starts_at")
    )
    return Panel("meetups/_my_rsvps.html", {"rsvps": rsvps})


def my_feed_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Me: the address of one's own calendar feed."""
    path = reverse("meetups:own_feed", args=[feed_token(signed_in(request))])
    return Panel("meetups/_my_feed.html", {"feed_url": f"{settings.SITE_URL}{path}"})


def season_meetings_panel(request: HttpRequest, season: Season) -> Panel | None:
    """Season: what was held in it, the summit and its schedule; one meeting counted once."""
    gatherings = season_gatherings(season, request.user)
    if not gatherings:
        return None
    kinds = Meetup.Kind
    meetings = [meetup for meetup in gatherings if meetup.kind == kinds.MEETUP]
    notes = season.records.filter(section="meetings_note")
    context = {
        "meetings": meetings,
        "meeting_count": sum(meetup.same_as is None for meetup in meetings),
        "repeated_count": sum(meetup.same_as is not None for meetup in meetings),
        "note": next((record.content for record in notes), None),
        "events": [
            meetup for meetup in gatherings if meetup.kind not in (kinds.MEETUP, kinds.SUMMIT)
        ],
        "summits": [meetup for meetup in gatherings if meetup.kind == kinds.SUMMIT],
        "session_kinds": season.records.filter(section="session_kinds_at_summit"),
    }
    return Panel("meetups/_season_meetings.html", context)


def chapter_meetups_panel(request: HttpRequest, chapter: Chapter) -> Panel | None:
    """Chapter: what comes up in it."""
    meetups = upcoming_meetups(request.user).filter(chapter=chapter)
    return Panel("meetups/_chapter_meetups.html", {"meetups": meetups, "chapter": chapter})
