"""Sixteen writers race for nodes: reserve_nodes() beside the bare statements, in one run.

The bare one takes the same locks in the same order and inserts the same rows, but checks no
wish, and who comes too late only learns that it did. Latency counts from the common start.
"""

import argparse
import datetime as dt
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from bench.common import median, own_database, percentile, report

WRITERS = 16
TURNAROUND = dt.timedelta(seconds=600)
Race = Callable[[int], bool]  # what writer n does; whether it won

LOCK_ONE = "SELECT id FROM deploylab_node WHERE name = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
LOCK_ALL = "SELECT id FROM deploylab_node ORDER BY id FOR NO KEY UPDATE"
FREE = """SELECT id, chapter_id FROM deploylab_node AS node WHERE id = ANY(%s) AND NOT EXISTS (
  SELECT 1 FROM deploylab_allocation WHERE node_id = node.id AND is_live AND held && %s)
  ORDER BY id LIMIT %s"""
RESERVE = """INSERT INTO deploylab_reservation
  (id, chapter_id, holder_id, starts_at, ends_at, purpose, state, end_reason, epoch, created_at)
  VALUES (%s, %s, %s, %s, %s, '', 'active', '', 0, now())"""
ALLOCATE = """INSERT INTO deploylab_allocation (reservation_id, node_id, held, is_live)
  VALUES (%s, %s, %s, true)"""


class Bare:
    """One connection a writer, and the statements."""

    def __init__(self, users: Sequence[int], names: list[str], count: int) -> None:
        url = os.environ["DATABASE_URL"]
        self.connections = [psycopg.connect(url) for _ in users]
        self.users, self.names, self.count = users, names, count

    def __call__(self, writer: int) -> bool:
        connection = self.connections[writer]
        now = dt.datetime.now(dt.UTC)
        end = now + dt.timedelta(hours=1)
        held = psycopg.types.range.TimestamptzRange(now, end + TURNAROUND)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(*((LOCK_ONE, [self.names]) if self.names else (LOCK_ALL, [])))
            ids = [row[0] for row in cursor.fetchall()]
            free = cursor.execute(FREE, [ids, held, self.count]).fetchall()
            if len(free) < self.count:
                return False
            number = uuid.uuid4()
            chapter = free[0][1]
            cursor.execute(RESERVE, [number, chapter, self.users[writer], now, end])
            cursor.executemany(ALLOCATE, [(number, row[0], held) for row in free])
        return True

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


def ours(users: Sequence[Any], names: list[str], count: int) -> Race:
    from deploylab.exceptions import NodesNotAvailableError  # after django.setup()
    from deploylab.services.reservations import Wish, reserve_nodes

    def run(writer: int) -> bool:
        end = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)
        wish = Wish(ends_at=end, names=names) if names else Wish(ends_at=end, count=count)
        try:
            reserve_nodes(wish=wish, by=users[writer])
        except NodesNotAvailableError:
            return False
        return True

    return run


def free_all() -> None:
    """Hand everything back, between two rounds."""
    from deploylab.models import Allocation, Reservation  # after django.setup()

    Allocation.objects.all().delete()
    Reservation.objects.all().delete()


def race(run: Race, rounds: int, winners: int) -> dict[str, float]:
    """Latencies in ms over all writers of all rounds; every round has just so many winners."""
    from django.db import connection  # after django.setup()

    gate = threading.Barrier(WRITERS)
    took: list[float] = []

    def one(writer: int) -> bool:
        gate.wait()
        began = time.perf_counter()
        try:
            return run(writer)
        finally:
            took.append((time.perf_counter() - began) * 1000)

    def leave(_: int) -> None:
        gate.wait()  # so that every thread gives back its own
        connection.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        for number in range(rounds + 5):
            won = sum(threads.map(one, range(WRITERS)))
            if won != winners:
                raise SystemExit(f"{won} winners instead of {winners}")
            free_all()
            if number == 4:
                took.clear()  # the first rounds open connections and fill caches
        list(threads.map(leave, range(WRITERS)))
    return {"p50_ms": percentile(took, 50), "p99_ms": percentile(took, 99)}


def deadlocks() -> int:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        row = connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])


def compare(
    users: Sequence[Any], names: list[str], count: int, rounds: int, runs: int
) -> dict[str, Any]:
    """Both in turn, `runs` times; the medians over the runs."""
    winners = 1 if names else 20 // count
    results: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
    for _ in range(runs):
        results["ours"].append(race(ours(users, names, count), rounds, winners))
        bare = Bare([user.pk for user in users], names, count)
        results["bare"].append(race(bare, rounds, winners))
        bare.close()
    return {
        name: {key: round(median([each[key] for each in found]), 1) for key in found[0]}
        for name, found in results.items()
    } | {"winners_a_round": winners}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=150)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with own_database():
        from tests.factories.community import participant  # after django.setup()
        from tests.factories.deploylab import NodeFactory

        nodes = [NodeFactory() for _ in range(20)]
        users = [participant() for _ in range(WRITERS)]
        result: dict[str, Any] = {
            "one_node": compare(users, [nodes[0].name], 1, options.rounds, options.runs),
            "six_of_twenty": compare(users, [], 6, options.rounds // 3, options.runs),
        }
        result["deadlocks"] = deadlocks()
    print(result, file=sys.stderr)
    if result["deadlocks"]:
        raise SystemExit("There were deadlocks.")
    report({"reservations": result})


if __name__ == "__main__":
    main()
