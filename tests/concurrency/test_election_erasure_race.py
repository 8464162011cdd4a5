"""Somebody who votes, stands and leaves at the same moment as their election is closed."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from community.services.personal import erase_account
from polls import states
from polls.services.elections import own_roll
from polls.services.elections.moves import close_election, open_election
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import CandidateFactory, ElectionFactory
from tests.factories.rolls import entry

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def _together(monkeypatch):
    """Erase a voter who stands, and close: the close holds the election when the other begins."""
    chapter = ChapterFactory()
    boss, leaver = organizer(chapter), member(chapter)
    election = ElectionFactory(chapter=chapter)
    entry(election, leaver.email, account=leaver)
    CandidateFactory(election=election, account=leaver, name="Rob")
    election = open_election(election=election, by=boss)
    begun, faults = threading.Event(), []
    blank = own_roll._blank  # what is done to the line of the roll

    def blanked(line):
        blank(line)
        begun.set()

    def leave():
        try:
            erase_account(email=leaver.email, by=leaver)
        except DatabaseError as error:
            faults.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(own_roll, "_blank", blanked)
    leaving = threading.Thread(target=leave)
    try:
        with transaction.atomic():
            own_roll.Election.objects.select_for_update(no_key=True).get(pk=election.pk)
            leaving.start()
            begun.wait(timeout=1)
            election = close_election(election=election, by=boss)
    except DatabaseError as error:
        faults.append(error)
    leaving.join(timeout=10)
    return election, faults


def test_neither_waits_for_what_the_other_holds(monkeypatch):
    election, faults = _together(monkeypatch)
    assert faults == []
    election.refresh_from_db()
    assert election.state == states.COUNTED
    assert election.roll.filter(email__endswith="@deleted.invalid").count() == 1


def test_control_who_takes_the_line_first_waits_forever(monkeypatch):
    monkeypatch.setattr(own_roll, "_hold_elections", lambda *_: None)
    _, faults = _together(monkeypatch)
    assert "deadlock" in str(faults)
