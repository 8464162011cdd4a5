"""Ballots while others vote too, while the poll closes, and from two phones at once."""

import threading
import time
from contextlib import contextmanager
from functools import partial

import pytest
from django.db import connection, transaction

from polls.exceptions import PollClosedError
from polls.models import Ballot, Poll, PollResult
from polls.services import moves
from polls.services.ballots import cast_ballot, withdraw_ballot
from polls.services.moves import close_poll, settle_poll
from polls.services.reminders import remind_voters
from tests.concurrency.stampede import stampede
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import PollFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

VOTERS, WIDTH = 50, 12


def _people(count):
    chapter = ChapterFactory()
    return [member(chapter) for _ in range(count)]


def _cast(poll, user, *ids):
    return cast_ballot(poll=poll, choices={"ranking": list(ids)}, by=user)


@contextmanager
def _without_trigger():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE polls_ballot DISABLE TRIGGER polls_ballot_only_while_open")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE polls_ballot ENABLE TRIGGER polls_ballot_only_while_open")


def _close_amid(poll, voters):
    """Everyone votes at once, and the poll closes amid them; what each call gave."""
    boss = organizer(poll.chapter)
    first = poll.options.first().pk
    calls = [partial(_cast, poll, user, first) for user in voters]
    calls.insert(len(calls) // 2, partial(close_poll, poll=poll, reason="r", by=boss))
    return stampede(calls, width=WIDTH)


def test_two_phones_of_one_person_are_one_ballot():
    poll = PollFactory(options=3)
    (user,) = _people(1)
    ids = list(poll.options.values_list("pk", flat=True))
    results = stampede([partial(_cast, poll, user, pk) for pk in ids * 4], width=WIDTH)
    assert [result for result in results if isinstance(result, Exception)] == []
    ballot = Ballot.objects.get()
    assert ballot.choices["ranking"][0] in ids
    # The later one wins, whatever came before: a ballot sent when all is quiet is the last.
    _cast(poll, user, ids[1], ids[0])
    assert Ballot.objects.get().choices == {"ranking": [ids[1], ids[0]]}


def test_the_one_that_is_written_later_wins():
    """The second phone's ballot waits for the first one's commit and replaces it."""
    poll = PollFactory(options=2)
    (user,) = _people(1)
    one, two = poll.options.values_list("pk", flat=True)
    is_written, may_commit = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            _cast(poll, user, one)
            is_written.set()
            may_commit.wait(timeout=10)

    def second():
        is_written.wait(timeout=10)
        threading.Timer(0.2, may_commit.set).start()
        _cast(poll, user, two)

    results = stampede([first, second], width=2)
    assert results == [None, None]
    assert Ballot.objects.get().choices == {"ranking": [two]}


def test_every_ballot_that_was_taken_is_counted_and_none_comes_after():
    poll = PollFactory(options=2)
    results = _close_amid(poll, _people(VOTERS))
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, PollClosedError) for result in refused)
    taken = sum(isinstance(result, Ballot) for result in results)
    assert taken + len(refused) == VOTERS
    assert PollResult.objects.get().ballots == Ballot.objects.count() == taken
    assert Poll.objects.get(pk=poll.pk).state == "closed"


def _slowly(before):
    """A count that takes a while: what comes meanwhile is what the lock keeps out."""

    def count(poll, ballots):
        content = before(poll, ballots)
        time.sleep(0.3)
        return content

    return count


def test_who_votes_while_it_is_counted_is_told_that_it_is_closed(monkeypatch):
    monkeypatch.setattr(moves, "counted", _slowly(moves.counted))
    poll = PollFactory(options=2)
    _close_amid(poll, _people(VOTERS))
    assert PollResult.objects.get().ballots == Ballot.objects.count()


def test_control_without_trigger_and_lock_ballots_are_lost_from_the_count(monkeypatch):
    monkeypatch.setattr(moves, "counted", _slowly(moves.counted))
    monkeypatch.setattr(moves, "lock_poll", lambda poll: Poll.objects.get(pk=poll.pk))
    poll = PollFactory(options=2)
    with _without_trigger():
        _close_amid(poll, _people(VOTERS))
    assert PollResult.objects.get().ballots < Ballot.objects.count()


def test_what_is_withdrawn_while_it_closes_is_counted_or_gone():
    poll = PollFactory(options=2)
    people = _people(20)
    boss, first = organizer(poll.chapter), poll.options.first().pk
    for user in people:
        _cast(poll, user, first)
    calls = [partial(withdraw_ballot, poll=poll, by=user) for user in people]
    calls.insert(10, partial(close_poll, poll=poll, reason="r", by=boss))
    results = stampede(calls, width=WIDTH)
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, PollClosedError) for result in refused)
    assert PollResult.objects.get().ballots == Ballot.objects.count() == len(refused)


def test_many_who_settle_and_remind_do_it_once(time_machine):
    poll = PollFactory(options=2)
    boss = organizer(poll.chapter)
    results = stampede([partial(remind_voters, poll=poll, by=boss)] * 8, width=8)
    assert sum(isinstance(result, int) for result in results) == 1
    time_machine.move_to(poll.closes_at)
    results = stampede([partial(settle_poll, poll)] * 8, width=8)
    assert [result.state for result in results] == ["closed"] * 8
    assert PollResult.objects.count() == 1
