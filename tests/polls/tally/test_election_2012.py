"""The election of 2012: the four known rows, others made up below them, one Dell director sitting.

The ballots are made up so that they sum to what was published: votes, voters, and the percentages
of about 15,069 votes and about 1,907 ballots.
"""

import json
from pathlib import Path

import pytest

from polls.tally.choices import decimal_text
from polls.tally.election import count_election
from tests.polls.tally.elections import ballot, candidate, rules, seated

DEMO = Path(__file__).resolve().parents[3] / "community" / "project" / "demo"
TOLD = json.loads((DEMO / "foundation_board_2012.json").read_text())
KNOWN = TOLD["result_rows_known"]
BALLOTS = TOLD["derived"]["ballots_about"]
VOTES = TOLD["derived"]["votes_about"] * 100
ALLOWED = TOLD["rules"]["votes_per_voter"] * 100
OTHERS = range(5, 12)


def _ballots():
    given = []
    for number, told in enumerate(KNOWN, start=1):
        votes, voters = round(float(told["votes"]) * 100), told["voters"]
        each, extra = divmod(votes, voters)
        given += [{number: each + (place < extra)} for place in range(voters)]
    given += [{} for _ in range(BALLOTS - len(given))]
    left = VOTES - sum(sum(votes.values()) for votes in given)
    for place, votes in enumerate(given):
        amount = min(ALLOWED - sum(votes.values()), left)
        if amount:
            votes[OTHERS[place % len(OTHERS)]] = amount
        left -= amount
    assert not left
    return [
        ballot(n, {"allocations": {str(one): decimal_text(votes) for one, votes in each.items()}})
        for n, each in enumerate(given, start=1)
    ]


@pytest.fixture(scope="module")
def result():
    candidates = [
        candidate(n, told["candidate"], told["affiliation"]) for n, told in enumerate(KNOWN, 1)
    ]
    candidates += [candidate(n, f"Candidate {n}", f"Company {n}") for n in OTHERS]
    cap = {
        "max": TOLD["rules"]["affiliation_cap"]["max_directors_per_company"],
        "sitting": [{"name": "A director of another class", "affiliation": "Dell"}],
    }
    told = rules("cumulative", candidates, whole_votes=False, cap=cap, electorate=5000)
    told |= {key: TOLD["rules"][key] for key in ("seats", "votes_per_voter")}
    return count_election(told, _ballots())


def test_the_four_known_rows(result):
    shown = ("votes", "voters", "percent_of_votes", "percent_of_voters", "rank")
    assert [
        {"candidate": row["name"], **{key: row[key] for key in shown}, "seated": row["seated"]}
        for row in result["candidates"][:4]
    ] == [{key: told[key] for key in ("candidate", *shown, "seated")} for told in KNOWN]
    assert [row["votes_per_voter"] for row in result["candidates"][:4]] == [
        "4.30", "5.32", "5.10", "3.52",
    ]  # fmt: skip


def test_george_is_kept_out_by_the_cap_and_the_ninth_takes_the_seat(result):
    george, ninth = result["candidates"][3], result["candidates"][8]
    assert george["reason"] == (
        "affiliation cap: Dell has 2 directors already: A director of another class, Rob Hirschfeld"
    )
    assert ninth["reason"] == "takes the seat for which Joseph George was passed over"
    assert seated(result) == [row["id"] for row in result["candidates"][:9] if row is not george]
    assert result["what_if"]["without_cap"]["only_here"] == [george["id"]]
    assert result["what_if"]["without_cap"]["not_here"] == [ninth["id"]]
