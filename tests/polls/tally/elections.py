"""Rules and ballots of made-up elections, for the tests of their count."""

import uuid

from polls.tally.lots import seed_hash

SEED = "5eed" * 8


def candidate(number, name, affiliation="", *, withdrew=False):
    return {"id": number, "name": name, "affiliation": affiliation, "withdrew": withdrew}


def rules(method, candidates, **changes):
    """`candidates` may be names by id."""
    if isinstance(candidates, dict):
        candidates = [candidate(number, name) for number, name in candidates.items()]
    told = {
        "election": "board", "method": method, "seats": 1, "whole_votes": True, "cap": None,
        "votes_per_voter": 8 if method == "cumulative" else None,
        "candidates": candidates, "asks_employer": False, "electorate": 100,
        "lot_seed": SEED, "lot_seed_hash": seed_hash(SEED),
    }  # fmt: skip
    return told | changes


def ballot(number, choices, employer="undisclosed"):
    return {"id": str(uuid.UUID(int=number)), "choices": choices, "employer": employer}


def cumulative(*given, employer="undisclosed"):
    """A ballot for each of the allocations, told as {id: votes}."""
    return [
        ballot(number, {"allocations": {str(one): str(n) for one, n in votes.items()}}, employer)
        for number, votes in enumerate(given, start=1)
    ]


def rankings(*given):
    """A ballot for each ranking: (how many, ids) or ids."""
    every = []
    for one in given:
        number, order = one if isinstance(one, tuple) else (1, one)
        every += [order] * number
    return [ballot(number, {"ranking": order}) for number, order in enumerate(every, start=1)]


def seated(result):
    return [row["id"] for row in result["candidates"] if row["seated"]]


def row(result, number):
    return next(row for row in result["candidates"] if row["id"] == number)


def sentences(result):
    return [step["sentence"] for step in result["steps"]]
