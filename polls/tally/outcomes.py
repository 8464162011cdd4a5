"""Who would be seated from one set of ballots: by votes, by STV, or by Schulze.

- *By votes* (cumulative, approval): the sum of the votes given; of as many, more voters; then lot.
- *By STV*: `polls.tally.stv`, which keeps the cap while it counts.
- *By Schulze*: `polls.tally.schulze` over the weak orders; inside a class more voters, that is
  more ballots that rank the candidate, and then the lot.

Seats by votes and by Schulze are given down the order within the cap (`polls.tally.cap`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from polls.tally.cap import Directors, seat
from polls.tally.choices import Tiers
from polls.tally.lots import Lot, Step, ordered
from polls.tally.pairwise import pairwise_counts
from polls.tally.schulze import schulze
from polls.tally.stv import SingleTransferableVote

Cap = Mapping[str, Any] | None


@dataclass(frozen=True)
class Contest:
    """Who stands for how many seats, and what the ballots say of them.

    `standing` are the candidates who did not withdraw and are on a ballot at all; `tiers`, a weak
    order for each ballot, name nobody else. `votes` are in hundredths.
    """

    candidates: Sequence[Mapping[str, Any]]
    standing: Sequence[int]
    votes: Mapping[int, int]
    voters: Mapping[int, int]
    tiers: Sequence[Tiers]
    seats: int
    lot: Lot


@dataclass(frozen=True)
class Outcome:
    """The order, who is seated, why others are not, and each step; `data` is the method's own."""

    order: list[int]
    seated: list[int]
    reasons: dict[int, str]
    steps: list[Step]
    data: dict[str, Any] = field(default_factory=dict)


def by_votes(contest: Contest, cap: Cap) -> Outcome:
    """Seats by the sum of votes."""
    return _down_the_order(contest, {one: contest.votes[one] for one in contest.standing}, cap)


def by_stv(contest: Contest, cap: Cap) -> Outcome:
    """Seats by the single transferable vote. `data`: quota, papers and stages."""
    count = SingleTransferableVote(
        contest.tiers,
        contest.standing,
        contest.seats,
        contest.lot,
        Directors(contest.candidates, cap),
    )
    told = count.told()
    data = {name: told[name] for name in ("quota", "papers", "stages")}
    return Outcome(count.order, count.elected, count.reasons, count.steps, data)


def by_schulze(contest: Contest, cap: Cap) -> Outcome:
    """Seats by the Schulze order. `data`: the pairs, and the classes, best first.

    `pairwise.counts[i][j]` are the ballots with the i-th of `pairwise.candidates` above the j-th.
    """
    ids = list(contest.standing)
    counts = pairwise_counts(len(ids), [_heights(ids, tiers) for tiers in contest.tiers])
    found = schulze(counts)
    values = {one: -rank for one, rank in zip(ids, found.ranks, strict=True)}
    outcome = _down_the_order(contest, values, cap)
    places = [ids.index(one) for one in outcome.order]
    outcome.data["pairwise"] = {
        "candidates": outcome.order,
        "counts": [[counts[above][below] for below in places] for above in places],
    }
    outcome.data["classes"] = [
        [one for one in outcome.order if ids.index(one) in level] for level in found.classes
    ]
    return outcome


def _down_the_order(contest: Contest, values: Mapping[int, int], cap: Cap) -> Outcome:
    order, steps = ordered(values, contest.voters, contest.lot)
    seating = seat(order, contest.seats, Directors(contest.candidates, cap))
    return Outcome(order, seating.seated, seating.reasons, steps + seating.steps)


def _heights(ids: Sequence[int], tiers: Tiers) -> list[int]:
    height = {one: len(tiers) - place for place, tier in enumerate(tiers) for one in tier}
    return [height.get(one, 0) for one in ids]


METHODS: dict[str, Callable[[Contest, Cap], Outcome]] = {
    "cumulative": by_votes,
    "approval": by_votes,
    "stv": by_stv,
    "schulze": by_schulze,
}
# Approval ballots know two heights. Schulze gives approval's own order of them, and STV has no
# second preference to pass a paper on by, so neither would say anything.
ALSO: dict[str, tuple[str, ...]] = {
    "cumulative": ("stv", "schulze"),
    "approval": (),
    "stv": ("schulze",),
    "schulze": ("stv",),
}


def what_ifs(method: str, contest: Contest, cap: Cap, seated: Sequence[int]) -> dict[str, Any]:
    """Who would be seated from the same ballots without the cap, and by the other methods.

    Weak orders for the others: more votes are better, as many are level. `only_here` are those
    seated here and not in fact, `not_here` the reverse.
    """
    found = {name: METHODS[name](contest, cap) for name in ALSO[method]}
    if cap:
        found["without_cap"] = METHODS[method](contest, None)
    return {
        name: {
            "order": outcome.order,
            "seated": outcome.seated,
            "only_here": [one for one in outcome.seated if one not in seated],
            "not_here": [one for one in seated if one not in outcome.seated],
            "steps": outcome.steps,
            **({} if name == "without_cap" else outcome.data),
        }
        for name, outcome in found.items()
    }
