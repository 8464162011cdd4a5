"""The affiliation cap, each case worked by hand: the order is by votes, from 8 downwards."""

import pytest

from polls.tally.cap import affiliation_key
from polls.tally.election import count_election
from tests.polls.tally.elections import candidate, cumulative, row, rules, seated, sentences

COMPANY = {"D": "Dell", "H": "HP", "I": ""}


def _elected(order, seats, most=2, sitting=()):
    """A count in which the candidates named D1, D2, H1 and so on come in this order."""
    candidates = [
        candidate(number, name, COMPANY[name[0]]) for number, name in enumerate(order, start=1)
    ]
    cap = {"max": most, "sitting": [{"name": n, "affiliation": a} for n, a in sitting]}
    ballots = cumulative(*({number: 9 - number} for number in range(1, len(order) + 1)))
    result = count_election(rules("cumulative", candidates, seats=seats, cap=cap), ballots)
    assert [one["name"] for one in result["candidates"]] == order
    return result, [order[number - 1] for number in seated(result)]


def test_a_third_of_one_company_is_passed_over():
    # 3 seats: D1 and D2 fill Dell's two; D3 would be third, is passed over; H1 takes the seat
    result, names = _elected(["D1", "D2", "D3", "H1", "I1"], seats=3)
    assert names == ["D1", "D2", "H1"]
    assert row(result, 3)["reason"] == "affiliation cap: Dell has 2 directors already: D1, D2"
    assert row(result, 4)["reason"] == "takes the seat for which D3 was passed over"
    assert row(result, 5)["reason"] == ""
    assert sentences(result) == [
        "D3 is passed over; affiliation cap: Dell has 2 directors already: D1, D2.",
        "H1 takes the seat for which D3 was passed over.",
    ]
    without = result["what_if"]["without_cap"]
    assert (without["seated"], without["only_here"], without["not_here"]) == ([1, 2, 3], [3], [4])


def test_sitting_directors_count_whatever_the_spelling():
    # cap 2, one sits: D1 is Dell's second, D2 would be the third
    result, names = _elected(["D1", "D2", "H1"], seats=2, sitting=[("Anna", " DELL ")])
    assert names == ["D1", "H1"]
    assert row(result, 2)["reason"] == "affiliation cap: Dell has 2 directors already: Anna, D1"


def test_a_company_over_the_cap_already_gets_nobody_and_loses_nobody():
    # three sit where two may: nothing is undone, nobody is added
    sitting = [("Anna", "Dell"), ("Bert", "Dell"), ("Cleo", "Dell")]
    result, names = _elected(["D1", "H1"], seats=1, sitting=sitting)
    assert names == ["H1"]
    assert sentences(result) == [
        (
            "Dell has 3 directors who sit already, more than the cap of 2: Anna, Bert, Cleo."
            " They stay; nobody joins them."
        ),
        "D1 is passed over; affiliation cap: Dell has 3 directors already: Anna, Bert, Cleo.",
        "H1 takes the seat for which D1 was passed over.",
    ]


def test_replacements_come_in_chains():
    # 4 seats, cap 1: D1 and H1 sit, D2 and H2 are passed over inside the four, D3 below them too;
    # I1 takes the higher seat (D2's), with D3 passed over on the way, and I2 the next (H2's)
    result, names = _elected(["D1", "D2", "H1", "H2", "D3", "I1", "H3", "D4"], seats=4, most=1)
    assert names == ["D1", "H1", "I1"]
    assert sentences(result)[-4:] == [
        "I1 takes the seat for which D2 was passed over (D3 came before, and was passed over too).",
        "H3 is passed over; affiliation cap: HP has 1 director already: H1.",
        "D4 is passed over; affiliation cap: Dell has 1 director already: D1.",
        "1 seat stays empty: no candidate is left who may take it.",
    ]
    result, names = _elected(["D1", "D2", "H1", "H2", "D3", "I1", "H3", "I2"], seats=4, most=1)
    assert names == ["D1", "H1", "I1", "I2"]
    assert row(result, 8)["reason"] == "takes the seat for which H2 was passed over"
    steps = {step["candidate"]: step for step in result["steps"] if step["code"] == "replacement"}
    assert {one: step["instead_of"] for one, step in steps.items()} == {6: 2, 8: 4}


def test_those_of_no_company_are_never_capped():
    _, names = _elected(["I1", "I2", "I3"], seats=3, most=1, sitting=[("Zoe", "independent")])
    assert names == ["I1", "I2", "I3"]


def test_fewer_candidates_than_seats():
    result, names = _elected(["D1", "I1"], seats=5)
    assert names == ["D1", "I1"]
    assert sentences(result) == [
        "3 seats stay empty: no candidates are left who may take them.",
    ]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (" Red  Hat\u00a0", "red hat"),
        ("\uff28\uff30", "hp"),  # full-width letters
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Red\u200b Hat", "red hat"),  # with a space that is not drawn
        ("None/Independent", ""),
        (" unaffiliated", ""),
        ("", ""),
    ],
)
def test_what_two_ways_of_writing_a_company_have_in_common(text, key):
    assert affiliation_key(text) == key
