"""Meetups, community events and the summit as rows of meetups."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils.text import slugify

from meetups.models import Meetup, Venue
from meetups.services.season import parts
from meetups.services.season.context import UNKNOWN_ZONE, Loading, Target
from meetups.services.season.dates import (
    KnownDate,
    date_of_event,
    date_of_meetup,
    date_of_summit,
)
from meetups.services.season.references import SUMMIT, SUMMIT_WEEK, meetup_name

SLUG = 80
KINDS = {**{kind: kind for kind in Meetup.Kind.values}, "deploy_day_series": "deploy_day"}
MEETUP_FACTS = (
    "status",
    "note",
    "rsvp_reason",
    "attendees_note",
    "announced_topics_note",
    "visitors_from",
)
EVENT_MAPPED = {"name", "month", "day", "months", "times", "kind"}
SUMMIT_MAPPED = {"name", "schedule"}


@dataclass(frozen=True)
class Gathering:
    """One thing that was held: the meetup's own fields, and the rows that hang on it."""

    key: str
    slug: str
    values: dict[str, Any]
    parts: dict[str, list[dict[str, Any]]]


def read_gatherings(loading: Loading, target: Target) -> list[Gathering]:
    """Everything held in the season, in the files' order."""
    return [
        *_meetups(loading, target),
        *_events(loading, target),
        *_summit(loading, target),
    ]


def free_slug(wanted: str, meetup: Meetup | None, target: Target) -> str:
    """The slug, or one with the chapter before it or a number behind it where that is taken."""
    if meetup is not None:
        return meetup.slug
    base = slugify(wanted) or "meetup"
    with_chapter = f"{target.home.slug}-{base}"
    numbered = (f"{with_chapter[: SLUG - 5]}-{number}" for number in count(2))
    for slug in [base[:SLUG], with_chapter[:SLUG]]:
        if not Meetup.objects.filter(slug=slug).exists():
            return slug
    return next(slug for slug in numbered if not Meetup.objects.filter(slug=slug).exists())


def _meetups(loading: Loading, target: Target) -> Iterator[Gathering]:
    stated = loading.inferred.get("precision") or {}
    for index, meetup in enumerate(loading.content.get("meetups") or []):
        name = meetup_name(meetup)
        iso = loading.iso_date(name)
        zone = (iso.zone if iso else "") or target.home.timezone
        date = date_of_meetup(
            meetup,
            year=loading.year,
            zone=zone,
            stated=stated.get(meetup["key"]),
            place=loading.place("meetups", index),
        )
        facts = _facts(meetup, MEETUP_FACTS) | _inferred_date(loading, name)
        headcount = meetup.get("headcount") or {}
        if "kind" in headcount:
            facts["headcount_kind"] = headcount["kind"]
        values = {
            **_common(loading, date, zone),
            **_reported(meetup),
            "title": meetup.get("title") or name[:1].upper() + name[1:],
            "kind": Meetup.Kind.MEETUP,
            "venue": _venue(loading, target, meetup.get("venue")),
        }
        values["facts"] = facts | values["facts"]
        yield Gathering(meetup["key"], f"{meetup['key']}-meetup", values, parts.of_meetup(meetup))


def _reported(meetup: dict[str, Any]) -> dict[str, Any]:
    headcount = meetup.get("headcount") or {}
    rsvps = meetup.get("rsvp_count") or {}
    least, value = headcount.get("at_least"), headcount.get("value")
    return {
        "headcount": least if value is None else value,
        "headcount_as_printed": headcount.get("as_printed") or "",
        "is_headcount_minimum": value is None and least is not None,
        "is_headcount_uncertain": bool(headcount.get("uncertain")),
        "reported_rsvps": rsvps.get("value"),
        "reported_rsvps_as_of": rsvps.get("as_of") or "",
    }


def _events(loading: Loading, target: Target) -> Iterator[Gathering]:
    for index, event in enumerate(loading.content.get("community_events") or []):
        date = date_of_event(
            event, year=loading.year, place=loading.place("community_events", index)
        )
        sites = parts.sites_of(event, target)
        facts = {key: event[key] for key in event if key not in EVENT_MAPPED}
        if sites:
            del facts["sites"]
        kind = KINDS.get(event["kind"], Meetup.Kind.OTHER)
        if kind != event["kind"]:
            facts["kind"] = event["kind"]
        values = _common(loading, date, target.home.timezone)
        values |= {
            "title": event["name"],
            "kind": kind,
            "has_online": bool(event.get("also_online")) or kind == Meetup.Kind.WEBCAST,
            "facts": facts | _inferred_date(loading, event["name"]) | values["facts"],
        }
        yield Gathering(event["name"], event["name"], values, {"sites": sites})


def _summit(loading: Loading, target: Target) -> Iterator[Gathering]:
    summit = loading.content.get("summit")
    if not summit:
        return
    names = [name for name in loading.inferred.get("iso_dates") or {} if name.endswith(SUMMIT_WEEK)]
    date = date_of_summit(loading.iso_date(names[0]) if names else None)
    values = _common(loading, date, target.home.timezone)
    facts = {key: summit[key] for key in summit if key not in SUMMIT_MAPPED}
    # The home group's zone says nothing about a summit elsewhere.
    facts["time_zone"] = None
    values |= {"title": summit["name"], "kind": Meetup.Kind.SUMMIT, "facts": facts}
    yield Gathering(SUMMIT, summit["name"], values, {"sessions": parts.sessions_of(summit)})


def _common(loading: Loading, date: KnownDate, zone: str) -> dict[str, Any]:
    is_zone_unknown = loading.home_zone is None and zone == UNKNOWN_ZONE
    return {
        "starts_at": date.starts_at,
        "timezone": zone,
        "day": date.day,
        "date_precision": date.precision,
        "printed_date": date.label,
        "is_date_inferred": date.is_inferred,
        "is_published": True,
        "facts": {"time_zone": None} if is_zone_unknown else {},
    }


def _facts(entry: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: entry[name] for name in names if name in entry}


def _inferred_date(loading: Loading, name: str) -> dict[str, Any]:
    """An inferred date that is put in words: it says more than the printed one."""
    text = (loading.inferred.get("iso_dates") or {}).get(name)
    return {"inferred_date": text} if text and loading.iso_date(name) is None else {}


def _venue(loading: Loading, target: Target, name: str | None) -> Venue | None:
    if not name:
        return None
    return loading.changes.put(Venue.objects, {"chapter": target.home, "name": name}, {})
