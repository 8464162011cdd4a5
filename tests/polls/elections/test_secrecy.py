"""No ballot is tied to a voter after sealing; before it, the same search finds every tie."""

import logging
import re
import secrets

import pytest
from django.core.cache import cache
from django.db import connection

from community.core import queue
from polls.forms.secret_ballots import in_voters_order
from polls.models import Election, RollEntry, SecretBallot
from polls.selectors.elections.rules import ballot_paper
from polls.services.elections.moves import close_election, open_election
from tests.factories.community import member
from tests.factories.polls import ElectionFactory

VOTERS = 40
PLACES = "SELECT id, xmin::text, ctid::text FROM polls_secretballot WHERE election_id = %s"
COLUMNS = {
    "election_id": "bigint",
    "id": "uuid",
    "choices": "jsonb",
    "employer": "character varying",
    "revote_hash": "character varying",
}


def _rows(query, *params):
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()


def _by_transaction(election):
    """Pairs of a voter and the only ballot that was written by the same transaction."""
    return {
        (voter, ballot)
        for voter, ballot, alike in _rows(
            "SELECT entry.id, ballot.id::text, count(*) OVER (PARTITION BY entry.xmin::text)"
            " FROM polls_rollentry entry JOIN polls_secretballot ballot"
            " ON ballot.xmin::text = entry.xmin::text AND ballot.election_id = entry.election_id"
            " WHERE entry.election_id = %s",
            election.pk,
        )
        if alike == 1
    }


def _by_order(election):
    """Pairs of the n-th voter and the n-th ballot in the order of writing and on disk."""
    voters = _rows(
        "SELECT id FROM polls_rollentry WHERE election_id = %s AND has_voted"
        " ORDER BY xmin::text::bigint, ctid",
        election.pk,
    )
    ballots = _rows(
        "SELECT id::text FROM polls_secretballot WHERE election_id = %s"
        " ORDER BY xmin::text::bigint, ctid",
        election.pk,
    )
    return {(voter, ballot) for (voter,), (ballot,) in zip(voters, ballots, strict=True)}


def _by_value(election):
    """Whatever stands in both a line of the roll and a ballot, in any column."""
    entries = _rows("SELECT * FROM polls_rollentry WHERE election_id = %s", election.pk)
    ballots = _rows("SELECT * FROM polls_secretballot WHERE election_id = %s", election.pk)
    told = [
        {str(value) for row in rows for value in row if value not in (None, "", True, False)}
        for rows in (entries, ballots)
    ]
    return told[0] & told[1] - {str(election.pk)}


@pytest.fixture
def voted(opened, vote):
    """An open election with forty ballots, and which of them is whose."""
    election = opened(roll=VOTERS, whole_votes=False)
    first = election.candidates.first().pk
    owners = set()
    for number, entry in enumerate(RollEntry.objects.filter(election=election), start=1):
        given = f"{number / 100:.2f}"
        vote(election, {"allocations": {str(first): given}}, entry)
        owners.add((entry.pk, given))
    ballots = SecretBallot.objects.filter(election=election)
    ids = {
        f"{float(ballot.choices['allocations'][str(first)]):.2f}": str(ballot.id)
        for ballot in ballots
    }
    return election, {(entry, ids[given]) for entry, given in owners}


@pytest.mark.django_db(transaction=True)
def test_nothing_ties_a_ballot_to_a_voter_after_sealing(voted, boss):
    election, owners = voted
    assert _by_transaction(election) == owners  # the control: before it, all forty are found
    assert _by_order(election) == owners
    close_election(election=election, by=boss)
    assert _by_transaction(election) == set()
    # Ordered by random ids, a pair in forty is right by chance on average; ten never are.
    assert len(_by_order(election) & owners) < 10
    assert _by_value(election) == set()
    assert len({xmin for (xmin,) in _rows("SELECT xmin::text FROM polls_secretballot")}) == 1
    assert not SecretBallot.objects.exclude(revote_hash=None).exists()


@pytest.mark.django_db(transaction=True)
def test_the_table_of_the_open_days_is_gone_and_others_are_not_touched(voted, opened, vote, boss):
    election, _ = voted
    other = opened(roll=2)
    vote(other, {"allocations": {}})
    before = _rows(PLACES, other.pk)
    close_election(election=election, by=boss)
    tables = {name for (name,) in _rows(
        "SELECT relid::text FROM pg_partition_tree('polls_secretballot') WHERE isleaf"
    )}  # fmt: skip
    assert f"polls_secretballot_{election.pk}_sealed" in tables
    assert _rows("SELECT to_regclass(%s)", f"polls_secretballot_{election.pk}_open") == [(None,)]
    assert _rows(PLACES, other.pk) == before


@pytest.mark.django_db
def test_the_columns_of_a_ballot_are_all_there_may_be(opened):
    opened()
    found = _rows(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = 'polls_secretballot'"
    )
    assert dict(found) == COLUMNS
    keys = _rows(
        "SELECT count(*) FROM pg_constraint WHERE contype = 'f'"
        " AND 'polls_secretballot'::regclass IN (conrelid, confrelid)"
    )
    assert keys == [(0,)]


def _cached():
    """Every key of the cache with its value."""
    store = cache._cache.get_client()
    return str([(key, store.dump(key)) for key in store.scan_iter()])


def _everything_else():
    """Every row of every table but those of secret ballots, as text."""
    tables = _rows(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND table_name NOT LIKE 'polls_secretballot%%'"
    )
    return "\n".join(
        str(row)
        for (table,) in tables
        for row in _rows(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - names of tables that are there
    )


@pytest.mark.django_db(transaction=True)
def test_a_whole_election_leaves_no_tie_in_logs_mails_tasks_or_tables(
    chapter, boss, client, caplog, mailoutbox, monkeypatch
):
    tasks = []
    monkeypatch.setattr(queue, "enqueue", lambda task, *args: tasks.append((task.name, args)))
    caplog.set_level(logging.DEBUG)
    voter = member(chapter, email="voter1@example.org")
    election = open_election(election=ElectionFactory(chapter=chapter), by=boss)
    client.force_login(voter)
    code = secrets.token_urlsafe(24)
    first = election.candidates.first()
    page = f"/elections/{election.slug}/ballot/"
    answer = client.post(page, {"option-revote_code": code, f"option-{first.pk}": "8"})
    receipt = answer.context["receipt"]
    wrong = client.post(page, {"option-revote_code": secrets.token_urlsafe(24)})
    api = client.post(
        f"/api/v1/elections/{election.slug}/ballot/",
        {"allocations": {first.pk: 99}, "revote_code": code},
        content_type="application/json",
    )
    assert (answer.status_code, wrong.status_code, api.status_code) == (200, 409, 422)
    ballot = str(SecretBallot.objects.get(election=election).id)
    close_election(election=election, by=boss, reason="all are in")
    said = "\n".join(
        [
            caplog.text,
            str(tasks),
            "".join(str(mail.message()) for mail in mailoutbox),
            wrong.content.decode(),
            api.content.decode(),
            _everything_else(),
            str(dict(client.session.items())),
            _cached(),
        ]
    )
    for secret in (receipt, code, ballot):
        assert secret not in said
    assert "sealed" in said  # the control: what was searched does hold the public log


@pytest.mark.django_db
def test_the_order_on_a_voter_s_paper_cannot_be_worked_out_after_the_sealing(client, opened, boss):
    """Who ranks from top to bottom would else be found by it."""
    election, voter = opened(candidates=8, method="stv"), member()
    entry = election.roll.first()
    RollEntry.objects.filter(pk=entry.pk).update(account=voter)
    client.force_login(voter)

    def shown():
        page = client.get(f"/elections/{election.slug}/ballot/").content.decode()
        return [int(pk) for pk in re.findall(r'name="option-(\d+)"', page)]

    order = shown()
    assert len(order) == 8
    assert shown() == order
    assert order != [one.pk for one in in_voters_order(ballot_paper(election), f":{entry.pk}")]
    Election.objects.filter(pk=election.pk).update(lot_seed_sealed="another")
    assert shown() != order
    Election.objects.filter(pk=election.pk).update(lot_seed_sealed=election.lot_seed_sealed)
    assert close_election(election=election, by=boss).lot_seed_sealed == ""
