"""Many at once: one person's notes, and two organizers over the same minutes."""

import itertools
import time
from functools import partial

import pytest

from community.core import clock
from community.core.errors import TooManyError
from meetups.exceptions import ChangedMeanwhileError
from meetups.models import Meetup, MinutesItem, Note, NoteEvent
from meetups.selectors.paper import minutes_facts
from meetups.services import minutes as service
from meetups.services import notes
from meetups.services.minutes import Minutes, draft_minutes, save_minutes
from meetups.services.notes import close_notes, open_notes, post_note
from tests.concurrency.stampede import stampede
from tests.factories.community import organizer
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

WIDTH = 16


def _unlocked(meetup_id):
    return Meetup.objects.get(pk=meetup_id)


def _slowly(check):
    """A check and then a pause, so that all stand between check and deed."""

    def slow(*args):
        check(*args)
        time.sleep(0.3)

    return slow


def _flood():
    meetup = MeetupFactory(starts_at=clock.now())
    boss = organizer(meetup.chapter)
    open_notes(meetup=meetup, by=boss)
    call = partial(post_note, meetup=meetup, text="again", by=boss)
    return stampede([call] * 32, width=WIDTH)


def test_thirty_two_at_once_of_one_person_are_ten():
    answers = _flood()
    assert sum(isinstance(answer, Note) for answer in answers) == 10
    assert sum(isinstance(answer, TooManyError) for answer in answers) == 22
    assert list(NoteEvent.objects.values_list("seq", flat=True)) == list(range(1, 11))


def test_control_without_the_streams_lock_there_are_more(monkeypatch):
    counter = itertools.count(1)
    monkeypatch.setattr(notes, "_next_number", lambda _: next(counter))
    monkeypatch.setattr(notes, "_check_pace", _slowly(notes._check_pace))
    _flood()
    assert Note.objects.count() > 10


def _two_saves():
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    version = minutes_facts(meetup)["version"]
    calls = [
        partial(
            save_minutes,
            meetup=meetup,
            minutes=Minutes(items=[{"text": f"{name}'s"}]),
            by=boss,
            version=version,
        )
        for name in range(8)
    ]
    return stampede(calls, width=8)


def test_of_many_who_save_on_one_reading_one_is_saved():
    answers = _two_saves()
    assert sum(isinstance(answer, Meetup) for answer in answers) == 1
    assert sum(isinstance(answer, ChangedMeanwhileError) for answer in answers) == 7
    assert MinutesItem.objects.count() == 1


def test_control_without_the_meetups_lock_they_meet(monkeypatch):
    """Each believes to be the first, and writes over the one before."""
    monkeypatch.setattr(service, "lock_meetup", _unlocked)
    monkeypatch.setattr(service, "check_version", _slowly(service.check_version))
    answers = _two_saves()
    assert sum(isinstance(answer, Meetup) for answer in answers) > 1


def test_a_double_click_on_the_draft_makes_each_item_once():
    meetup = MeetupFactory(starts_at=clock.now())
    boss = organizer(meetup.chapter)
    for text in ("one", "two", "three"):
        post_note(meetup=meetup, text=text, by=boss)
    close_notes(meetup=meetup, by=boss)
    answers = stampede([partial(draft_minutes, meetup=meetup, by=boss)] * 8, width=8)
    assert sorted(answers) == [0, 0, 0, 0, 0, 0, 0, 3]
    assert list(MinutesItem.objects.values_list("text", flat=True)) == ["one", "two", "three"]
