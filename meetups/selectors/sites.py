"""The places of an event held in several, by time zone."""

import datetime as dt
import zoneinfo
from dataclasses import dataclass
from typing import Any

from community.core import clock
from community.core.public_pages import kept
from community.models.chapter import own_chapters
from meetups.models import Meetup, Rsvp, Site

SITE_KINDS = frozenset(Meetup.Kind.values) - {Meetup.Kind.MEETUP}


@dataclass(frozen=True)
class SiteLine:
    """A site as it is shown: when it begins there, and how to get in for those who may know."""

    site: Site
    local_start: dt.datetime | None
    join_instructions: str | None


def zone_of(site: Site) -> str:
    """The site's time zone; its event's where it has none of its own."""
    return site.timezone or site.meetup.timezone


def may_have_sites(meetup: Meetup) -> bool:
    """Whether sites can be proposed: an event of such a kind that is not over."""
    return meetup.kind in SITE_KINDS and not meetup.is_over and not meetup.is_cancelled


def has_sites(meetup: Meetup) -> bool:
    """Whether there are sites to choose from; asked anew only when something of it has changed."""
    sites = meetup.sites.filter(state=Site.State.APPROVED)
    return kept(f"has-sites|{meetup.pk}|{meetup.content_version}", sites.exists)


def approved_sites(meetup: Meetup) -> list[Site]:
    """The sites everyone sees, in the organizers' order."""
    return list(meetup.sites.filter(state=Site.State.APPROVED).select_related("venue", "meetup"))


def site_lines(meetup: Meetup, user: Any) -> list[SiteLine]:
    """The sites of `meetup` that `user` may see, from the east to the west."""
    sites = meetup.sites.all().visible_to(user).select_related("venue", "meetup", "proposed_by")
    may_know_all = Meetup.objects.editable_by(user).filter(pk=meetup.pk).exists()
    own = sites_one_goes_to(meetup, user)
    lines = [
        SiteLine(
            site=site,
            local_start=_local_start(meetup, site),
            join_instructions=(site.join_instructions if may_know_all or site.pk in own else None),
        )
        for site in sites
    ]
    return sorted(lines, key=_from_east)


def _local_start(meetup: Meetup, site: Site) -> dt.datetime | None:
    if meetup.starts_at is None or meetup.season_id is not None:
        return None
    return meetup.starts_at.astimezone(zoneinfo.ZoneInfo(zone_of(site)))


def _from_east(line: SiteLine) -> tuple[float, str]:
    offset = line.local_start.utcoffset() if line.local_start else None
    return (-(offset or dt.timedelta()).total_seconds(), line.site.name)


def sites_one_goes_to(meetup: Meetup, user: Any) -> set[int]:
    """Ids of the sites where `user` has a place."""
    if not user.is_authenticated:
        return set()
    going = Rsvp.objects.filter(
        meetup=meetup, user=user.pk, status=Rsvp.Status.GOING, site__isnull=False
    )
    return set(going.values_list("site_id", flat=True))


def proposed_sites(user: Any) -> list[Site]:
    """The ten oldest proposals that wait for `user`, an organizer, at events not yet over."""
    proposals = Site.objects.filter(
        own_chapters(user, "meetup__chapter"),
        state=Site.State.PROPOSED,
        meetup__ends_at__gt=clock.now(),
    )
    return list(proposals.select_related("meetup").order_by("id")[:10])
