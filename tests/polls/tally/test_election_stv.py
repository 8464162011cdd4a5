"""The Scottish rule, each count worked by hand; A is candidate 1, B is 2, and so on."""

from polls.tally.election import count_election
from tests.polls.tally.elections import (
    ballot,
    candidate,
    cumulative,
    rankings,
    row,
    rules,
    seated,
    sentences,
)

A, B, C, D, E = range(1, 6)
NAMES = {A: "A", B: "B", C: "C", D: "D", E: "E"}


def _count(seats, ballots, names=NAMES, **changes):
    return count_election(rules("stv", names, seats=seats, **changes), ballots)


def _votes(stage):
    return {int(one): votes for one, votes in stage["votes"].items()}


def _told(result):
    return [(stage["event"], stage["candidates"], stage["elected"]) for stage in result["stages"]]


def test_a_surplus_goes_on_at_the_value_of_each_paper():
    # 31 papers, 3 seats: the quota is floor(31 / 4) + 1 = 8. A has 16, a surplus of 8: each paper
    # goes on at 8 x 1 / 16 = 0.5, and B has 4 + 8 = 12. B's surplus of 4: A's papers go on at
    # 4 x 0.5 / 12 = 0.16666 to C (16 x 0.16666 = 2.66656), B's own at 4 / 12 = 0.33333 to D
    # (1.33332). C has 6 + 2.66656, which is the quota.
    result = _count(3, rankings((16, [A, B, C]), (4, [B, D]), (6, [C]), (5, [D])))
    assert result["quota"] == 8
    assert _told(result) == [
        ("first_preferences", [], [A]),
        ("surplus", [A], [B]),
        ("surplus", [B], [C]),
    ]
    first, second, third = result["stages"]
    assert _votes(first) == {A: "16.00000", B: "4.00000", C: "6.00000", D: "5.00000"}
    assert _votes(second) == {A: "8.00000", B: "12.00000", C: "6.00000", D: "5.00000"}
    assert _votes(third) == {A: "8.00000", B: "8.00000", C: "8.66656", D: "6.33332"}
    assert (third["transferred"], third["dropped"]) == ("3.99988", "0.00012")
    assert [row(result, one)["votes"] for one in (A, B, C, D)] == ["16", "4", "6", "5"]


def test_five_decimal_places_can_decide():
    # 22 papers, 2 seats: the quota is 8. A's surplus of 1 goes on at 1 / 9 = 0.11111, so B has
    # 6 + 9 x 0.11111 = 6.99999 and is excluded before C with 7; with exact ninths they were level.
    result = _count(2, rankings((9, [A, B]), (6, [B]), (7, [C])))
    assert _told(result) == [
        ("first_preferences", [], [A]),
        ("surplus", [A], []),
        ("exclusion", [B], []),
        ("last_vacancies", [], [C]),
    ]
    assert _votes(result["stages"][1])[B] == "6.99999"
    assert result["stages"][2]["exhausted"] == "6.99999"
    assert result["steps"] == []


def test_both_who_reach_the_quota_at_once_are_elected_at_once():
    # 20 papers, 2 seats: the quota is 7; A's second preferences find B elected and go on to C
    result = _count(2, rankings((10, [A, B, C]), (8, [B]), (2, [C])))
    assert _told(result) == [("first_preferences", [], [A, B])]
    # with 3 seats it is 6: A's surplus of 4, the larger, is the first to go, to C and not to B
    result = _count(3, rankings((10, [A, B, C]), (8, [B, D]), (1, [C]), (1, [D])))
    assert _told(result)[:2] == [("first_preferences", [], [A, B]), ("surplus", [A], [])]
    assert _votes(result["stages"][1]) == {
        A: "6.00000", B: "8.00000", C: "5.00000", D: "1.00000",
    }  # fmt: skip
    assert seated(result) == [A, B, C]


def test_a_tie_looks_back_to_the_latest_stage_at_which_they_differed():
    # 1 seat, 15 papers, quota 8. D (1) is excluded, for C: B 4, C 3 + 1 = 4. They are level now;
    # at the stage before C had fewer, so C is excluded.
    result = _count(1, rankings((7, [A]), (4, [B, A]), (3, [C, A]), (1, [D, C])))
    assert [stage["candidates"] for stage in result["stages"]][1:3] == [[D], [C]]
    assert sentences(result) == [
        "Level now, so the latest stage at which they differed decides: B, C."
    ]


def test_a_tie_at_all_stages_goes_to_the_lot():
    result = _count(1, rankings((3, [A]), (2, [B]), (2, [C])))
    [lot] = [step for step in result["steps"] if step["code"] == "lot"]
    first, last = lot["candidates"]
    assert {first, last} == {B, C}
    assert lot["lots"][str(first)] < lot["lots"][str(last)]
    assert result["stages"][1]["candidates"] == [last]


def test_the_last_vacancies_are_filled_without_the_quota():
    result = _count(2, rankings((5, [A]), (2, [B]), (1, [C])))
    assert _told(result)[-1] == ("last_vacancies", [], [B])
    assert seated(result) == [A, B]


def test_abstentions_are_no_papers():
    # 3 papers say something: the quota is floor(3 / 2) + 1 = 2, not 3
    result = _count(1, [*rankings((2, [A]), [B]), ballot(8, {}), ballot(9, {"ranking": []})])
    assert (result["ballots"], result["abstentions"], result["quota"]) == (5, 2, 2)


def test_who_withdrew_is_passed_over_from_the_start():
    names = [candidate(A, "A", withdrew=True), candidate(B, "B"), candidate(C, "C")]
    result = _count(1, rankings((3, [A, C]), (2, [B])), names)
    assert seated(result) == [C]
    assert row(result, A)["reason"] == "withdrew"
    assert (row(result, A)["votes"], row(result, A)["rank"]) == ("3", None)
    assert "1" not in result["stages"][0]["votes"]


def _dell(*of_dell):
    return [candidate(n, name, "Dell" if n in of_dell else "") for n, name in NAMES.items()]


CAP = {"max": 1, "sitting": []}


def test_with_its_directors_elected_a_companys_other_candidates_are_excluded_at_once():
    # 16 papers, 2 seats: the quota is 6. A of Dell is elected; B of Dell, who has 5, is excluded
    # before any surplus moves, and B's papers bring C to 3 + 5 = 8.
    ballots = rankings((6, [A, B]), (5, [B, C]), (3, [C]), (2, [D]))
    result = _count(2, ballots, _dell(A, B), cap=CAP)
    assert _told(result) == [("first_preferences", [], [A]), ("cap", [B], [C])]
    assert row(result, B)["reason"] == "affiliation cap: Dell has 1 director already: A"
    assert result["what_if"]["without_cap"]["seated"] == [A, B]


def test_of_two_of_a_company_over_the_quota_the_one_with_more_votes_is_elected():
    # 21 papers, 2 seats: the quota is 8; A and B have it, and Dell has one place
    result = _count(2, rankings((8, [A, C]), (9, [B, D]), (3, [C]), (1, [D])), _dell(A, B), cap=CAP)
    assert _told(result)[:2] == [("first_preferences", [], [B]), ("cap", [A], [C])]
    assert seated(result) == [B, C]


def test_nobody_is_excluded_who_is_needed_to_fill_the_seats_within_the_cap():
    # 9 papers, 2 seats: the quota is 4. C has the fewest votes, but of Dell's three only one may
    # be seated, so without C a seat would stay empty. B, the lowest of Dell's, is excluded
    # instead and brings A to 3 + 2 = 5; E is kept out by the cap, and C is left for the last seat.
    ballots = rankings((3, [A]), (2, [B, A]), (3, [E]), (1, [C]))
    result = _count(2, ballots, _dell(A, B, E), cap=CAP)
    assert _told(result) == [
        ("first_preferences", [], []),
        ("exclusion", [B], [A]),
        ("last_vacancies", [], [C]),
    ]
    assert sentences(result) == [
        "C stays: without C the seats could not all be filled within the cap.",
        "E is passed over; affiliation cap: Dell has 1 director already: A.",
    ]


def test_level_candidates_share_a_paper():
    # cumulative ballots as weak orders: 1 vote each for A, B and C is 0.33333 of a paper each
    ballots = cumulative({A: 1, B: 1, C: 1}, {A: 5, B: 2})
    result = count_election(rules("cumulative", NAMES, seats=1), ballots)
    first = result["what_if"]["stv"]["stages"][0]
    assert _votes(first) == {A: "1.33333", B: "0.33333", C: "0.33333"}
    assert first["dropped"] == "0.00001"
