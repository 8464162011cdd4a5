"""iCalendar texts (RFC 5545, RFC 5546) by the icalendar library."""

import datetime as dt
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.prop import vUri

from community.core import clock
from meetups.models import Meetup, Rsvp


def _event(meetup: Meetup, sequence: int) -> Event:
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
    if meetup.summary:
        event.add("description", meetup.summary)
    return event


def meetup_calendar(meetup: Meetup, *, method: str = "PUBLISH", rsvp: Rsvp | None = None) -> str:
    """The meetup as an iCalendar text with its VTIMEZONE.

    The UID never changes; with `rsvp` the text is addressed to its person, and its SEQUENCE
    counts the meetup's changes and the answer's.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Stackers//meetups//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = _event(meetup, meetup.sequence + (rsvp.revision if rsvp else 0))
    event.add("status", "CANCELLED" if method == "CANCEL" or meetup.is_cancelled else "CONFIRMED")
    if rsvp is not None:
        name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
        sender = vCalAddress(f"mailto:{address}")
        sender.params["CN"] = vText(name)
        event.add("organizer", sender)
        attendee = vCalAddress(f"mailto:{rsvp.user.email}")
        attendee.params["CN"] = vText(rsvp.user.display_name)
        attendee.params["PARTSTAT"] = vText("DECLINED" if method == "CANCEL" else "ACCEPTED")
        event.add("attendee", attendee)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return str(calendar.to_ical().decode())
