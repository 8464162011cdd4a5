"""An election's whole result from its rules and ballots: one function for count and recount.

Rules and ballots are plain data; what a ballot may say stands in `polls.tally.choices`.

    rules     election (slug), method, seats, votes_per_voter, whole_votes, electorate,
              asks_employer, cap: {"max", "sitting": [{"name", "affiliation"}]} or None,
              candidates: [{"id", "name", "affiliation", "withdrew"}],
              lot_seed, lot_seed_hash
    ballots   [{"id", "choices", "employer"}]

What a candidate's `votes` are, and who are the `voters`, depends on the method:

    method       votes                              voters: ballots that ...
    cumulative   votes given                        give the candidate some
    approval     approvals                          approve of the candidate
    stv          first preferences                  rank the candidate
    schulze      ballots that rank the candidate    rank the candidate

Two departures from a bare order: who withdrew takes no part, and is listed last with the votes that
were given; and who is on no ballot is not seated, even where seats stay empty.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from polls.tally.cap import affiliation_key
from polls.tally.choices import FIELDS, HUNDREDTHS, Paper, paper_of, without
from polls.tally.employers import UNDISCLOSED, own_employer_percent
from polls.tally.lots import Lot, seed_hash
from polls.tally.outcomes import METHODS, Contest, Outcome, what_ifs
from polls.tally.receipts import ballots_digest, receipt_of, receipts_digest
from polls.tally.shares import HALF

VERSION = "1"  # changes with every change that can change a result
MEANING = {
    "cumulative": "votes",
    "approval": "approvals",
    "stv": "first preferences",
    "schulze": "ballots that rank the candidate",
}


def count_election(
    rules: Mapping[str, Any], ballots: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The result of `ballots` by `rules`; the same data give the same bytes, in whatever order.

    Numbers with decimals are text: votes (whole ones where the rules allow no others, else with two
    decimals), votes per voter, and percentages with two decimals, a half rounded up.
    `percent_of_votes` is of all votes given, `percent_of_voters` and `turnout_percent` count
    abstentions as ballots; they are None where there is nothing to divide by. Candidates come in
    order of the result; `rank` is their place in it, without ties, shared only by those on no
    ballot, and None for who withdrew. `reason` says why the cap kept somebody out or whose seat was
    taken; `steps` tell every tie, lot and use of the cap. Sums are exact. Formulas and sources
    stand with each method.

    Raises ValueError for rules that contradict themselves and for ballots they do not allow.
    """
    checked_rules(rules)
    if len({ballot["id"] for ballot in ballots}) < len(ballots):
        raise ValueError("A ballot is there twice.")
    papers = [
        paper_of(rules, ballot["choices"], ballot.get("employer") or UNDISCLOSED)
        for ballot in ballots
    ]
    digest = receipts_digest(
        receipt_of(rules["election"], ballot["id"], ballot["choices"]) for ballot in ballots
    )
    contest = _contest(rules, papers, digest)
    outcome = METHODS[rules["method"]](contest, rules["cap"])
    return {
        **_head(rules, papers),
        "receipts_digest": digest,
        # The log holds the hash of all this before a result is out: a few ballots could be guessed.
        "ballots_digest": ballots_digest(ballots),
        "candidates": _rows(rules, contest, outcome, papers),
        "steps": outcome.steps,
        **outcome.data,
        "what_if": what_ifs(rules["method"], contest, rules["cap"], outcome.seated),
    }


def canonical_bytes(content: Mapping[str, Any]) -> bytes:
    """The bytes by which results are compared: JSON, keys sorted, no spaces, one line feed."""
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def checked_rules(rules: Mapping[str, Any]) -> None:
    """Raises ValueError for rules by which nothing can be counted."""
    ids = [candidate["id"] for candidate in rules["candidates"]]
    if rules["method"] not in FIELDS:
        raise ValueError(f"There is no method {rules['method']!r}.")
    if len(set(ids)) < len(ids):
        raise ValueError("A candidate is there twice.")
    if rules["seats"] < 1:
        raise ValueError("There is no seat to be filled.")
    if rules["method"] == "cumulative" and not rules["votes_per_voter"]:
        raise ValueError("A cumulative election says how many votes a voter has.")
    if seed_hash(rules["lot_seed"]) != rules["lot_seed_hash"]:
        raise ValueError("The lot's seed is not the one whose hash was published.")


def _contest(rules: Mapping[str, Any], papers: Sequence[Paper], digest: str) -> Contest:
    candidates = sorted(rules["candidates"], key=lambda one: one["id"])
    votes: Counter[int] = Counter()
    voters: Counter[int] = Counter()
    for paper in papers:
        votes.update(paper.votes)
        voters.update(paper.named)
    withdrew = {one["id"] for one in candidates if one["withdrew"]}
    return Contest(
        candidates=candidates,
        standing=[
            one["id"] for one in candidates if voters[one["id"]] and one["id"] not in withdrew
        ],
        votes=votes,
        voters=voters,
        tiers=[without(paper.tiers, withdrew) for paper in papers],
        seats=rules["seats"],
        lot=Lot(rules["lot_seed"], digest, {one["id"]: one["name"] for one in candidates}),
    )


def _head(rules: Mapping[str, Any], papers: Sequence[Paper]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "election": rules["election"],
        "method": rules["method"],
        "votes_mean": MEANING[rules["method"]],
        "seats": rules["seats"],
        "votes_per_voter": rules["votes_per_voter"],
        "cap": rules["cap"],
        "electorate": rules["electorate"],
        "ballots": len(papers),
        "abstentions": sum(not paper.tiers for paper in papers),
        "turnout_percent": _quotient(100 * len(papers), rules["electorate"]),
        "lot_seed": rules["lot_seed"],
    }


def _rows(
    rules: Mapping[str, Any], contest: Contest, outcome: Outcome, papers: Sequence[Paper]
) -> list[dict[str, Any]]:
    by_id = {one["id"]: one for one in contest.candidates}
    withdrew = [one for one in by_id if by_id[one]["withdrew"]]
    unnamed = [one for one in by_id if one not in withdrew and one not in outcome.order]
    reasons = outcome.reasons | dict.fromkeys(withdrew, "withdrew")
    reasons |= dict.fromkeys(unnamed, "on no ballot")
    ranks: dict[int, int | None] = {one: rank for rank, one in enumerate(outcome.order, start=1)}
    ranks |= dict.fromkeys(unnamed, len(outcome.order) + 1) | dict.fromkeys(withdrew)
    return [
        {
            "id": one,
            "name": by_id[one]["name"],
            "affiliation": by_id[one]["affiliation"],
            **_figures(rules, contest, one, len(papers)),
            "own_employer_percent": _own(rules, by_id[one], papers),
            "rank": ranks[one],
            "seated": one in outcome.seated,
            "reason": reasons.get(one, ""),
        }
        for one in [*outcome.order, *unnamed, *withdrew]
    ]


def _figures(
    rules: Mapping[str, Any], contest: Contest, candidate: int, ballots: int
) -> dict[str, Any]:
    votes, voters = contest.votes[candidate], contest.voters[candidate]
    whole = rules["method"] != "cumulative" or rules["whole_votes"]
    return {
        "votes": str(votes // HUNDREDTHS) if whole else _quotient(votes, HUNDREDTHS),
        "voters": voters,
        "votes_per_voter": _quotient(votes, HUNDREDTHS * voters),
        "percent_of_votes": _quotient(100 * votes, sum(contest.votes.values())),
        "percent_of_voters": _quotient(100 * voters, ballots),
    }


def _own(
    rules: Mapping[str, Any], candidate: Mapping[str, Any], papers: Sequence[Paper]
) -> str | None:
    if not rules["asks_employer"]:
        return None
    company = affiliation_key(candidate["affiliation"])
    return own_employer_percent(candidate["id"], company, papers)


def _quotient(part: int, whole: int) -> str | None:
    """`part` / `whole` with two decimals, a half rounded up; None where `whole` is 0."""
    if not whole:
        return None
    hundredths = floor(Fraction(part * 100, whole) + HALF)
    return f"{hundredths // 100}.{hundredths % 100:02d}"
