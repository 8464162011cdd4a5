"""Everybody concerned is told each thing once."""

import datetime as dt
from collections import Counter

import pytest
import time_machine

from community.core import clock
from community.models import Mail
from meetups.models import Rsvp
from meetups.services.meetups import (
    cancel_meetup,
    change_meetup,
    create_meetup,
    postpone_meetup,
    publish_meetup,
)
from meetups.services.news import queue_reminders
from meetups.services.rsvps import Answer, answer_rsvp, reconfirm_rsvp
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def told(purpose):
    return Counter(Mail.objects.filter(purpose=f"meetups/{purpose}").values_list("to", flat=True))


def test_publishing_tells_the_chapters_members_once(chapter):
    boss, users = organizer(chapter), [member(chapter) for _ in range(3)]
    member(ChapterFactory(slug="boston"))
    starts_at = clock.now() + dt.timedelta(days=9)
    draft = create_meetup(by=boss, slug="new-one", title="New", starts_at=starts_at)
    assert not told("announced")
    for _ in range(2):
        publish_meetup(meetup=draft, by=boss)
        change_meetup(meetup=draft, by=boss, is_published=False)
    assert told("announced") == Counter(user.email for user in users)


def test_a_change_that_is_none_of_the_calendars_tells_nobody(chapter):
    meetup, boss = MeetupFactory(chapter=chapter, capacity=3), organizer(chapter)
    answer_rsvp(meetup=meetup, answer=Answer(), by=member(chapter))
    change_meetup(meetup=meetup, by=boss, summary="More words", capacity=9)
    assert not told("changed")
    change_meetup(meetup=meetup, by=boss, title="Another name")
    assert sum(told("changed").values()) == 1


def test_cancelling_tells_those_who_answered_and_not_those_who_declined(chapter):
    meetup, boss = MeetupFactory(chapter=chapter, capacity=1), organizer(chapter)
    going, waiting, away = member(chapter), member(chapter), member(chapter)
    for user in (going, waiting, away):
        answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=away)
    for _ in range(2):
        cancel_meetup(meetup=meetup, by=boss, note="No room.")
    assert told("cancelled") == Counter([going.email, waiting.email])


def test_postponing_keeps_the_places(chapter):
    meetup, boss, user = MeetupFactory(chapter=chapter), organizer(chapter), member(chapter)
    answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    postpone_meetup(meetup=meetup, by=boss, note="")
    meetup.refresh_from_db()
    assert (meetup.is_postponed, meetup.takes_rsvps, meetup.is_over) == (True, False, False)
    new_start = clock.now() + dt.timedelta(days=40)
    length = meetup.ends_at - meetup.starts_at
    meetup = postpone_meetup(meetup=meetup, by=boss, note="Found a room.", starts_at=new_start)
    assert (meetup.is_postponed, meetup.takes_rsvps) == (False, True)
    assert meetup.ends_at - meetup.starts_at == length
    assert Rsvp.objects.get().status == "going"
    assert (told("postponed"), told("changed")) == (Counter([user.email]), Counter([user.email]))


@pytest.mark.parametrize(
    ("hours", "purpose"), [(80, None), (71, "reminder"), (25, "reminder"), (23, "still_coming")]
)
def test_reminders_come_when_due_and_once(chapter, hours, purpose):
    meetup, user = MeetupFactory(chapter=chapter), member(chapter)
    answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    with time_machine.travel(meetup.starts_at - dt.timedelta(hours=hours)):
        assert queue_reminders() == (1 if purpose else 0)
        assert queue_reminders() == 0
    for name in ("reminder", "still_coming"):
        assert told(name) == (Counter([user.email]) if name == purpose else Counter())


def test_who_answered_or_confirmed_since_is_not_asked(chapter):
    meetup, early, late = MeetupFactory(chapter=chapter), member(chapter), member(chapter)
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(), by=early)
    with time_machine.travel(meetup.starts_at - dt.timedelta(hours=20)):
        answer_rsvp(meetup=meetup, answer=Answer(), by=late)
        reconfirm_rsvp(rsvp=rsvp, by=early)
        assert queue_reminders() == 0


def test_a_cancelled_or_postponed_meetup_reminds_nobody(chapter):
    for field in ("is_cancelled", "is_postponed"):
        meetup = MeetupFactory(chapter=chapter, **{field: False})
        answer_rsvp(meetup=meetup, answer=Answer(), by=member(chapter))
        type(meetup).objects.filter(pk=meetup.pk).update(**{field: True})
        with time_machine.travel(meetup.starts_at - dt.timedelta(hours=20)):
            assert queue_reminders() == 0
