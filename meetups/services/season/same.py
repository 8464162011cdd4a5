"""Records that are probably of one meeting: linked, so that it counts once."""

from typing import Any

from meetups.models import Meetup
from meetups.services.season.context import Loading
from meetups.services.season.dates import fineness


def link_same(loading: Loading, rows: dict[str, Meetup]) -> None:
    """Let the record whose date is less well known point at the other one."""
    links: dict[str, tuple[Meetup, str]] = {}
    for section in ("same_meeting", "same_event"):
        said: dict[str, Any] = loading.inferred.get(section) or {}
        for key, other in said.items():
            if key != "because":
                less, more = rows[key], rows[other]
                if fineness(less.date_precision) > fineness(more.date_precision):
                    less, more = more, less
                links[less.archive_key] = (more, said["because"])
    for key, meetup in rows.items():
        same_as, because = links.get(key, (None, ""))
        loading.changes.change(meetup, {"same_as": same_as, "same_because": because})
