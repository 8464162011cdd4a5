"""A poll's whole result from its ballots: one function, the same for page, API and recount.

The main tally of a method gives the percentages; the others are of the same ballots and show how
much of the order is the method's.

    method     main       also                          left out, because
    ranked     borda      schulze, approval, score      dots: a ranking has no amounts to share out
    score      score      borda, schulze, approval      dots: scores are not a budget
    approval   approval   borda, schulze                score, dots: the same numbers, or scaled
    dots       dots       borda, schulze, approval      score: no scale bounds a single amount

Borda and Schulze read the weak order that a ballot gives: options of equal score, both approved or
both not, or with as many dots are level. `score` of rankings are points of the places.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from polls.tally import Profile
from polls.tally.approval import LEAST, approval_shares
from polls.tally.ballots import FIELDS, digest_of, heights_of
from polls.tally.bootstrap import Bootstrap
from polls.tally.borda import borda_shares
from polls.tally.dots import dot_shares
from polls.tally.pairwise import pairwise_counts
from polls.tally.schulze import schulze
from polls.tally.score import place_shares, score_shares
from polls.tally.shares import Shares, percent_of, shared_ranks

VERSION = "1"  # changes with every change that can change a result
MAIN = {"ranked": "borda", "score": "score", "approval": "approval", "dots": "dots"}


def count(
    method: str,
    options: Sequence[int],
    ballots: Sequence[Mapping[str, Any]],
    *,
    most_ranked: int | None = None,
) -> dict[str, Any]:
    """The result of `ballots` over the ids `options`; the same data give the same bytes of JSON.

    Percentages and their margins (half the 95 % interval) are 0 to 100 to one decimal, a half
    rounded up; ranks are by the exact values, shared by equals. `is_apart` says whether an option
    leads the next in the order beyond chance; it is None for the last. `most_ranked`: how many
    options a ranking may hold; None is all. Without ballots percentages, margins and `is_apart`
    are None and all ranks are 1; one ballot has no margin.
    `pairwise.counts[i][j]` are the ballots with the i-th of `pairwise.options` above the j-th.
    Formulas and sources stand with each tally. Raises ValueError for options named twice, a method
    there is not, and ballots that are not of that method over these options.
    """
    if method not in FIELDS:
        raise ValueError(f"There is no method {method!r}.")
    ids = list(options)
    if len(set(ids)) != len(ids):
        raise ValueError("An option is there twice.")
    profile = [heights_of(method, ids, ballot) for ballot in ballots]
    shares = _shares(method, len(ids), profile, most_ranked)
    counts = pairwise_counts(len(ids), profile)
    main = _main(ids, shares[MAIN[method]])
    tallies = {name: {"options": _rows(ids, told)} for name, told in shares.items()}
    tallies["schulze"] = {"options": _schulze_rows(ids, counts)}
    order = [row["id"] for row in main]
    return {
        "version": VERSION,
        "method": method,
        "ballots": len(ballots),
        "digest": digest_of(ballots),
        "options": main,
        "tallies": tallies,
        "pairwise": {"options": order, "counts": _in_order(ids, counts, order)},
        "disagreements": _disagreements(main, tallies),
    }


def _shares(method: str, size: int, profile: Profile, most_ranked: int | None) -> dict[str, Shares]:
    shares = {
        "approval": approval_shares(size, profile, LEAST[method]),
        "borda": borda_shares(size, profile),
    }
    if method == "ranked":
        shares["score"] = place_shares(size, profile, min(most_ranked or size, size))
    elif method == "score":
        shares["score"] = score_shares(size, profile)
    elif method == "dots":
        shares["dots"] = dot_shares(size, profile)
    return shares


def _rows(ids: Sequence[int], shares: Shares) -> list[dict[str, Any]]:
    values = shares.values()
    ranks = shared_ranks(values)
    rows = [
        {"id": option, "percent": percent_of(value), "rank": rank}
        for option, value, rank in zip(ids, values, ranks, strict=True)
    ]
    return sorted(rows, key=_by_rank)


def _schulze_rows(ids: Sequence[int], counts: list[list[int]]) -> list[dict[str, Any]]:
    found = schulze(counts)
    rows = [
        {"id": option, "rank": rank, "wins": wins}
        for option, rank, wins in zip(ids, found.ranks, found.wins, strict=True)
    ]
    return sorted(rows, key=_by_rank)


def _main(ids: Sequence[int], shares: Shares) -> list[dict[str, Any]]:
    bootstrap = Bootstrap(shares)
    margins = dict(zip(ids, bootstrap.margins(), strict=True))
    rows = _rows(ids, shares)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        row["margin"] = percent_of(margins[row["id"]])
        row["is_apart"] = following and _is_apart(ids, rows, row, following, bootstrap)
    return rows


def _is_apart(
    ids: Sequence[int],
    rows: list[dict[str, Any]],
    row: dict[str, Any],
    following: dict[str, Any],
    bootstrap: Bootstrap,
) -> bool | None:
    """Equals are not apart; of two ranks, each of the one must be apart from each of the other.

    Which of some equals stands last is then no matter.
    """
    if row["rank"] == following["rank"]:
        return None if row["percent"] is None else False
    higher, lower = (
        [ids.index(other["id"]) for other in rows if other["rank"] == rank]
        for rank in (row["rank"], following["rank"])
    )
    return all(bootstrap.is_apart(one, other) for one in higher for other in lower)


def _by_rank(row: dict[str, Any]) -> tuple[int, int]:
    return row["rank"], row["id"]


def _in_order(ids: Sequence[int], counts: list[list[int]], order: Sequence[int]) -> list[list[int]]:
    numbers = [ids.index(option) for option in order]
    return [[counts[above][below] for below in numbers] for above in numbers]


def _disagreements(
    main: list[dict[str, Any]], tallies: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    """Where another tally turns a pair round: its options whose rank is another.

    A pair that one of the two leaves level is no disagreement, whatever that does to the numbers
    of the ranks.
    """
    places = {row["id"]: row["rank"] for row in main}
    found = []
    for name in sorted(tallies):
        ranks = {row["id"]: row["rank"] for row in tallies[name]["options"]}
        for option, place in places.items():
            is_turned = any(
                (place - places[other]) * (ranks[option] - ranks[other]) < 0 for other in places
            )
            if is_turned and ranks[option] != place:
                found.append(
                    {"tally": name, "id": option, "rank": ranks[option], "main_rank": place}
                )
    return found
