"""What holds for every election."""

from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from polls.tally.cap import affiliation_key
from polls.tally.election import canonical_bytes, count_election
from polls.tally.piles import UNIT
from polls.tally.sheets import ballots_csv, read_ballots_csv
from tests.polls.tally.elections import ballot, candidate, rules, seated

IDS = range(1, 7)
COMPANIES = ["Dell", "dell ", "HP", "", "independent"]
FEW = settings(max_examples=80, deadline=None)


def _some():
    return st.lists(st.sampled_from(list(IDS)), unique=True)


def _tiers(places):
    return [
        [one for one in IDS if places.get(one) == place] for place in sorted(set(places.values()))
    ]


CHOICES = {
    "cumulative": st.dictionaries(
        st.sampled_from([str(one) for one in IDS]),
        st.integers(0, 133).map(lambda hundredths: str(Decimal(hundredths) / 100)),
    ).map(lambda votes: {"allocations": votes}),
    "approval": _some().map(lambda ids: {"approved": ids}),
    "stv": _some().map(lambda ids: {"ranking": ids}),
    "schulze": st.dictionaries(st.sampled_from(list(IDS)), st.integers(1, 3)).map(
        lambda places: {"ranking": _tiers(places)}
    ),
}


@st.composite
def elections(draw):
    method = draw(st.sampled_from(sorted(CHOICES)))
    candidates = [
        candidate(
            n, f"N{n}", draw(st.sampled_from(COMPANIES)), withdrew=draw(st.integers(0, 9)) == 0
        )
        for n in IDS
    ]
    sitting = draw(st.lists(st.sampled_from(COMPANIES), max_size=3))
    cap = {
        "max": draw(st.integers(1, 2)),
        "sitting": [{"name": "S", "affiliation": a} for a in sitting],
    }
    told = rules(
        method, candidates, seats=draw(st.integers(1, 4)), whole_votes=False, asks_employer=True,
        cap=draw(st.sampled_from([cap, None])),
    )  # fmt: skip
    employer = st.sampled_from(["dell", "hp", "other", "undisclosed"])
    given_ = draw(st.lists(st.tuples(CHOICES[method], employer), max_size=14))
    companies = {affiliation_key(one["affiliation"]) for one in candidates} | {
        "other",
        "undisclosed",
    }
    return told, [
        ballot(n, choices, told_by if told_by in companies else "other")
        for n, (choices, told_by) in enumerate(given_)
    ]


@FEW
@given(elections(), st.randoms())
def test_the_order_of_ballots_and_candidates_changes_no_byte_and_nor_does_the_sheet(told, chance):
    told_rules, ballots = told
    counted = canonical_bytes(count_election(told_rules, ballots))
    others = {
        **told_rules, "candidates": chance.sample(told_rules["candidates"], len(IDS)),
    }  # fmt: skip
    assert canonical_bytes(count_election(others, chance.sample(ballots, len(ballots)))) == counted
    text = ballots_csv(told_rules, ballots)
    again = read_ballots_csv(text, others)
    assert canonical_bytes(count_election(told_rules, again)) == counted
    assert ballots_csv(others, again) == text


def _directors(told_rules, ids):
    by_id = {one["id"]: one for one in told_rules["candidates"]}
    told = [by_id[one]["affiliation"] for one in ids]
    return Counter(key for key in map(affiliation_key, told) if key)


def _could_sit(told_rules, ids):
    """How many of these may sit together, by the cap alone."""
    cap = told_rules["cap"]
    if not cap:
        return len(ids)
    sitting = Counter(affiliation_key(one["affiliation"]) for one in cap["sitting"])
    wanting = _directors(told_rules, ids)
    capped = sum(min(n, max(0, cap["max"] - sitting[key])) for key, n in wanting.items())
    return capped + len(ids) - wanting.total()


@FEW
@given(elections())
def test_seats_and_the_cap_are_kept_and_no_seat_is_left_empty_without_need(told):
    told_rules, ballots = told
    result = count_election(told_rules, ballots)
    standing = [one["id"] for one in result["candidates"] if one["rank"] and one["voters"]]
    for ids in [seated(result), *(
        result["what_if"][name]["seated"] for name in ("stv", "schulze")
        if name in result["what_if"]
    )]:  # fmt: skip
        assert set(ids) <= set(standing)
        assert len(ids) == min(told_rules["seats"], _could_sit(told_rules, standing))
        assert _could_sit(told_rules, ids) == len(ids)
    if not told_rules["cap"]:
        assert [one["id"] for one in result["candidates"]][: len(seated(result))] == seated(result)


@FEW
@given(elections())
def test_every_vote_is_somewhere(told):
    told_rules, ballots = told
    result = count_election(told_rules, ballots)
    if told_rules["method"] == "cumulative":
        given_ = [
            Decimal(votes) for one in ballots for votes in one["choices"]["allocations"].values()
        ]
        assert sum(Decimal(row["votes"]) for row in result["candidates"]) == sum(given_)
    count = result if "stages" in result else result["what_if"].get("stv", {"stages": []})
    for stage in count["stages"]:
        somewhere = [*stage["votes"].values(), stage["exhausted"], stage["dropped"]]
        assert sum(map(Decimal, somewhere)) == count["papers"]
        assert Decimal(stage["dropped"]) < Decimal(1000 * len(ballots) + 1) / UNIT
    numbers = [Decimal(row["percent_of_votes"] or 0) for row in result["candidates"]]
    assert abs(sum(numbers) - 100) < Decimal("0.1") or not any(numbers)
