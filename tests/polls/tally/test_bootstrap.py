"""Margins against the textbook, and what they call a tie."""

from fractions import Fraction
from math import sqrt
from random import Random

import pytest

from polls.tally.bootstrap import Bootstrap
from polls.tally.count import count
from polls.tally.shares import Shares


def _approvals(*counts, ballots):
    """One option per count, each approved by that many ballots, spread another way for each."""
    chosen = [[] for _ in range(ballots)]
    step = 1
    for option, number in enumerate(counts, start=1):
        for place in range(number):
            chosen[(place * step) % ballots].append(option)
        step += 2
    return [{"approved": options} for options in chosen]


@pytest.mark.parametrize(("approving", "ballots"), [(200, 400), (40, 400), (30, 100)])
def test_a_margin_is_the_normal_one_where_ballots_are_many(approving, ballots):
    share = approving / ballots
    expected = 100 * 1.96 * sqrt(share * (1 - share) / ballots)
    found = count("approval", [1, 2], _approvals(approving, 0, ballots=ballots))
    assert found["options"][0]["margin"] == pytest.approx(expected, rel=0.08)


def test_margins_of_unequal_wholes_are_those_of_a_ratio():
    # 100 voters with ten dots all on 1, 100 with one dot all on 2: the share is 1000 of 1100.
    # By the delta method a ratio's variance is that of (part - share * whole) / (n mean^2).
    ballots = [{"dots": {"1": 10}}, {"dots": {"2": 1}}] * 100
    share = 10 / 11
    spread = sum((part - share * whole) ** 2 for part, whole in [(10, 10), (0, 1)] * 100) / 200
    expected = 100 * 1.96 * sqrt(spread / 200) / 5.5
    found = count("dots", [1, 2], ballots)["options"][0]
    assert found["percent"] == 90.9
    assert found["margin"] == pytest.approx(expected, rel=0.15)


def test_three_at_68_are_a_tie_and_a_clear_lead_is_none():
    found = count("approval", [1, 2, 3, 4], _approvals(136, 136, 135, 100, ballots=199))
    assert [row["percent"] for row in found["options"]] == [68.3, 68.3, 67.8, 50.3]
    assert [row["is_apart"] for row in found["options"]] == [False, False, True, None]


def test_a_lead_is_judged_ballot_by_ballot():
    """Two options that move together are told apart by what the one has more than the other."""
    moving = [{"approved": [1, 2]}] * 25 + [{"approved": []}] * 25
    found = count("approval", [1, 2], moving + [{"approved": [1]}] * 8)["options"]
    # the intervals of the two shares overlap widely; eight ballots prefer 1, and none 2
    assert found[0]["percent"] - found[0]["margin"] < found[1]["percent"] + found[1]["margin"]
    assert found[0]["is_apart"] is True


def test_an_interval_that_begins_at_0_is_no_lead():
    # of 30 ballots two prefer 1: in an eighth of the draws neither is there, and the two are level
    found = count("approval", [1, 2], [{"approved": [1]}] * 2 + [{"approved": []}] * 28)["options"]
    assert found[0]["is_apart"] is False


def test_a_few_unanimous_ballots_prove_nothing():
    for ballots, is_apart in ((5, False), (6, True)):
        found = count("ranked", [1, 2], [{"ranking": [1]}] * ballots)["options"]
        assert (found[0]["margin"], found[0]["is_apart"]) == (0.0, is_apart)


def test_one_ballot_has_no_margin():
    found = count("ranked", [1, 2], [{"ranking": [1]}])["options"]
    assert [(row["percent"], row["margin"], row["is_apart"]) for row in found] == [
        (100.0, None, False), (0.0, None, None),
    ]  # fmt: skip


def test_ballots_without_a_whole_are_not_drawn():
    some = Shares(parts=[[1, 0, 2], [1, 2, 0]], wholes=[2, 2, 2])
    more = Shares(parts=[[1, 0, 0, 2], [1, 2, 0, 0]], wholes=[2, 2, 0, 2])
    assert Bootstrap(more).margins() == Bootstrap(some).margins()


def test_a_lead_that_is_just_beyond_chance_is_so_in_any_order():
    ballots = [{"dots": {"1": lead}} for lead in (1, 1, 2, 2, 3, 3, 4)] + [{"dots": {"2": 3}}]
    first = _first_is_apart(ballots)
    chance = Random(1)
    for _ in range(25):
        assert _first_is_apart(chance.sample(ballots, len(ballots))) is first


def _first_is_apart(ballots):
    return count("dots", [1, 2], ballots)["options"][0]["is_apart"]


def test_the_draws_stay_the_same_from_release_to_release():
    """A recount must give the same bytes: a change here is a change of the tally's version."""
    shares = Shares(parts=[[(7 * ballot) ** 2 % 1000 for ballot in range(150)]], wholes=[999] * 150)
    assert Bootstrap(shares).margins() == [Fraction(731, 14985)]
