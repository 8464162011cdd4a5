"""The roll under several hands: one decision, one live link, nothing added after the opening."""

import re
import threading
from functools import partial

import pytest
from django.db import connection, transaction

from community.core import clock
from community.core.errors import ConflictError
from community.models import Mail
from community.services.outgoing import send_queued_mail
from polls.exceptions import RulesFixedError, VoterTokenError
from polls.models import Election, ElectionEntry
from polls.services.elections import roll_requests
from polls.services.elections.locks import lock_election
from polls.services.elections.roll import add_people, snapshot
from polls.services.elections.roll_requests import ask_for_roll, decide_request
from polls.services.elections.roll_rows import Person
from polls.services.elections.tokens import entry_of_token, resend_token
from tests.concurrency.stampede import stampede
from tests.factories.community import member, organizer
from tests.factories.rolls import election, entry

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_request_is_decided_once():
    race, boss = election(), organizer()
    request = ask_for_roll(election=race, text="I joined in May", by=member())
    answers = [
        partial(decide_request, request=request, accept=accept, reason="r", by=boss)
        for accept in (True, False) * 3
    ]
    got = stampede(answers, width=6)
    assert sum(isinstance(one, ConflictError) for one in got) == 5
    request.refresh_from_db()
    assert race.roll.count() == (1 if request.state == "accepted" else 0)
    assert ElectionEntry.objects.count() == 1


def test_control_without_the_lock_both_decisions_come_through(monkeypatch):
    race, boss = election(), organizer()
    request = ask_for_roll(election=race, text="I joined in May", by=member())
    gate = threading.Barrier(2)

    def unlocked(found, by):
        return found

    class Rows:
        """What finds the request, and waits for the other."""

        def __getattr__(self, name):
            return lambda *_, **__: self

        def first(self):
            found = type(request).objects.select_related("account").get(pk=request.pk)
            gate.wait(timeout=10)
            return found

    monkeypatch.setattr(roll_requests, "lock_as_organizer", unlocked)
    monkeypatch.setattr(roll_requests, "_rows", Rows)
    monkeypatch.setattr(roll_requests, "_tell", lambda *_: None)
    refuse = partial(decide_request, request=request, accept=False, reason="r", by=boss)
    accept = partial(decide_request, request=request, accept=True, reason="r", by=boss)
    assert [one.state for one in stampede([refuse, accept], width=2)] == ["refused", "accepted"]


def test_links_sent_twice_at_once_leave_one_that_works(mailoutbox):
    race, boss = election(), organizer()
    there = entry(race)
    again = partial(resend_token, election=race, entry=there, by=boss)
    assert stampede([again] * 6, width=6) == [None] * 6
    stampede([partial(send_queued_mail, str(mail.pk)) for mail in Mail.objects.all()], width=6)
    tokens = [re.search(r"/vote/([\w-]{43})/", message.body)[1] for message in mailoutbox]
    alive = [token for token in tokens if _works(race, token)]
    assert len(alive) == 1
    states = sorted(Mail.objects.values_list("state", flat=True))
    assert states == ["sent"] * len(tokens) + ["unwanted"] * (6 - len(tokens))


def _works(race, token):
    try:
        return entry_of_token(election=race, token=token)
    except VoterTokenError:
        return None


@pytest.mark.parametrize("rolls_first", [True, False])
def test_who_is_added_at_the_opening_moment_is_in_the_snapshot_or_refused(rolls_first):
    race, boss = election("draft"), organizer()
    entry(race)
    people = [Person(f"v{number}@example.org", "r") for number in range(50)]
    taken, told = threading.Event(), {}

    def add():
        if not rolls_first:
            taken.wait(timeout=10)
        return add_people(election=race, people=people, by=boss)

    def open_it():
        with transaction.atomic():
            locked = lock_election(race)
            taken.set()
            told.update(snapshot(locked))
            Election.objects.filter(pk=race.pk).update(state="open", opened_at=clock.now())
        connection.close()

    got = stampede([add, open_it], width=2)[0]
    assert race.roll.count() == told["size"]
    assert told["size"] == (51 if got == 50 else 1)
    if not rolls_first:
        assert isinstance(got, RulesFixedError)
