"""Two meetups that name each other, changed at once."""

from functools import partial

import pytest
from django.db import OperationalError

from meetups.models import Topic
from meetups.services import meetups as service
from meetups.services.meetups import change_meetup
from tests.concurrency.stampede import stampede
from tests.factories.community import organizer
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _rename_both(times):
    one, other = MeetupFactory(), MeetupFactory()
    boss = organizer(one.chapter)
    Topic.objects.create(meetup=one, stage="planned", text="Storage", moved_to=other)
    got = []
    for turn in range(times):
        renames = [
            partial(change_meetup, meetup=meetup, by=boss, title=f"{meetup.slug} {turn}")
            for meetup in (one, other)
        ]
        got += stampede(renames * 2, width=4)
    return [error for error in got if isinstance(error, Exception)]


def test_neighbours_renamed_at_once_take_turns():
    assert _rename_both(10) == []


def test_control_without_the_chapters_lock_they_wait_for_each_other(monkeypatch):
    monkeypatch.setattr(service, "lock_chapter", lambda _chapter: None)
    for _ in range(10):
        if any(isinstance(error, OperationalError) for error in _rename_both(1)):
            return
    pytest.fail("they never met")
