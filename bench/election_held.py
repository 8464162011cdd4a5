"""A whole election over HTTP beside a bare insert of the same ballots, in one run.

The opening with a link for every voter, the mails handed over (to memory), ballots over kept
connections, then close, sealing and count by the clock's tick; at the end everything is checked as
`tests/concurrency/voters.py` does. The bare insert writes the same rows through psycopg, one
transaction a ballot, as many at once, into a table that knows no voter, no lock and no trigger.
"""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.common import UVICORN, free_port, own_database, percentile, running

WIDTH, VOTES = 8, 8
TABLE = "CREATE TABLE bare_ballot (id uuid PRIMARY KEY, choices jsonb, employer text, hash text)"
INSERT = "INSERT INTO bare_ballot VALUES (%s, %s, '', %s)"


@contextmanager
def timed(result: dict[str, Any], name: str) -> Iterator[None]:
    """Note under `name` how many seconds it takes."""
    began = time.perf_counter()
    yield
    result[name] = round(time.perf_counter() - began, 2)


def opened(voters: int, candidates: int, result: dict[str, Any]) -> Any:
    """An open election in a chapter of its own."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from polls.services.elections.moves import open_election
    from tests.factories.community import organizer
    from tests.factories.polls import ElectionFactory

    election = ElectionFactory(candidates=candidates, roll=voters, seats=8, whole_votes=False)
    boss = organizer(election.chapter)
    with CaptureQueriesContext(connection) as captured, timed(result, "open_s"):
        election = open_election(election=election, by=boss)
    result["open_statements"] = len(captured)
    return election


def bare_seconds(choices: list[dict[str, Any]]) -> float:
    """Seconds to insert these ballots and nothing else."""
    rows = [(uuid.uuid4(), json.dumps(one), uuid.uuid4().hex * 2) for one in choices]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(TABLE)

    def write(part: list[tuple[Any, ...]]) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            for row in part:
                connection.execute(INSERT, row)

    began = time.perf_counter()
    with ThreadPoolExecutor(WIDTH) as threads:
        list(threads.map(write, [rows[n::WIDTH] for n in range(WIDTH)]))
    return time.perf_counter() - began


def vote_and_close(election: Any, voters: list[Any], result: dict[str, Any]) -> None:
    """The voting over HTTP, the clock's tick, and the check of everything.

    How long sealing and count took is read from the public log; the rest of the tick is the mails
    that tell of the result.
    """
    from community.core import clock
    from polls.models import Election
    from polls.tasks import settle_elections
    from tests.concurrency.voters import all_vote, check

    port = free_port()
    server = [*UVICORN, "--port", str(port), "community.project.asgi:application"]
    with running(server, port):
        asyncio.run(all_vote(port, election.slug, voters[:50], width=WIDTH))
        with timed(result, "vote_s"):
            asyncio.run(all_vote(port, election.slug, voters[50:], width=WIDTH))
        Election.objects.filter(pk=election.pk).update(closes_at=clock.now())
        with timed(result, "close_seal_count_s"):
            settle_elections()
        at = dict(election.log.values_list("event", "at"))
        result["seal_s"] = round((at["sealed"] - at["closed"]).total_seconds(), 2)
        result["count_s"] = round((at["counted"] - at["sealed"]).total_seconds(), 2)
        with timed(result, "check_s"):
            receipts = check(election, voters, port)
    assert len(receipts) == len(voters)


def held(voters: int, ballots: int, candidates: int) -> dict[str, Any]:
    """The figures of one whole election."""
    result: dict[str, Any] = {"voters": voters, "ballots": ballots, "candidates": candidates}
    with own_database():
        from django.test.utils import override_settings

        from tests.concurrency.voters import Voter, links_by_mail

        election = opened(voters, candidates, result)
        memory = "django.core.mail.backends.locmem.EmailBackend"
        with override_settings(EMAIL_BACKEND=memory), timed(result, "mails_s"):
            tokens = links_by_mail(election)
        assert len(set(tokens)) == voters
        paper = list(election.candidates.values_list("pk", flat=True))
        people = [Voter(n, token, paper, VOTES) for n, token in enumerate(tokens[:ballots])]
        vote_and_close(election, people, result)
        measured = people[50:]
        bare = len(measured) / bare_seconds([one.choices for one in measured])
    taken = [one.seconds * 1000 for one in measured]
    rate = len(measured) / result["vote_s"]
    return result | {
        "ballots_per_s": round(rate, 1),
        "bare_per_s": round(bare, 1),
        "rate_ratio": round(rate / bare, 3),
        "p50_ms": round(percentile(taken, 50), 1),
        "p95_ms": round(percentile(taken, 95), 1),
    }
