"""iCalendar texts (RFC 5545, RFC 5546) by the icalendar library."""

import datetime as dt
from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.prop import vUri

from community.core import clock
from meetups.models import Meetup, Rsvp
from meetups.selectors.feeds import Entry as FeedEntry


def _event(meetup: Meetup, sequence: int, how_to_join: str) -> Event:
    event = Event()
    domain = urlsplit(settings.SITE_URL).hostname
    event.add("uid", f"{meetup.uid}@{domain}")
    event.add("dtstamp", clock.now().astimezone(dt.UTC))
    event.add("sequence", sequence)
    event.add("summary", meetup.title)
    event.add("url", vUri(f"{settings.SITE_URL}/meetups/{meetup.slug}/"))
    if meetup.local_start is not None:
        event.add("dtstart", meetup.local_start)
        event.add("dtend", meetup.local_end or meetup.local_start + dt.timedelta(hours=2))
    if meetup.venue:
        event.add("location", ", ".join(filter(None, (meetup.venue.name, meetup.venue.address))))
    about = [meetup.summary]
    if how_to_join:
        about.append(f"How to join: {how_to_join}")
    if any(about):
        event.add("description", "\n\n".join(filter(None, about)))
    return event


def _add_answer(event: Event, rsvp: Rsvp, *, is_cancelled: bool) -> None:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    sender = vCalAddress(f"mailto:{address}")
    sender.params["CN"] = vText(name)
    event.add("organizer", sender)
    attendee = vCalAddress(f"mailto:{rsvp.user.email}")
    attendee.params["CN"] = vText(rsvp.user.display_name)
    attendee.params["PARTSTAT"] = vText("DECLINED" if is_cancelled else "ACCEPTED")
    event.add("attendee", attendee)


def _entry(meetup: Meetup, rsvp: Rsvp | None, method: str) -> Event:
    how_to_join = ""
    if rsvp is not None:
        how_to_join = meetup.join_instructions if rsvp.mode == Rsvp.Mode.ONLINE else ""
        how_to_join = (rsvp.site.join_instructions if rsvp.site else "") or how_to_join
    sequence = meetup.sequence + (rsvp.revision if rsvp else 0)
    event = _event(meetup, sequence, how_to_join)
    is_cancelled = method == "CANCEL" or meetup.is_cancelled
    tentative = "TENTATIVE" if meetup.is_postponed else "CONFIRMED"
    event.add("status", "CANCELLED" if is_cancelled else tentative)
    if rsvp is not None:
        _add_answer(event, rsvp, is_cancelled=is_cancelled)
    return event


def _calendar(method: str, events: Iterable[Event], name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Stackers//meetups//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())


def meetup_calendar(meetup: Meetup, *, method: str = "PUBLISH", rsvp: Rsvp | None = None) -> str:
    """The meetup as an iCalendar text with its VTIMEZONE.

    The UID never changes; with `rsvp` the text is addressed to its person, and its SEQUENCE
    counts the meetup's changes and the answer's.
    """
    return _calendar(method, [_entry(meetup, rsvp, method)])


def feed_of(entries: Iterable[FeedEntry], name: str) -> str:
    """A feed to subscribe to: each meetup once, with the zones they are held in."""
    title = f"{settings.SITE_NAME}: {name}" if name else settings.SITE_NAME
    events = [_entry(entry.meetup, entry.rsvp, "PUBLISH") for entry in entries]
    return _calendar("PUBLISH", events, title)
