"""What hangs on a gathering: sponsors, topics, minutes, sites, sessions."""

from typing import Any

from meetups.models import Meetup
from meetups.services.season.context import Target
from meetups.services.season.sync import Changes

KEYS: dict[str, tuple[str, ...]] = {
    "sponsorships": ("position",),
    "topics": ("stage", "position"),
    "minutes": ("number",),
    "sites": ("name",),
    "sessions": ("position",),
}
MINUTES_MAPPED = {"n", "text", "speaker"}
ONLINE = "Online"


def write_parts(changes: Changes, meetup: Meetup, wanted: dict[str, list[dict[str, Any]]]) -> None:
    """Make the meetup's own rows just what is wanted."""
    for name, key in KEYS.items():
        changes.put_all(getattr(meetup, name), wanted.get(name, []), key=key)


def of_meetup(meetup: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Sponsors (by printed name yet), topics by stage, and minutes of a meetup."""
    return {
        "sponsorships": [
            {
                "printed_name": sponsor["name"],
                "provides": sponsor.get("for") or "",
                "position": position,
            }
            for position, sponsor in enumerate(meetup.get("sponsors") or [], start=1)
        ],
        "topics": [
            {"stage": stage, "text": text, "position": position}
            for stage, texts in (meetup.get("topics") or {}).items()
            for position, text in enumerate(texts or [], start=1)
        ],
        "minutes": [
            {
                "number": item["n"],
                "text": item["text"],
                "speaker": item.get("speaker") or "",
                "facts": {key: item[key] for key in item if key not in MINUTES_MAPPED},
            }
            for item in meetup.get("minutes") or []
        ],
    }


def sites_of(event: dict[str, Any], target: Target) -> list[dict[str, Any]]:
    """The cities of an event, and the net where it was one of its sites."""
    names = event.get("sites")
    if not isinstance(names, list) or not names:
        return []
    zones = {chapter.city: chapter.timezone for chapter in (target.home, target.sister) if chapter}
    cities = [
        {
            "name": name,
            "timezone": zones.get(name, ""),
            "is_online": False,
            "note": (event.get("site_note") or "") if len(names) == 1 else "",
        }
        for name in dict.fromkeys(names)
    ]
    if event.get("also_online") and ONLINE not in names:
        cities.append({"name": ONLINE, "timezone": "", "is_online": True, "note": ""})
    return [{**site, "position": position} for position, site in enumerate(cities, start=1)]


def sessions_of(summit: dict[str, Any]) -> list[dict[str, Any]]:
    """The summit's schedule, times as printed."""
    return [
        {
            "kind": item["kind"],
            "title": item["what"],
            "speakers": item.get("speakers") or [],
            "hosts": item.get("hosts") or [],
            "printed_time": item.get("when") or "",
            "place": item.get("venue") or "",
            "needs_rsvp": bool(item.get("rsvp")),
            "position": position,
        }
        for position, item in enumerate(summit.get("schedule") or [], start=1)
    ]
