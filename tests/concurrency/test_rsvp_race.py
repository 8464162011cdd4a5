from contextlib import contextmanager
from functools import partial

import pytest
from django.db import IntegrityError, connection

from meetups.models import Meetup, Rsvp
from meetups.services import rsvps
from meetups.services.rsvps import Answer, answer_rsvp
from tests.concurrency.stampede import stampede
from tests.factories.community import UserFactory
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SEATS, PEOPLE, WIDTH = 50, 200, 16


def _race(meetup):
    users = UserFactory.create_batch(PEOPLE)
    calls = [partial(answer_rsvp, meetup=meetup, answer=Answer(), by=user) for user in users]
    return stampede(calls, width=WIDTH)


@contextmanager
def _without_trigger():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE meetups_rsvp DISABLE TRIGGER meetups_count_going")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE meetups_rsvp ENABLE TRIGGER meetups_count_going")


def _unlocked(meetup_id):
    return Meetup.objects.get(pk=meetup_id)


def test_two_hundred_race_for_fifty_seats():
    meetup = MeetupFactory(capacity=SEATS)
    answers = _race(meetup)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    statuses = [answer.status for answer in answers]
    assert statuses.count("going") == SEATS
    assert statuses.count("waitlisted") == PEOPLE - SEATS
    meetup.refresh_from_db()
    assert meetup.going == SEATS
    going = Rsvp.objects.filter(meetup=meetup, status="going").order_by("id")
    waiting = Rsvp.objects.filter(meetup=meetup, status="waitlisted")
    waiting = waiting.order_by("waitlisted_at", "id")
    # In order: everyone who waits answered after everyone who is going.
    assert going.last().id < waiting.first().id
    assert list(waiting) == list(waiting.order_by("id"))


def test_control_without_the_lock_it_oversells(monkeypatch):
    """Neither the lock nor the database's own count: this is what they are there for."""
    monkeypatch.setattr(rsvps, "lock_meetup", _unlocked)
    meetup = MeetupFactory(capacity=SEATS)
    with _without_trigger():
        _race(meetup)
    assert Rsvp.objects.filter(meetup=meetup, status="going").count() > SEATS


def test_the_database_refuses_what_forgot_the_lock(monkeypatch):
    monkeypatch.setattr(rsvps, "lock_meetup", _unlocked)
    meetup = MeetupFactory(capacity=SEATS)
    answers = _race(meetup)
    assert Rsvp.objects.filter(meetup=meetup, status="going").count() <= SEATS
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(answer, IntegrityError) for answer in refused)


def test_cancellations_and_answers_at_once_lose_no_place():
    meetup = MeetupFactory(capacity=10)
    users = UserFactory.create_batch(40)
    for user in users[:20]:
        answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    leave, come = Answer(status="not_going"), Answer(guests=1)
    calls = [partial(answer_rsvp, meetup=meetup, answer=leave, by=user) for user in users[:10]]
    calls += [partial(answer_rsvp, meetup=meetup, answer=come, by=user) for user in users[20:]]
    results = stampede(calls, width=WIDTH)
    assert [result for result in results if isinstance(result, Exception)] == []
    meetup.refresh_from_db()
    assert meetup.going == 10
