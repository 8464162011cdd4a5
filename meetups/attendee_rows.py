"""One line of somebody else's attendee list, in our words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from meetups.models import Rsvp
from meetups.models.rsvp import MOST_GUESTS

# What others name the columns, in lower case without punctuation.
_HEADERS = {
    "email": ("email", "e mail", "email address", "attendee email", "e mail address", "mail"),
    "name": ("name", "attendee name", "full name", "member name", "participant"),
    "guests": ("guests", "number of guests", "guest count", "plus"),
    "status": ("status", "rsvp", "order status", "response", "answer"),
    "checked_in": ("checked in", "check in", "checkin", "attended", "attendance", "came"),
}
_NAMES = {alias: name for name, aliases in _HEADERS.items() for alias in aliases}
_STATUSES = {
    Rsvp.Status.GOING: "going yes y attending paid p confirmed registered ok",
    Rsvp.Status.NOT_GOING: "not_going no n not_attending cancelled canceled c declined expired e",
    Rsvp.Status.WAITLISTED: "waitlisted waitlist waiting wait_list on_waitlist",
}
_STATUS_OF = {word: status.value for status, words in _STATUSES.items() for word in words.split()}
_NOT_IN = {"", "no", "n", "false", "0", "-", "absent", "no show", "not checked in"}


@dataclass(frozen=True)
class Attendee:
    """A line that makes sense."""

    email: str
    name: str
    guests: int
    status: str
    checked_in: bool


def canonical_headers(headers: list[str]) -> list[str]:
    """Our names for the columns we know; the others keep theirs. A second one of a name, too."""
    found: list[str] = []
    for header in headers:
        plain = " ".join(str(header or "").lower().replace("-", " ").replace("_", " ").split())
        name = _NAMES.get(plain, "")
        found.append(name if name and name not in found else f"{header or ''} ({len(found)})")
    return found


def read_row(row: Mapping[str, Any]) -> Attendee:
    """The line's attendee. Raises ValidationError with everything that is wrong with it."""
    cells = {name: _cell(row.get(name)) for name in _HEADERS}
    faults: list[str] = []
    email = cells["email"].lower()
    try:
        validate_email(email)
    except ValidationError:
        faults.append(f"“{email[:80]}” is no e-mail address." if email else "There is no address.")
    guests = cells["guests"] or "0"
    if not guests.isascii() or not guests.isdigit() or int(guests[:9]) > MOST_GUESTS:
        faults.append(f"Guests must be a number from 0 to {MOST_GUESTS}.")
    word = cells["status"].lower().replace(" ", "_") or Rsvp.Status.GOING.value
    status = _STATUS_OF.get(word)
    if status is None:
        faults.append(f"“{cells['status'][:40]}” is no answer we know.")
    if "\x00" in "".join(cells.values()):
        faults.append("A cell holds a character that cannot be stored.")
    if faults:
        raise ValidationError(faults)
    is_in = cells["checked_in"].lower() not in _NOT_IN
    return Attendee(email, cells["name"][:120], int(guests), str(status), is_in)


def _cell(value: Any) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from running it."""
    text = str(value or "").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text
