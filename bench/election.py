"""The count of a large election beside the bare sum of the same allocations, in one process.

5,000 cumulative ballots over 27 candidates of ten companies, with the affiliation cap, without it,
by STV and by Schulze; the best of five rounds of each. Then a whole election of 5,000 voters and
2,000 ballots, see `bench/election_held.py`.
"""

import argparse
import random
import sys
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bench.common import report
from bench.election_held import held
from polls.tally.election import canonical_bytes, count_election
from polls.tally.lots import seed_hash
from polls.tally.sheets import ballots_csv, read_ballots_csv

VOTES, ROUNDS, SEED = 8, 5, "bench"


def rules(candidates: int) -> dict[str, Any]:
    return {
        "election": "bench", "method": "cumulative", "seats": 8, "votes_per_voter": VOTES,
        "whole_votes": False, "asks_employer": True, "electorate": 10_000,
        "cap": {"max": 2, "sitting": [{"name": "Sitting", "affiliation": "Company 1"}]},
        "lot_seed": SEED, "lot_seed_hash": seed_hash(SEED),
        "candidates": [
            {
                "id": n, "name": f"Candidate {n}", "affiliation": f"Company {n % 10}",
                "withdrew": n == 27,
            }
            for n in range(1, candidates + 1)
        ],
    }  # fmt: skip


def ballots_of(number: int, candidates: int) -> list[dict[str, Any]]:
    """Made up from a fixed seed: eight votes in quarters, the first candidates liked more."""
    chance = random.Random(2012)
    liked = [1 / n for n in range(1, candidates + 1)]
    ballots = []
    for _ in range(number):
        quarters: dict[str, int] = defaultdict(int)
        for one in chance.choices(range(1, candidates + 1), liked, k=chance.randint(0, 8)):
            quarters[str(one)] += 4 - chance.randint(0, 2)
        ballots.append({
            "id": str(uuid.UUID(int=chance.getrandbits(128))),
            "choices": {"allocations": {one: str(n / 4) for one, n in quarters.items()}},
            "employer": chance.choice(["company 1", "company 2", "other", "undisclosed"]),
        })  # fmt: skip
    return ballots


def bare_sum(ballots: list[dict[str, Any]]) -> dict[str, Decimal]:
    votes: dict[str, Decimal] = defaultdict(Decimal)
    for ballot in ballots:
        for candidate, text in ballot["choices"]["allocations"].items():
            votes[candidate] += Decimal(text)
    return votes


def best(function: Callable[[], object]) -> float:
    """Seconds of the quickest of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function()
        taken.append(time.perf_counter() - start)
    return min(taken)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=5000)
    parser.add_argument("--candidates", type=int, default=27)
    parser.add_argument("--voters", type=int, default=5000)
    parser.add_argument("--cast", type=int, default=2000, help="ballots over HTTP")
    options = parser.parse_args()
    told = rules(options.candidates)
    ballots = ballots_of(options.ballots, options.candidates)
    counted = count_election(told, ballots)
    sheet = ballots_csv(told, ballots)

    def recount() -> bytes:
        return canonical_bytes(count_election(told, read_ballots_csv(sheet, told)))

    sums = bare_sum(ballots)
    assert all(Decimal(one["votes"]) == sums[str(one["id"])] for one in counted["candidates"])
    assert recount() == canonical_bytes(counted)
    ours, bare = best(lambda: count_election(told, ballots)), best(lambda: bare_sum(ballots))
    result = {
        "ballots": options.ballots,
        "candidates": options.candidates,
        "count_s": round(ours, 3),
        "recount_s": round(best(recount), 3),
        "bare_s": round(bare, 4),
        "ratio": round(ours / bare, 1),
        "held": held(options.voters, options.cast, options.candidates),
    }
    print(result, file=sys.stderr)
    report({"election": result})


if __name__ == "__main__":
    main()
