"""What the meetups app's mails say."""

import datetime as dt
from typing import Any

from django.conf import settings

from community.services.mail import CalendarPart, Letter, UnwantedError
from community.services.mail_links import PLACEHOLDER
from meetups.ical import meetup_calendar
from meetups.models import Meetup, Rsvp
from meetups.qr import code_png, spaced

Status = Rsvp.Status
ANSWERS = {
    Status.GOING: "meetups/rsvp_going",
    Status.WAITLISTED: "meetups/rsvp_waitlisted",
    Status.OFFERED: "meetups/rsvp_offered",
    Status.NOT_GOING: "meetups/rsvp_not_going",
}
HAS_PLACE = frozenset({Status.GOING.value, Status.OFFERED.value})
CHANGED, CANCELLED, POSTPONED = "meetups/changed", "meetups/cancelled", "meetups/postponed"
REMINDER, STILL_COMING = "meetups/reminder", "meetups/still_coming"
ANNOUNCED, RSVP_LINK = "meetups/announced", "meetups/rsvp_link"

WORDS = {
    "title": "the title",
    "starts_at": "when it begins",
    "ends_at": "when it ends",
    "timezone": "the time zone",
    "venue": "the place",
    "join_instructions": "how to join online",
    "is_cancelled": "it takes place after all",
}


def _moment(meetup: Meetup, at: dt.datetime | None) -> str:
    """An instant in the meetup's zone, in words."""
    if at is None:
        return ""
    local = at.astimezone(meetup.zone)
    return f"{local:%H:%M} {local:%Z} on {local:%A}"


def _personal() -> dict[str, str]:
    """The address at which the reader answers without an account."""
    return {"link": f"{settings.SITE_URL}/r/{PLACEHOLDER}/"}


def _code(rsvp: Rsvp) -> dict[str, str]:
    """The code for the door, as it is read out; online there is no door."""
    return {"code": "" if rsvp.mode == Rsvp.Mode.ONLINE else spaced(rsvp.code)}


def thread_of(meetup: Meetup) -> str:
    """By this the mails of a meetup are found."""
    return f"meetup:{meetup.pk}"


def template_of(status: str) -> str:
    """The letter that confirms an answer of this status."""
    return ANSWERS[Status(status)]


def about_rsvp(rsvp: Rsvp, *, was: str, has_lapsed: bool = False) -> dict[str, Any]:
    """The answer as it is confirmed; a later one has a letter of its own."""
    return {
        "rsvp": rsvp.pk,
        "status": rsvp.status,
        "guests": rsvp.guests,
        "revision": rsvp.revision,
        "was": was,
        "has_lapsed": has_lapsed,
    }


def _rsvp(about: dict[str, Any]) -> Rsvp:
    return Rsvp.objects.select_related("meetup__venue", "user", "site").get(pk=about["rsvp"])


def _entry(rsvp: Rsvp, method: str) -> CalendarPart:
    return CalendarPart(meetup_calendar(rsvp.meetup, method=method, rsvp=rsvp), method)


def door_pictures(about: dict[str, Any]) -> dict[str, bytes]:
    """The code for the door as a picture, for who has a place in a room."""
    rsvp = Rsvp.objects.filter(pk=about["rsvp"]).first()
    if rsvp is None or rsvp.status != Status.GOING or rsvp.mode == Rsvp.Mode.ONLINE:
        return {}
    return {"code": code_png(rsvp.code)}


def rsvp_letter(about: dict[str, Any]) -> Letter:
    """The confirmation of an answer, with its calendar entry or the entry's withdrawal."""
    rsvp = _rsvp(about)
    rsvp.status, rsvp.guests, rsvp.revision = about["status"], about["guests"], about["revision"]
    was = about.get("was", "")
    calendar = None
    if rsvp.status == Status.GOING:
        calendar = _entry(rsvp, "REQUEST")
    elif rsvp.status == Status.NOT_GOING and was == Status.GOING:
        calendar = _entry(rsvp, "CANCEL")
    context = {
        **_personal(),
        **_code(rsvp),
        "rsvp": rsvp,
        "meetup": rsvp.meetup,
        "moved_up": was == Status.WAITLISTED and rsvp.status == Status.GOING,
        "has_lapsed": about.get("has_lapsed", False),
        "offer_until": _moment(rsvp.meetup, rsvp.offer_expires_at),
    }
    if rsvp.status == Status.OFFERED and rsvp.offer_expires_at is None:
        raise UnwantedError  # taken or lapsed before the letter was written
    return Letter(context, calendar)


def reminder_letter(about: dict[str, Any]) -> Letter:
    """A reminder; nobody needs it who is not going any more, or when the date has moved."""
    rsvp = _rsvp(about)
    meetup = rsvp.meetup
    start = meetup.starts_at.isoformat() if meetup.starts_at else ""
    if rsvp.status != Status.GOING or not meetup.takes_place or start != about["starts_at"]:
        raise UnwantedError
    return Letter({**_personal(), **_code(rsvp), "rsvp": rsvp, "meetup": meetup})


def change_letter(about: dict[str, Any]) -> Letter:
    """What became of a meetup one answered to, with the calendar entry brought up to date."""
    rsvp = _rsvp(about)
    meetup = rsvp.meetup
    calendar = None
    if rsvp.status in HAS_PLACE:
        calendar = _entry(rsvp, "REQUEST" if meetup.takes_place else "CANCEL")
    context = {
        **_personal(),
        **_code(rsvp),
        "rsvp": rsvp,
        "meetup": meetup,
        "changes": ", ".join(
            word for name, word in WORDS.items() if name in about.get("changes", [])
        ),
    }
    return Letter(context, calendar)


def meetup_letter(about: dict[str, Any]) -> Letter:
    """A letter about a meetup to somebody who has not answered to it."""
    meetup = Meetup.objects.select_related("venue", "chapter").get(pk=about["meetup"])
    if not meetup.takes_rsvps:
        raise UnwantedError
    return Letter({**_personal(), "meetup": meetup, "about": about})
