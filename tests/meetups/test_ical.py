"""Calendar entries: accepted by two parsers, pinned by golden files, right across summer time."""

import datetime as dt
import uuid
from pathlib import Path

import ics
import pytest
import time_machine
from icalendar import Calendar

from community.models import Mail
from community.services.mail import write_mail
from meetups.ical import feed_of, meetup_calendar
from meetups.selectors.feeds import chapter_feed, feed_token, personal_feed
from meetups.services.meetups import cancel_meetup, change_meetup, postpone_meetup
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.meetups import MeetupFactory, VenueFactory

pytestmark = pytest.mark.django_db

GOLDEN = Path(__file__).parent / "golden"
NOW = dt.datetime(2031, 1, 2, 12, 0, tzinfo=dt.UTC)


def _event(text):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


def read_by_both(text):
    """The entries as the second, independent parser sees them; it takes one calendar at a time."""
    first = Calendar.from_ical(text).walk("VEVENT")
    second = ics.Calendar(text).events
    assert {str(event["uid"]) for event in first} == {event.uid for event in second}
    for event in first:
        (other,) = [entry for entry in second if entry.uid == str(event["uid"])]
        assert (other.begin.datetime, other.name) == (event.start, str(event["summary"]))
    return first


@pytest.fixture
def evening():
    chapter = ChapterFactory()
    with time_machine.travel(NOW, tick=False):
        yield MeetupFactory(
            chapter=chapter,
            uid=uuid.UUID("00000000-0000-4000-8000-000000000001"),
            slug="evening",
            title="An evening; with commas, and ünïcode",
            summary="Two talks.\nAnd time to talk.",
            venue=VenueFactory(chapter=chapter, name="Austin TechRanch", address="1 Road, Austin"),
            has_online=True,
            join_instructions="https://meet.example.org/evening",
            starts_at=dt.datetime(2031, 3, 14, 0, 30, tzinfo=dt.UTC),
            ends_at=dt.datetime(2031, 3, 14, 2, 30, tzinfo=dt.UTC),
        )


def of_kind(kind, meetup):
    user = UserFactory(email="ada@example.org", name="Ada")
    if kind == "publish":
        return meetup_calendar(meetup)
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(mode="online"), by=user)
    if kind == "request":
        return meetup_calendar(meetup, method="REQUEST", rsvp=rsvp)
    if kind == "personal_feed":
        return feed_of(personal_feed(user), "Ada")
    if kind == "chapter_feed":
        return feed_of(chapter_feed(meetup.chapter), "Austin")
    if kind == "cancel":
        rsvp = answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=user)
    else:
        boss = organizer(meetup.chapter)
        cancel_meetup(meetup=meetup, by=boss, note="")
        meetup.refresh_from_db()
    return meetup_calendar(meetup, method="CANCEL", rsvp=rsvp)


@pytest.mark.parametrize(
    "kind", ["publish", "request", "cancel", "meetup_cancelled", "personal_feed", "chapter_feed"]
)
def test_each_kind_is_pinned_and_read_by_both_parsers(kind, evening):
    text = of_kind(kind, evening)
    read_by_both(text)
    assert text.replace("\r\n", "\n") == (GOLDEN / f"{kind}.ics").read_text(encoding="utf-8")


def test_answer_change_cancel_count_zero_one_two(evening):
    user = member(evening.chapter)
    for answer in (Answer(), Answer(guests=1), Answer(status="not_going")):
        answer_rsvp(meetup=evening, answer=answer, by=user)
    mails = Mail.objects.filter(to=user.email).order_by("about__revision")
    for mail in mails:
        write_mail(mail)
    entries = [(_event(mail.calendar)["sequence"], mail.calendar_method) for mail in mails]
    assert entries == [(0, "REQUEST"), (1, "REQUEST"), (2, "CANCEL")]


def test_the_meetups_own_changes_count_on(evening):
    user, boss = member(evening.chapter), organizer(evening.chapter)
    answer_rsvp(meetup=evening, answer=Answer(), by=user)
    later = evening.starts_at + dt.timedelta(days=1)
    change_meetup(meetup=evening, by=boss, starts_at=later, ends_at=later + dt.timedelta(hours=2))
    postpone_meetup(meetup=evening, by=boss, note="")
    change_meetup(meetup=evening, by=boss, starts_at=later + dt.timedelta(days=7), ends_at=None)
    cancel_meetup(meetup=evening, by=boss, note="")
    seen = []
    for number in range(1, 5):
        mail = Mail.objects.get(key=f"news:{evening.pk}:{number}:{user.pk}")
        seen.append(mail.purpose.removeprefix("meetups/"))
    assert seen == ["changed", "postponed", "changed", "cancelled"]
    mail = Mail.objects.get(key=f"news:{evening.pk}:4:{user.pk}")
    write_mail(mail)
    assert (mail.calendar_method, _event(mail.calendar)["sequence"]) == ("CANCEL", 4)


@pytest.mark.parametrize(
    ("zone", "local", "offset"),
    [
        ("America/Chicago", (2031, 3, 8, 18, 30), -6),  # the day before summer time begins
        ("America/Chicago", (2031, 3, 9, 18, 30), -5),
        ("America/Chicago", (2031, 11, 1, 18, 30), -5),  # the day before it ends
        ("America/Chicago", (2031, 11, 2, 18, 30), -6),
        ("Europe/Berlin", (2031, 3, 29, 18, 30), 1),
        ("Europe/Berlin", (2031, 3, 30, 18, 30), 2),
        ("Europe/Berlin", (2031, 10, 25, 18, 30), 2),
        ("Europe/Berlin", (2031, 10, 26, 18, 30), 1),
    ],
)
def test_the_time_is_in_the_events_zone_with_its_rules(zone, local, offset):
    start = dt.datetime(*local, tzinfo=dt.timezone(dt.timedelta(hours=offset)))
    text = meetup_calendar(MeetupFactory(starts_at=start, timezone=zone))
    (event,) = read_by_both(text)
    assert event.start == start
    assert event.start.utcoffset() == dt.timedelta(hours=offset)
    assert f"TZID:{zone}" in text
    assert "BEGIN:VTIMEZONE" in text


def test_the_uid_stays_and_answers_are_addressed():
    meetup, user = MeetupFactory(), member()
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    first = meetup_calendar(meetup, method="REQUEST", rsvp=rsvp)
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=user)
    last = meetup_calendar(meetup, method="CANCEL", rsvp=rsvp)
    assert _event(first)["uid"] == _event(last)["uid"] == _event(meetup_calendar(meetup))["uid"]
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


def test_feeds_show_what_is_theirs(client):
    meetup, user = MeetupFactory(), member()
    MeetupFactory(is_published=False)
    other = MeetupFactory(chapter=ChapterFactory(slug="boston"))
    answer_rsvp(meetup=other, answer=Answer(), by=user)

    def uids(path):
        answer = client.get(path)
        assert answer.status_code == 200, path
        return {str(e["uid"]).partition("@")[0] for e in Calendar.from_ical(answer.content).events}

    assert uids("/meetups/calendar.ics") == {str(meetup.uid), str(other.uid)}
    assert uids("/meetups/calendar/austin.ics") == {str(meetup.uid)}
    assert uids(f"/me/calendar/{feed_token(user)}.ics") == {str(other.uid)}


def test_a_renewed_feed_kills_the_old_address(client):
    user = member()
    client.force_login(user)
    old = f"/me/calendar/{feed_token(user)}.ics"
    assert old in client.get("/me/").content.decode()
    client.post("/me/calendar/renew/")
    assert client.get(old).status_code == 404
    user.refresh_from_db()
    assert client.get(f"/me/calendar/{feed_token(user)}.ics").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_feed_asks_the_database_as_often_for_three_as_for_one(
    client, rows, django_assert_num_queries
):
    MeetupFactory.create_batch(rows)
    with django_assert_num_queries(2):
        client.get("/meetups/calendar/austin.ics")
