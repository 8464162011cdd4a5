"""Every state of an election with every event, and what each move asks and leaves behind."""

import datetime as dt

import pytest

from community.core import clock
from community.core.errors import ForbiddenError, InvalidError, TransitionError
from community.models import Mail
from polls import states
from polls.models import Election, ElectionEntry, RollEntry, SecretBallot
from polls.services.elections.certifying import certify_election
from polls.services.elections.counting import count_sealed
from polls.services.elections.log import BEGINNING, broken_line
from polls.services.elections.moves import (
    cancel_election,
    close_election,
    extend_election,
    open_election,
    open_nominations,
    settle_due_elections,
    settle_election,
)
from polls.services.elections.sealing import seal_closed
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import ElectionFactory

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(days=3)


@pytest.fixture
def inspector(chapter):
    return member(chapter)


@pytest.fixture
def at(chapter, boss, inspector):
    """An election in a state, as it came to be there."""

    def draft():
        return ElectionFactory(
            chapter=chapter,
            inspectors=[inspector],
            nominations_close_at=clock.now() + dt.timedelta(days=1),
        )

    def forced(election, state, **fields):
        Election.objects.filter(pk=election.pk).update(state=state, **fields)
        election.refresh_from_db()
        return election

    def make(state):
        ways = {
            states.DRAFT: draft,
            states.NOMINATING: lambda: open_nominations(election=draft(), by=boss),
            states.EXTERNAL: lambda: forced(draft(), state, announced_at=clock.now()),
            states.OPEN: lambda: open_election(election=draft(), by=boss),
            states.CLOSED: lambda: forced(make(states.OPEN), state, closed_at=clock.now()),
            states.SEALED: lambda: seal_closed(make(states.CLOSED)),
            states.COUNTED: lambda: count_sealed(make(states.SEALED)),
            states.CERTIFIED: lambda: certify_election(election=make(states.COUNTED), by=inspector),
            states.CANCELLED: lambda: cancel_election(election=draft(), reason="why", by=boss),
        }
        election = ways[state]()
        assert election.state == state
        return election

    return make


def _events(election, boss, inspector):
    """What a person may try, by the table's event."""
    return {
        "nominate": lambda: open_nominations(election=election, by=boss),
        "open": lambda: open_election(election=election, by=boss),
        "extend": lambda: extend_election(
            election=election, closes_at=clock.now() + LATER, reason="rain", by=boss
        ),
        "close": lambda: close_election(election=election, by=boss),
        "certify": lambda: certify_election(election=election, by=inspector),
        "cancel": lambda: cancel_election(election=election, reason="a fault", by=boss),
    }


# Whoever asks of an election that is halfway finds it counted; an open one stays as it is.
SETTLED = {states.CLOSED: states.COUNTED, states.SEALED: states.COUNTED}
STAYS = {(states.OPEN, "open")}


@pytest.mark.parametrize(
    "event", sorted({"nominate", "open", "extend", "close", "certify", "cancel"})
)
@pytest.mark.parametrize("state", sorted(states.ELECTION.states))
def test_every_state_with_every_event(state, event, at, boss, inspector):
    election = at(state)
    lines = ElectionEntry.objects.filter(election=election).count()
    act = _events(election, boss, inspector)[event]
    begins = SETTLED.get(state, state) if event in {"extend", "certify"} else state
    allowed = begins in states.ELECTION.sources(event)
    if (state, event) in STAYS:
        assert act().state == state
        return
    if not allowed:
        with pytest.raises(TransitionError):
            act()
        election.refresh_from_db()
        assert election.state in {state, SETTLED.get(state)}
        assert broken_line(election) is None
        return
    after = act()
    target = states.ELECTION.next(begins, event).target
    assert after.state == SETTLED.get(target, target)
    assert ElectionEntry.objects.filter(election=election).count() > lines
    assert broken_line(election) is None


def test_the_table_names_every_state_of_the_model():
    assert states.ELECTION.states == set(Election.State.values)
    assert all(states.ELECTION.is_final(state) for state in (states.CERTIFIED, states.CANCELLED))


def test_it_opens_and_closes_by_itself(chapter, boss, vote, time_machine):
    begins = clock.now() + dt.timedelta(hours=1)
    election = ElectionFactory(
        chapter=chapter, announced_at=clock.now(), opens_at=begins, closes_at=begins + LATER
    )
    settle_due_elections()
    election.refresh_from_db()
    assert election.state == states.DRAFT
    time_machine.move_to(begins)
    settle_due_elections()
    election.refresh_from_db()
    assert (election.state, election.opens_at) == (states.OPEN, begins)
    vote(election, {"allocations": {}})
    time_machine.move_to(begins + LATER)
    settle_due_elections()
    election.refresh_from_db()
    assert (election.state, election.closed_at) == (states.COUNTED, begins + LATER)


def test_one_that_lacks_something_waits_and_says_what(chapter, boss):
    election = ElectionFactory(
        chapter=chapter,
        candidates=0,
        roll=0,
        announced_at=clock.now(),
        opens_at=clock.now() - LATER,
        results_at="certification",
    )
    settle_due_elections()
    election.refresh_from_db()
    assert election.state == states.DRAFT
    with pytest.raises(InvalidError) as refused:
        open_election(election=election, by=boss)
    assert set(refused.value.extra["errors"]) == {"candidates", "electorate", "inspectors"}


def test_a_worker_that_dies_halfway_leaves_the_rest_to_the_clock(opened, boss, vote, monkeypatch):
    election = opened()
    vote(election, {"allocations": {}})
    from polls.services.elections import moves

    def die(_election):
        raise RuntimeError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(moves, "count_sealed", die)
        with pytest.raises(RuntimeError):
            close_election(election=election, by=boss)
    election.refresh_from_db()
    assert election.state == states.SEALED
    settle_due_elections()
    election.refresh_from_db()
    assert election.state == states.COUNTED
    assert election.result.ballots == 1


def test_only_organizers_of_the_chapter_move_it(opened):
    election = opened()
    stranger = organizer(ChapterFactory(slug="boston"))
    for act in (
        lambda: close_election(election=election, by=stranger),
        lambda: cancel_election(election=election, reason="mine", by=stranger),
        lambda: open_election(election=election, by=stranger),
    ):
        with pytest.raises(ForbiddenError):
            act()


def test_cancelling_destroys_the_ballots(opened, boss, vote):
    election = opened()
    vote(election, {"allocations": {}})
    cancel_election(election=election, reason="the roll was wrong", by=boss)
    assert not SecretBallot.objects.filter(election=election).exists()
    election.refresh_from_db()
    assert settle_election(election).state == states.CANCELLED


def test_who_deleted_their_account_is_mailed_nothing_of_the_end(opened, boss):
    election, gone = opened(), "gone-1@deleted.invalid"
    RollEntry.objects.filter(pk=election.roll.first().pk).update(email=gone)
    close_election(election=election, by=boss)
    told = Mail.objects.filter(purpose="polls/election_result")
    assert told.count() == 2
    assert not told.filter(to=gone).exists()


def test_extending_needs_a_later_close_and_a_reason(opened, boss):
    election = opened()
    with pytest.raises(InvalidError):
        extend_election(election=election, closes_at=election.closes_at, reason="rain", by=boss)
    with pytest.raises(InvalidError):
        extend_election(
            election=election, closes_at=election.closes_at + LATER, reason=" ", by=boss
        )


def test_links_die_at_the_close(opened, boss):
    election = opened()
    RollEntry.objects.filter(election=election).update(token_hash=None)
    close_election(election=election, by=boss)
    assert not RollEntry.objects.exclude(token_nonce=None).exists()


@pytest.mark.django_db(transaction=True)
def test_the_log_is_a_chain_that_the_database_keeps(opened, boss):
    from django.db import IntegrityError, connection, transaction

    election = opened()
    close_election(election=election, by=boss, reason="all are in")
    entries = list(ElectionEntry.objects.filter(election=election))
    assert [entry.event for entry in entries] == [
        "snapshot", "opened", "closed", "sealed", "counted",
    ]  # fmt: skip
    assert entries[0].previous_hash == BEGINNING
    entries[1].facts = {}
    with pytest.raises(IntegrityError), transaction.atomic():
        entries[1].save()
    with pytest.raises(IntegrityError), transaction.atomic():
        entries[1].delete()
    with connection.cursor() as cursor:  # the control: one who gets round the trigger is found
        cursor.execute("ALTER TABLE polls_electionentry DISABLE TRIGGER polls_election_log_is_kept")
        cursor.execute(
            "UPDATE polls_electionentry SET facts = facts || '{\"voted\": 9}' WHERE id = %s",
            [entries[2].pk],
        )
        cursor.execute("ALTER TABLE polls_electionentry ENABLE TRIGGER polls_election_log_is_kept")
    assert broken_line(election) == entries[2].number


def test_the_seed_is_secret_until_sealing_and_has_its_hash(opened, boss):
    import hashlib

    election = opened()
    assert election.lot_seed == ""
    assert len(election.lot_seed_hash) == 64
    before = ElectionEntry.objects.get(election=election, event="opened").facts
    assert before["lot_seed_hash"] == election.lot_seed_hash
    election = close_election(election=election, by=boss)
    assert hashlib.sha256(election.lot_seed.encode()).hexdigest() == before["lot_seed_hash"]
