"""What a count says beside the seats: figures, receipts, ties, employers; and what it refuses."""

import hashlib
import json

import pytest

from polls.tally.choices import canonical_choices
from polls.tally.election import canonical_bytes, count_election
from polls.tally.employers import buckets_of, coarsened
from polls.tally.receipts import receipt_of, receipts_digest
from tests.polls.tally.elections import (
    SEED,
    ballot,
    candidate,
    cumulative,
    rankings,
    row,
    rules,
    seated,
    sentences,
)

NAMES = {1: "Ada", 2: "Bob", 3: "Cy"}


def test_a_receipt_can_be_made_again_with_anybodys_tools():
    # printf 'board\n00…07\n{"allocations":{"2":"0.5","10":"2"}}' | sha256sum, first 40 digits,
    # as base32 in lower case
    choices = {"allocations": {"10": "2.00", "2": "0.50", "3": "0"}}
    told = 'board\nid\n{"allocations":{"2":"0.5","10":"2"}}'
    number = int(hashlib.sha256(told.encode()).hexdigest()[:40], 16)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    by_hand = "".join(letters[number >> (5 * place) & 31] for place in reversed(range(32)))
    assert receipt_of("board", "id", choices) == by_hand
    assert receipts_digest(["b", "a"]) == hashlib.sha256(b"a\nb\n").hexdigest()


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"approved": [11, 2]}, '{"approved":[2,11]}'),
        ({"ranking": [11, 2]}, '{"ranking":[11,2]}'),
        ({"ranking": [[11, 2], [], [3]]}, '{"ranking":[[2,11],[3]]}'),
        ({"allocations": {}}, "{}"),
        ({}, "{}"),
    ],
)
def test_choices_are_written_in_one_way(choices, told):
    assert canonical_choices(choices) == told


def test_the_figures_of_a_cumulative_election():
    # 8 + 3.5 votes of 19.5 for Ada, by 2 of 4 ballots, one of which is an abstention
    ballots = cumulative({1: 8}, {1: "3.50", 2: 4}, {2: 4}, {})
    result = count_election(rules("cumulative", NAMES, whole_votes=False, electorate=6), ballots)
    assert [result[name] for name in ("ballots", "abstentions", "electorate", "seats")] == [
        4, 1, 6, 1,
    ]  # fmt: skip
    assert result["turnout_percent"] == "66.67"
    assert row(result, 1) == {
        "id": 1, "name": "Ada", "affiliation": "", "votes": "11.50", "voters": 2,
        "votes_per_voter": "5.75", "percent_of_votes": "58.97", "percent_of_voters": "50.00",
        "own_employer_percent": None, "rank": 1, "seated": True, "reason": "",
    }  # fmt: skip
    unnamed = row(result, 3)
    assert (unnamed["votes"], unnamed["votes_per_voter"], unnamed["rank"]) == ("0.00", None, 3)
    assert (unnamed["seated"], unnamed["reason"]) == (False, "on no ballot")


def test_nobody_is_seated_by_nobody():
    for method in ("cumulative", "approval", "stv", "schulze"):
        result = count_election(rules(method, NAMES, seats=2, electorate=0), [])
        assert seated(result) == []
        assert result["turnout_percent"] is None
        assert sentences(result)[-1].startswith("2 seats stay empty")


def test_who_withdrew_keeps_the_votes_and_gets_no_seat():
    names = [candidate(1, "Ada", withdrew=True), candidate(2, "Bob"), candidate(3, "Cy")]
    result = count_election(rules("cumulative", names), cumulative({1: 8}, {2: 1}, {3: 1, 1: 1}))
    last = result["candidates"][-1]
    assert (last["id"], last["votes"], last["rank"], last["reason"]) == (1, "9", None, "withdrew")
    assert all(1 not in step.get("candidates", []) for step in result["steps"])
    assert 1 not in result["what_if"]["schulze"]["order"]


def test_a_tie_goes_to_more_voters_and_then_to_the_lot():
    result = count_election(
        rules("cumulative", NAMES | {4: "Di"}, seats=2),
        cumulative({1: 4}, {2: 2, 3: 2}, {2: 2, 3: 2}, {4: 1}),
    )
    keys = {
        number: hashlib.sha256(f"{SEED}\n{result['receipts_digest']}\n{number}".encode())
        .hexdigest()
        for number in (2, 3)
    }  # fmt: skip
    first, second = sorted(keys, key=keys.get)
    assert [row["id"] for row in result["candidates"]] == [first, second, 1, 4]
    assert [step["code"] for step in result["steps"]] == ["more_voters", "lot"]
    assert result["steps"][0]["voters"] == {str(first): 2, str(second): 2, "1": 1}
    assert result["steps"][1]["lots"] == {str(one): key for one, key in keys.items()}


def test_another_ballot_gives_another_lot():
    drawn = {
        count_election(rules("approval", NAMES), [ballot(n, {"approved": [1, 2, 3]})])
        ["candidates"][0]["id"]
        for n in range(30)
    }  # fmt: skip
    assert drawn == {1, 2, 3}


def test_approval_and_schulze_elections():
    approved = [ballot(n, {"approved": ids}) for n, ids in enumerate([[1, 2], [2], [2, 3], [3]])]
    result = count_election(rules("approval", NAMES, seats=2), approved)
    assert [(one["id"], one["votes"]) for one in result["candidates"]] == [
        (2, "3"), (3, "2"), (1, "1"),
    ]  # fmt: skip
    assert result["what_if"] == {}
    # Bob wins by pairs: 3 to 2 over each of the others, though Ada has the most first places
    ballots = rankings((2, [[1], [2], [3]]), (1, [[2], [1, 3]]), (2, [[3], [2]]))
    result = count_election(rules("schulze", NAMES), ballots)
    assert seated(result) == [2]
    assert result["pairwise"]["candidates"][0] == 2
    assert result["pairwise"]["counts"][0] == [0, 3, 3]
    assert result["what_if"]["stv"]["only_here"] == result["what_if"]["stv"]["seated"]
    assert row(result, 1)["votes"] == "3"


def test_shares_of_the_own_employer_are_shown_for_five_and_more():
    names = [candidate(1, "Ada", "Dell "), candidate(2, "Bob", "HP"), candidate(3, "Cy")]
    given = [({1: 1}, "dell")] * 5 + [({1: 1, 2: 1}, "hp")] * 2 + [({2: 1, 3: 1}, "other")] * 4
    ballots = [
        ballot(n, {"allocations": {str(one): "1" for one in votes}}, employer)
        for n, (votes, employer) in enumerate(given)
    ]
    shown = count_election(rules("cumulative", names, asks_employer=True), ballots)
    # Ada: 5 of 7 voters; Bob: HP has 2 ballots; Cy: of no company
    assert [row(shown, one)["own_employer_percent"] for one in (1, 2, 3)] == ["71", None, None]
    asked_not = count_election(rules("cumulative", names), ballots)
    assert row(asked_not, 1)["own_employer_percent"] is None
    fewer = count_election(rules("cumulative", names, asks_employer=True), ballots[1:])
    assert row(fewer, 1)["own_employer_percent"] is None
    few_voters = [*ballots[:4], {**ballots[4], "choices": {}}, *ballots[7:], ballot(99, {})]
    few_voters = count_election(rules("cumulative", names, asks_employer=True), few_voters)
    assert (row(few_voters, 1)["voters"], row(few_voters, 1)["own_employer_percent"]) == (4, None)
    few_others = count_election(rules("cumulative", names, asks_employer=True), ballots[:9])
    assert row(few_others, 1)["own_employer_percent"] is None


def test_rare_employers_are_put_together():
    def of(**numbers):
        ballots = [{"employer": name} for name, number in numbers.items() for _ in range(number)]
        return coarsened(ballots)

    assert of(dell=5, hp=4, sina=1) == ["dell"] * 5 + ["other"] * 5
    # "other" would hold one: the smallest that is left joins it
    assert of(dell=6, hp=5, sina=1) == ["dell"] * 6 + ["other"] * 6
    assert of(dell=3) == ["other"] * 3
    assert of(dell=5) == ["dell"] * 5
    assert buckets_of([candidate(1, "A", "HP"), candidate(2, "B", "none")]) == [
        "hp", "other", "undisclosed",
    ]  # fmt: skip


REFUSED = [
    ("cumulative", {"allocations": {"1": "5", "2": "4"}}, "gives 9 votes of 8"),
    ("cumulative", {"allocations": {"1": "1.5"}}, "no whole number"),
    ("cumulative", {"allocations": {"1": "-1"}}, "no number of votes"),
    ("cumulative", {"allocations": {"1": "1e1"}}, "no number of votes"),
    ("cumulative", {"allocations": {"9": "1"}}, "no candidate"),
    ("cumulative", {"allocations": {"x": "1"}}, "no id"),
    ("cumulative", {"allocations": {"1": "1", "01": "1"}}, "twice"),
    ("cumulative", {"allocations": [1]}, "votes for each"),
    ("cumulative", {"approved": [1]}, "nothing else"),
    ("approval", {"approved": {"1": "1"}}, "in a list"),
    ("approval", {"approved": [True]}, "no id"),
    ("schulze", {"ranking": [1, 2]}, "in a list"),
    ("approval", {"approved": [1, 1]}, "twice"),
    ("stv", {"ranking": [1, 2, 1]}, "twice"),
    ("stv", {"ranking": [[1], [2]]}, "no id"),
    ("schulze", {"ranking": [[1, 2], [2]]}, "twice"),
    ("schulze", {"ranking": [[7]]}, "no candidate"),
]


@pytest.mark.parametrize(("method", "choices", "said"), REFUSED)
def test_a_ballot_that_the_rules_do_not_allow_stops_the_count(method, choices, said):
    with pytest.raises(ValueError, match=said):
        count_election(rules(method, NAMES), [ballot(1, choices)])


def test_rules_that_contradict_themselves_are_refused():
    for change, said in [
        ({"lot_seed": "another"}, "not the one whose hash"),
        ({"seats": 0}, "no seat"),
        ({"method": "borda"}, "no method"),
        ({"votes_per_voter": None}, "how many votes"),
        ({"candidates": [candidate(1, "A"), candidate(1, "B")]}, "candidate is there twice"),
    ]:
        with pytest.raises(ValueError, match=said):
            count_election(rules("cumulative", NAMES) | change, [])
    with pytest.raises(ValueError, match="ballot is there twice"):
        count_election(rules("cumulative", NAMES), [ballot(1, {}), ballot(1, {})])


def test_the_bytes_of_a_result():
    told = canonical_bytes({"b": "ü", "a": [1, 2]})
    assert told == b'{"a":[1,2],"b":"\\u00fc"}\n'
    assert json.loads(told) == {"b": "ü", "a": [1, 2]}
