"""What an organizer can take along: the people of a meetup, who came, and all of it."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from meetups.models import CheckIn, Meetup, Rsvp
from meetups.selectors.door import check_ins_of
from meetups.selectors.people import mails_of, people_of

PEOPLE_COLUMNS = (
    "email", "name", "guests", "status", "mode", "site", "waitlist_position", "answered_at",
    "checked_in", "checked_in_at", "people_in", "code",
)  # fmt: skip
CHECK_IN_COLUMNS = ("came_at", "name", "people", "email", "rsvp_status", "walk_in", "code")
# What a spreadsheet would take for the beginning of a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> str:
    """`value` as a CSV cell that no spreadsheet runs: an apostrophe before what looks like one."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_text(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV with a headline."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(columns)
    writer.writerow(names)
    writer.writerows([safe_cell(row[name]) for name in names] for row in rows)
    return out.getvalue()


def person_row(rsvp: Any) -> dict[str, Any]:
    """One answer of `people_of` in plain values."""
    check_in: CheckIn | None = getattr(rsvp, "check_in", None)
    return {
        "email": rsvp.user.email,
        "name": rsvp.user.name,
        "guests": rsvp.guests,
        "status": rsvp.status,
        "mode": rsvp.mode,
        "site": rsvp.site.name if rsvp.site else "",
        "waitlist_position": rsvp.turn if rsvp.status == Rsvp.Status.WAITLISTED else None,
        "answered_at": rsvp.created_at.isoformat(),
        "checked_in": check_in is not None,
        "checked_in_at": check_in.came_at.isoformat() if check_in else None,
        "people_in": check_in.people if check_in else None,
        "code": rsvp.code,
    }


def check_in_row(check_in: CheckIn) -> dict[str, Any]:
    """One check-in in plain values."""
    rsvp = check_in.rsvp
    return {
        "came_at": check_in.came_at.isoformat(),
        "name": rsvp.user.name if rsvp else check_in.name,
        "people": check_in.people,
        "email": rsvp.user.email if rsvp else None,
        "rsvp_status": rsvp.status if rsvp else None,
        "walk_in": rsvp is None,
        "code": rsvp.code if rsvp else None,
    }


def people_rows(meetup: Meetup) -> list[dict[str, Any]]:
    """Every answer to `meetup`."""
    return [person_row(rsvp) for rsvp in people_of(meetup)]


def check_in_rows(meetup: Meetup) -> list[dict[str, Any]]:
    """Everybody who came to `meetup`."""
    return [check_in_row(check_in) for check_in in check_ins_of(meetup)]


def _plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of a table as they are, without what only means something inside this database."""
    return [
        {name: value for name, value in row.items() if name != "id" and not name.endswith("_id")}
        for row in rows
    ]


_MEETUP_FIELDS = (
    "slug", "title", "kind", "summary", "starts_at", "ends_at", "timezone", "capacity",
    "online_capacity", "going", "online_going", "has_online", "join_instructions",
    "rsvp_closes_at", "is_published", "is_cancelled", "headcount", "headcount_as_printed",
    "is_headcount_minimum", "is_headcount_uncertain", "reported_rsvps", "minutes_intro",
    "minutes_published_at",
)  # fmt: skip


def meetup_export(meetup: Meetup) -> dict[str, Any]:
    """All an organizer owns of `meetup`. Dietary notes, which nobody reads by name, stay out."""
    return {
        "meetup": {
            **{name: getattr(meetup, name) for name in _MEETUP_FIELDS},
            "uid": str(meetup.uid),
            "chapter": meetup.chapter.slug,
            "venue": meetup.venue.name if meetup.venue else None,
        },
        "sites": _plain(meetup.sites.values("name", "host", "address", "timezone", "note",
            "is_online", "capacity", "going", "state")),
        "sponsorships": _plain(meetup.sponsorships.values(
            "organization__name", "kind", "provides", "thanks")),
        "sessions": _plain(meetup.sessions.values()),
        "topics": _plain(meetup.topics.values()),
        "minutes": _plain(meetup.minutes.values()),
        "recordings": _plain(meetup.recordings.values()),
        "notes": _plain(meetup.notes.values()),
        "people": people_rows(meetup),
        "check_ins": check_in_rows(meetup),
        "mails": _plain(mails_of(meetup).values("to", "purpose", "subject", "state", "sent_at")),
    }  # fmt: skip
