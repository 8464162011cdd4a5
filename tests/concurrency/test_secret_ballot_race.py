"""Secret ballots from many hands at once, amid a close, and under a connection that is killed."""

import secrets
import threading
import time
from contextlib import contextmanager, nullcontext
from functools import partial

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.test import Client

from community.core import clock
from polls import states
from polls.exceptions import BallotsBusyError, ElectionClosedError
from polls.models import Election, ElectionResult, RollEntry, SecretBallot
from polls.selectors.elections.results import receipts_of
from polls.services.elections import ballots, counting, moves, partitions, sealing
from polls.services.elections.ballots import cast_ballot
from polls.services.elections.moves import (
    cancel_election,
    close_election,
    open_election,
    settle_due_elections,
    settle_election,
)
from polls.services.elections.tokens import link_secrets
from tests.concurrency.stampede import stampede
from tests.factories.community import organizer
from tests.factories.polls import ElectionFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

VOTERS, WIDTH, POSTS = 40, 12, 20
CODE = "one-code-for-one-voter-of-this-test"


def _opened(roll=3):
    election = ElectionFactory(roll=roll)
    return open_election(election=election, by=organizer(election.chapter))


def _cast(election, entry, votes, code=None):
    first = election.candidates.order_by("pk").first()
    return cast_ballot(
        election=election,
        entry=entry,
        choices={"allocations": {str(first.pk): votes}},
        revote_code=code or secrets.token_urlsafe(24),
    )


def _votes(election):
    found = SecretBallot.objects.filter(election=election)
    return [
        list(choices["allocations"].values()) for choices in found.values_list("choices", flat=True)
    ]


def _voted(election):
    return RollEntry.objects.filter(election=election, has_voted=True).count()


def _link(entry):
    """The token of the mail that was queued for `entry`, valid as when it was handed over."""
    (address,) = link_secrets({"entry": entry.pk, "nonce": entry.token_nonce.hex}).values()
    return address.split("/")[2]


def _post(election, token, code):
    first = election.candidates.order_by("pk").first()
    body = {"allocations": {str(first.pk): 1}, "revote_code": code}
    answer = Client(headers={"X-Voter-Token": token}).post(
        f"/api/v1/elections/{election.slug}/ballot/", body, content_type="application/json"
    )
    return answer.status_code, answer.json().get("receipt") or answer.json()["code"]


def test_twenty_posts_with_one_link_are_one_ballot():
    cache.clear()
    election = _opened()
    token = _link(election.roll.first())
    answers = stampede([partial(_post, election, token, CODE)] * POSTS, width=POSTS)
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    assert SecretBallot.objects.filter(election=election).count() == _voted(election) == 1


def test_twenty_posts_with_twenty_codes_are_one_ballot():
    cache.clear()
    election = _opened()
    token = _link(election.roll.first())
    calls = [partial(_post, election, token, f"{CODE}-{number}") for number in range(POSTS)]
    answers = stampede(calls, width=POSTS)
    assert sorted(status for status, _ in answers) == [200] + [409] * (POSTS - 1)
    assert {word for status, word in answers if status == 409} == {"already_voted"}
    assert SecretBallot.objects.filter(election=election).count() == _voted(election) == 1


def _unlocked(election, entry):
    held = RollEntry.objects.get(pk=entry.pk, election=election)
    time.sleep(0.1)
    return held


def test_control_without_the_lines_lock_one_voter_has_several_ballots(monkeypatch):
    monkeypatch.setattr(ballots, "_hold", _unlocked)
    election = _opened()
    entry = election.roll.first()
    results = stampede([partial(_cast, election, entry, "1")] * WIDTH, width=WIDTH)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert SecretBallot.objects.filter(election=election).count() > _voted(election) == 1


def _slowly(monkeypatch):
    """A sealing that takes a while after the copy; the event says that it is there.

    What comes meanwhile must be kept out.
    """
    copied = threading.Event()

    def run(*statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                if "INSERT" in statement.as_string():
                    copied.set()
                    time.sleep(0.3)

    monkeypatch.setattr(partitions, "_run", run)
    return copied


def _close_amid(election, copied):
    """Everyone votes at once, and the election closes amid them: receipts, and refusals.

    The last ten come when the ballots are copied already.
    """
    boss = organizer(election.chapter)

    def late(entry):
        copied.wait(timeout=10)
        return _cast(election, entry, "1")

    entries = list(election.roll.all())
    calls = [partial(_cast, election, entry, "1") for entry in entries[:-10]]
    calls.append(partial(close_election, election=election, reason="all are in", by=boss))
    calls += [partial(late, entry) for entry in entries[-10:]]
    results = stampede(calls, width=WIDTH)
    del results[-11]
    receipts = [result for result in results if isinstance(result, str)]
    return receipts, [result for result in results if isinstance(result, Exception)]


def test_every_receipt_that_was_given_amid_a_close_is_counted_and_nothing_else(monkeypatch):
    copied = _slowly(monkeypatch)
    election = _opened(roll=VOTERS)
    receipts, refused = _close_amid(election, copied)
    assert [error for error in refused if not isinstance(error, ElectionClosedError)] == []
    assert len(receipts) + len(refused) == VOTERS
    election.refresh_from_db()
    assert receipts_of(election) == sorted(receipts)
    assert election.result.ballots == _voted(election) == len(receipts)


@contextmanager
def _without_trigger():
    change = "ALTER TABLE polls_secretballot {} TRIGGER polls_secret_ballot_only_while_open"
    with connection.cursor() as cursor:
        cursor.execute(change.format("DISABLE"))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(change.format("ENABLE"))


def test_control_without_share_and_trigger_receipts_are_given_for_nothing(monkeypatch):
    copied = _slowly(monkeypatch)
    monkeypatch.setattr(ballots, "_share", lambda _: None)
    election = _opened(roll=VOTERS)
    with _without_trigger():
        receipts, _ = _close_amid(election, copied)
    assert ElectionResult.objects.get(election=election).ballots < len(receipts)


def _killed(monkeypatch, name, call):
    """Run `call`, and end its connection to the database when it is through `ballots.<name>`."""
    reached, killed, pids = threading.Event(), threading.Event(), []
    through = getattr(ballots, name)

    def pause(*args):
        found = through(*args)
        pids.append(connection.connection.info.backend_pid)
        reached.set()
        killed.wait(timeout=10)
        return found

    def kill():
        assert reached.wait(timeout=10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", pids)
        killed.set()

    with monkeypatch.context() as patch:
        patch.setattr(ballots, name, pause)
        error, nothing = stampede([call, kill], width=2)
    assert nothing is None
    assert isinstance(error, OperationalError)


def test_a_revote_whose_connection_is_killed_leaves_the_old_ballot_whole(monkeypatch):
    election = _opened()
    entry = election.roll.first()
    before = _cast(election, entry, "8", CODE)
    _killed(monkeypatch, "_replaced", partial(_cast, election, entry, "5", CODE))
    assert _votes(election) == [["8"]]
    assert _cast(election, entry, "8", CODE) == before
    _cast(election, entry, "5", CODE)
    assert _votes(election) == [["5"]]


def test_a_first_ballot_whose_connection_is_killed_leaves_nothing(monkeypatch):
    election = _opened()
    entry = election.roll.first()
    _killed(monkeypatch, "_revote_hash", partial(_cast, election, entry, "8", CODE))
    assert (_votes(election), _voted(election)) == ([], 0)
    _cast(election, entry, "8", CODE)
    assert (_votes(election), _voted(election)) == ([["8"]], 1)


def test_control_without_one_transaction_the_voter_has_voted_without_a_ballot(monkeypatch):
    election = _opened()
    entry = election.roll.first()
    monkeypatch.setattr(ballots, "_hold", _unlocked)
    monkeypatch.setattr(ballots.transaction, "atomic", nullcontext)
    _killed(monkeypatch, "_revote_hash", partial(_cast, election, entry, "8", CODE))
    assert (_votes(election), _voted(election)) == ([], 1)


def _ended(roll=6):
    """An open election with ballots whose time is over, as it was read before."""
    election = _opened(roll=roll)
    for entry in election.roll.all():
        _cast(election, entry, "1")
    Election.objects.filter(pk=election.pk).update(closes_at=clock.now())
    return Election.objects.get(pk=election.pk)


def test_many_who_settle_one_election_seal_and_count_it_once(monkeypatch):
    _slowly(monkeypatch)
    election = _ended()
    results = stampede([partial(settle_election, election)] * 6, width=6)
    assert [result.state for result in results] == [states.COUNTED] * 6
    told = list(election.log.order_by("number").values_list("event", flat=True))
    assert told == ["snapshot", "opened", "closed", "sealed", "counted"]
    assert ElectionResult.objects.get().ballots == 6


def test_control_without_the_row_lock_they_collide(monkeypatch):
    _slowly(monkeypatch)
    election = _ended()
    for module in (moves, sealing, counting):
        monkeypatch.setattr(module, "lock_election", lambda one: Election.objects.get(pk=one.pk))
    results = stampede([partial(settle_election, election)] * 6, width=6)
    assert [result for result in results if isinstance(result, Exception)] != []


def test_elections_that_open_and_close_at_once_do_not_hold_up_a_third(monkeypatch):
    _slowly(monkeypatch)
    third, fresh = _opened(roll=VOTERS), ElectionFactory()
    calls = [partial(_cast, third, entry, "1") for entry in third.roll.all()]
    calls[3:3] = [
        partial(settle_election, _ended()),
        partial(settle_election, _ended()),
        partial(open_election, election=fresh, by=organizer(fresh.chapter)),
    ]
    results = stampede(calls, width=WIDTH)
    assert [result for result in results if isinstance(result, Exception)] == []
    assert [result.state for result in results[3:6]] == [states.COUNTED, states.COUNTED, "open"]
    assert SecretBallot.objects.filter(election=third).count() == _voted(third) == VOTERS


def test_control_without_turns_two_that_close_at_once_stop_each_other(monkeypatch):
    _slowly(monkeypatch)
    elections = [_ended(), _ended()]
    for module in (partitions, sealing):
        monkeypatch.setattr(module, "hold_partitions", lambda: None)
    results = stampede([partial(settle_election, one) for one in elections], width=2)
    assert [result for result in results if isinstance(result, OperationalError)] != []


def test_a_backup_holds_up_the_sealing_and_nobody_s_vote(monkeypatch):
    monkeypatch.setattr(partitions, "PATIENCE_MS", 200)
    ended, third, dropped = _ended(), _opened(), _opened()
    reading, may_end = threading.Event(), threading.Event()

    def backup():
        with transaction.atomic():
            SecretBallot.objects.first()
            reading.set()
            may_end.wait(timeout=10)

    def meanwhile():
        reading.wait(timeout=10)
        try:
            assert settle_election(ended).state == states.CLOSED
            _cast(third, third.roll.first(), "1")
            with pytest.raises(BallotsBusyError):
                cancel_election(election=dropped, reason="r", by=organizer(dropped.chapter))
        finally:
            may_end.set()

    assert stampede([backup, meanwhile], width=2) == [None, None]
    settle_due_elections()
    ended.refresh_from_db()
    assert ended.state == states.COUNTED
    assert cancel_election(election=dropped, reason="r", by=organizer(dropped.chapter)).state == (
        states.CANCELLED
    )
