import datetime as dt

import pytest
from icalendar import Calendar

from meetups.ical import meetup_calendar
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def _event(text):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


@pytest.mark.parametrize(("month", "offset"), [(3, -6), (4, -5), (11, -5), (12, -6)])
def test_the_time_is_in_the_events_zone_with_its_rules(month, offset):
    start = dt.datetime(2031, month, 1, 18, 30, tzinfo=dt.timezone(dt.timedelta(hours=offset)))
    meetup = MeetupFactory(starts_at=start, timezone="America/Chicago")
    text = meetup_calendar(meetup)
    event = _event(text)
    assert event.start == start
    assert event.start.utcoffset() == dt.timedelta(hours=offset)
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:America/Chicago" in text


def test_the_uid_stays_and_the_sequence_grows():
    meetup, user = MeetupFactory(), member()
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    first = meetup_calendar(meetup, method="REQUEST", rsvp=rsvp)
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=user)
    last = meetup_calendar(meetup, method="CANCEL", rsvp=rsvp)
    assert _event(first)["uid"] == _event(last)["uid"] == _event(meetup_calendar(meetup))["uid"]
    assert _event(last)["sequence"] > _event(first)["sequence"]
    assert (_event(first)["status"], _event(last)["status"]) == ("CONFIRMED", "CANCELLED")
    assert Calendar.from_ical(last)["method"] == "CANCEL"
    assert _event(first)["organizer"] == "mailto:hello@example.org"
    assert _event(first)["attendee"] == f"mailto:{user.email}"


def test_the_file_is_there_for_everyone_who_sees_the_meetup(client):
    meetup = MeetupFactory()
    answer = client.get(f"/meetups/{meetup.slug}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    hidden = MeetupFactory(is_published=False)
    assert client.get(f"/meetups/{hidden.slug}.ics").status_code == 404
