"""What `docs/percentages-2012.md` says of the twelve percentages printed in 2012.

`share_of_maximum` is here to rebuild such a table and for nothing else; no poll is counted by it.
"""

import json
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polls.tally.borda import borda_shares
from polls.tally.count import count

ROOT = Path(__file__).resolve().parents[3]
DEMO = ROOT / "community" / "project" / "demo"
ITEMS = json.loads((DEMO / "austin_2012.json").read_text())["priorities"]["items"]
INFERRED = json.loads((DEMO / "austin_2012_inferred.json").read_text())["ranking_method"]
PRINTED = [item["percent"] for item in ITEMS]
TOPICS = 13

# Made up: complete rankings of thirteen topics by eight voters. Topics 1 to 12 stand for the
# printed ones in their order, 13 for the one that was left out. Totals of points, 13 for a first
# place and 1 for a last, of 104: 71, 71, 71, 61, 59, 58, 56, 53, 52, 50, 48, 42 and 36.
RANKINGS = [
    [10, 9, 8, 1, 5, 6, 12, 7, 2, 3, 4, 13, 11],
    [2, 11, 5, 12, 6, 4, 7, 3, 8, 9, 1, 13, 10],
    [9, 2, 3, 11, 5, 6, 4, 1, 8, 13, 7, 12, 10],
    [10, 1, 3, 5, 2, 4, 13, 9, 8, 6, 11, 7, 12],
    [1, 7, 6, 3, 10, 9, 12, 8, 13, 11, 4, 5, 2],
    [2, 7, 4, 3, 11, 10, 5, 6, 1, 8, 13, 9, 12],
    [12, 3, 1, 13, 2, 4, 5, 6, 8, 7, 10, 9, 11],
    [4, 8, 1, 7, 2, 11, 3, 6, 9, 5, 13, 10, 12],
]


def share_of_maximum(rankings):
    """For topics 1 to n the mean of (n - position + 1) / n; every ranking is complete."""
    size = len(rankings[0])
    return [
        Fraction(sum(size - ranking.index(topic) for ranking in rankings), size * len(rankings))
        for topic in range(1, size + 1)
    ]


def _nearest(share):
    return floor(share * 100 + Fraction(1, 2))


def _sums(below, above):
    """The least and the most the twelve can have been in all, each printed up to that much off."""
    return sum(PRINTED) - 12 * below, sum(PRINTED) + 12 * above


ROUNDED = _sums(Fraction(1, 2), Fraction(1, 2))
ANYHOW = _sums(1, 1)  # to the nearest, cut off or up: less than one off


def test_the_printed_sum():
    assert (len(PRINTED), sum(PRINTED)) == (12, INFERRED["sum_of_percents"])
    assert round(sum(PRINTED) / 12, 2) == INFERRED["mean_percent"]
    assert (ROUNDED, ANYHOW) == ((659, 671), (653, 677))


@pytest.mark.parametrize("times", [1, 6])
def test_complete_rankings_of_thirteen_give_the_table_as_a_share_of_the_maximum(times):
    """Eight voters, or forty-eight as were at the meeting before: each ranking six times."""
    assert all(sorted(ranking) == list(range(1, TOPICS + 1)) for ranking in RANKINGS)
    shares = share_of_maximum(RANKINGS * times)
    assert [_nearest(share) for share in shares[:12]] == PRINTED
    assert _nearest(shares[12]) == 35
    assert sum(shares) == 7  # thirteen times the mean of 7/13


def test_fewer_than_eight_voters_cannot_have_given_it():
    def fits(percent, most):
        return any(_nearest(Fraction(points, most)) == percent for points in range(most + 1))

    possible = [voters for voters in range(1, 12) if all(fits(p, TOPICS * voters) for p in PRINTED)]
    assert possible == [8, 9, 10, 11]


def test_the_same_rankings_by_normalised_borda_are_another_table():
    ballots = [{"ranking": ranking} for ranking in RANKINGS]
    found = count("ranked", range(1, TOPICS + 1), ballots)
    percents = {row["id"]: row["percent"] for row in found["options"]}
    assert [floor(percents[topic] + 0.5) for topic in range(1, 14)] == [
        66, 66, 66, 55, 53, 52, 50, 47, 46, 44, 42, 35, 29,
    ]  # fmt: skip
    # of complete rankings the one is the other drawn out: (n s - 1) / (n - 1)
    profile = [[TOPICS - ranking.index(topic) for topic in range(1, 14)] for ranking in RANKINGS]
    shares = share_of_maximum(RANKINGS)
    assert borda_shares(TOPICS, profile).values() == [(13 * share - 1) / 12 for share in shares]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 13), min_size=13, max_size=13), min_size=1, max_size=8))
def test_normalised_borda_of_thirteen_cannot_give_it(profile):
    """Any weak orders, so also partial rankings: the sum is 650 %, and the twelve have more."""
    shares = borda_shares(TOPICS, profile).values()
    assert sum(shares) * 100 == 650
    assert sum(sorted(shares)[1:]) * 100 <= 650 < ANYHOW[0] < ROUNDED[0]
    assert [_nearest(share) for share in sorted(shares, reverse=True)[:12]] != PRINTED


def test_what_the_left_out_topics_would_have_had():
    left_out = {size: (50 * size - ROUNDED[1], 50 * size - ROUNDED[0]) for size in (12, 13, 14)}
    # of the twelve alone nothing may be left, of thirteen less than nothing; two of fourteen can
    assert left_out == {12: (-71, -59), 13: (-21, -9), 14: (29, 41)}
    as_share = {size: 50 * (size + 1) - sum(PRINTED) for size in (12, 13, 14)}
    assert as_share == {12: -15, 13: 35, 14: 85}
    # twelve alone are out however they were printed
    assert 50 * 12 < 50 * (12 + 1) < ANYHOW[0]


def test_shares_of_one_number_of_voters():
    """Approval: each percentage is a whole number of voters of the same number."""

    def fits(voters, percent, lowest):
        first = ceil(Fraction(voters) * (percent + lowest) / 100)
        return first < Fraction(voters) * (percent + lowest + 1) / 100

    first = {
        way: next(v for v in range(1, 200) if all(fits(v, p, lowest) for p in PRINTED))
        for way, lowest in (("rounded", Fraction(-1, 2)), ("cut off", Fraction(0)))
    }
    assert first == {"rounded": 82, "cut off": 64}
    # a rating of 1 to s has s steps a voter: ninety steps are ten of nine voters, or five of 18
    assert all(fits(90, percent, Fraction(-1, 2)) for percent in PRINTED)
    # and at least 1/s: of two steps nothing is below 50
    assert 100 * Fraction(1, 3) < min(PRINTED) < 100 * Fraction(1, 2)
