from functools import partial

import pytest

from meetups.models import CheckIn, Rsvp
from meetups.services.checkin import Device, check_in_party, check_in_walk_in
from tests.concurrency.stampede import stampede
from tests.factories.community import UserFactory, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

DEVICES = 12


def test_twelve_devices_read_one_code_at_once():
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    rsvp = Rsvp.objects.create(meetup=meetup, user=UserFactory(), status="going", guests=1)
    calls = [
        partial(check_in_party, meetup=meetup, code=rsvp.code, device=Device(f"d{n}"), by=boss)
        for n in range(DEVICES)
    ]
    answers = stampede(calls, width=DEVICES)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert [answer.is_new for answer in answers].count(True) == 1
    assert {answer.check_in.pk for answer in answers} == {CheckIn.objects.get().pk}


def test_a_replay_sent_twelve_times_at_once_is_one_walk_in():
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    calls = [partial(check_in_walk_in, meetup=meetup, device=Device("a"), by=boss)] * DEVICES
    answers = stampede(calls, width=DEVICES)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert [answer.is_new for answer in answers].count(True) == 1


def test_control_with_numbers_of_their_own_they_are_twelve():
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    calls = [
        partial(check_in_walk_in, meetup=meetup, device=Device(f"d{n}"), by=boss)
        for n in range(DEVICES)
    ]
    stampede(calls, width=DEVICES)
    assert CheckIn.objects.count() == DEVICES
