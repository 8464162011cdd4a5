"""Each tally against values worked out on paper."""

import json
from hashlib import sha256

import pytest

from polls.tally.ballots import canonical, digest_of
from polls.tally.count import count
from polls.tally.schulze import schulze, strongest_paths


def _column(rows, name):
    return {row["id"]: row[name] for row in rows}


# Four options, three ballots, two places each:
#   [1, 2]   points 3, 2, and 3 and 4 share 1 and 0: half each
#   [1, 3]   points 3 for 1, 2 for 3, half each for 2 and 4
#   [2]      points 3 for 2, and 1, 3, 4 share 2, 1, 0: one each
# 1: 3 + 3 + 1 = 7 of 9; 2: 2 + 1/2 + 3 = 5 1/2; 3: 1/2 + 2 + 1 = 3 1/2; 4: 1/2 + 1/2 + 1 = 2
RANKED = [{"ranking": [1, 2]}, {"ranking": [1, 3]}, {"ranking": [2]}]


def test_borda_shares_the_places_left():
    found = count("ranked", [1, 2, 3, 4], RANKED, most_ranked=2)
    assert [row["id"] for row in found["options"]] == [1, 2, 3, 4]
    # 7/9, 5.5/9, 3.5/9, 2/9
    assert _column(found["options"], "percent") == {1: 77.8, 2: 61.1, 3: 38.9, 4: 22.2}
    assert _column(found["options"], "rank") == {1: 1, 2: 2, 3: 3, 4: 4}
    assert found["tallies"]["borda"]["options"][0] == {"id": 1, "percent": 77.8, "rank": 1}


def test_pairs_of_partial_rankings():
    found = count("ranked", [1, 2, 3, 4], RANKED)
    assert found["pairwise"] == {
        "options": [1, 2, 3, 4],
        # 1 above 2: two ballots of three; level pairs count for nobody
        "counts": [[0, 2, 2, 2], [1, 0, 2, 2], [0, 1, 0, 1], [0, 0, 0, 0]],
    }


def test_further_tallies_of_a_ranking():
    found = count("ranked", [1, 2, 3, 4], RANKED, most_ranked=2)["tallies"]
    assert sorted(found) == ["approval", "borda", "schulze", "score"]
    # named at all: 2, 2, 1, 0 of 3
    assert _column(found["approval"]["options"], "percent") == {1: 66.7, 2: 66.7, 3: 33.3, 4: 0.0}
    assert _column(found["approval"]["options"], "rank") == {1: 1, 2: 1, 3: 3, 4: 4}
    # two for the first, one for the second, of six: 4, 3, 1, 0
    assert _column(found["score"]["options"], "percent") == {1: 66.7, 2: 50.0, 3: 16.7, 4: 0.0}
    assert found["schulze"]["options"] == [
        {"id": 1, "rank": 1, "wins": 3},
        {"id": 2, "rank": 2, "wins": 2},
        {"id": 3, "rank": 3, "wins": 1},
        {"id": 4, "rank": 4, "wins": 0},
    ]


def test_points_of_places_go_down_to_the_last_where_all_may_be_ranked():
    found = count("ranked", [1, 2, 3, 4], RANKED)["tallies"]["score"]["options"]
    # four for the first, three for the second, of twelve: 8, 7, 3, 0
    assert _column(found, "percent") == {1: 66.7, 2: 58.3, 3: 25.0, 4: 0.0}


def test_scores():
    ballots = [{"scores": {"1": 5, "2": 3}}, {"scores": {"2": 3, "3": 2}}]
    found = count("score", [3, 2, 1], ballots)
    # 5, 6 and 2 of ten points
    assert _column(found["options"], "percent") == {2: 60.0, 1: 50.0, 3: 20.0}
    # three or more: one, two and no ballot of two
    assert _column(found["tallies"]["approval"]["options"], "percent") == {
        2: 100.0,
        1: 50.0,
        3: 0.0,
    }
    # half points of four: 1 gets 4 and 0 (level with none, below both): an unscored 0 is below 2
    assert _column(found["tallies"]["borda"]["options"], "percent") == {2: 75.0, 1: 50.0, 3: 25.0}
    assert sorted(found["tallies"]) == ["approval", "borda", "schulze", "score"]


def test_approvals():
    ballots = [{"approved": [1, 2]}, {"approved": [2]}, {"approved": []}, {"approved": [2, 1]}]
    found = count("approval", [1, 2, 3], ballots)
    assert _column(found["options"], "percent") == {2: 75.0, 1: 50.0, 3: 0.0}
    assert sorted(found["tallies"]) == ["approval", "borda", "schulze"]


def test_dots_are_shares_of_those_spent():
    ballots = [{"dots": {"1": 3, "2": 1}}, {"dots": {"2": 1}}, {"dots": {}}]
    found = count("dots", [1, 2, 3], ballots)
    # three and two of five dots; the empty ballot has no weight
    assert _column(found["options"], "percent") == {1: 60.0, 2: 40.0, 3: 0.0}
    assert found["ballots"] == 3
    # 2 has a dot on two ballots, 1 on one: approval and pairs turn the two round
    assert [(row["tally"], row["id"], row["rank"], row["main_rank"])
            for row in found["disagreements"] if row["tally"] == "approval"] == [
        ("approval", 1, 2, 1), ("approval", 2, 1, 2),
    ]  # fmt: skip


def test_equals_share_a_rank_and_are_no_disagreement():
    ballots = [{"ranking": [1, 2, 3, 4]}, {"ranking": [1, 3, 2, 4]}]
    found = count("ranked", [1, 2, 3, 4], ballots)
    assert [(row["id"], row["rank"]) for row in found["options"]] == [
        (1, 1),
        (2, 2),
        (3, 2),
        (4, 4),
    ]
    assert _column(found["tallies"]["approval"]["options"], "rank") == {1: 1, 2: 1, 3: 1, 4: 1}
    assert found["disagreements"] == []


def test_ranks_are_by_the_exact_share_and_not_by_the_printed_one():
    # 1,001 against 1,000 of 2,001 dots: 50.02 % and 49.98 %
    ballots = [{"dots": {"1": 1000, "2": 1000}}, {"dots": {"1": 1}}]
    found = count("dots", [1, 2], ballots)["options"]
    assert [(row["percent"], row["rank"]) for row in found] == [(50.0, 1), (50.0, 2)]


def test_halves_are_rounded_up():
    # 1 of 8 is 12.5 %; 1 of 16 is 6.25, printed 6.3, where rounding to even would give 6.2
    ballots = [{"approved": [1]}] + [{"approved": [2]}] * 15
    assert count("approval", [1, 2], ballots)["options"][1]["percent"] == 6.3


def test_borda_and_schulze_may_disagree_and_are_told_apart():
    # Three of five put 1 above 2 and both above 3; two put 2 first and 1 last.
    # Pairs: 1 beats 2 by 3:2, 1 beats 3 by 3:2, 2 beats 3 by 5:0. Points 6, 7, 2 of ten.
    ballots = [{"ranking": [1, 2, 3]}] * 3 + [{"ranking": [2, 3, 1]}] * 2
    found = count("ranked", [1, 2, 3], ballots)
    assert _column(found["options"], "percent") == {2: 70.0, 1: 60.0, 3: 20.0}
    assert found["disagreements"] == [
        {"tally": "schulze", "id": 2, "rank": 2, "main_rank": 1},
        {"tally": "schulze", "id": 1, "rank": 1, "main_rank": 2},
    ]


# The first example of Schulze's paper: 45 ballots over five options, A to E.
SCHULZE_1 = {
    "ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8,
}  # fmt: skip


def test_schulze_s_own_example():
    ballots = [
        {"ranking": [ord(letter) for letter in order]}
        for order, votes in SCHULZE_1.items()
        for _ in range(votes)
    ]
    found = count("ranked", [ord(letter) for letter in "ABCDE"], ballots)["tallies"]["schulze"]
    assert "".join(chr(row["id"]) for row in found["options"]) == "EACBD"
    assert [row["wins"] for row in found["options"]] == [4, 3, 2, 1, 0]


def test_fewer_losing_votes_decide_where_winning_votes_are_equal():
    # A beats B by 3:2, B beats C by 3:1, C beats A by 3:0. The weakest is A's over B:
    # B to A goes by C at (3, 1), A to B only at (3, 2), so B is above A; C to B goes by A at
    # (3, 2) against (3, 1), so B is above C; A to C goes by B at (3, 2) against (3, 0).
    counts = [[0, 3, 0], [2, 0, 3], [3, 1, 0]]
    assert strongest_paths(counts)[1][0] == (3, -1)
    assert schulze(counts).ranks == [3, 1, 2]
    # without the losing votes all three are equal
    assert schulze([[0, 3, 0], [0, 0, 3], [3, 0, 0]]).ranks == [1, 1, 1]


def test_without_ballots_nothing_is_claimed():
    for method in ("ranked", "score", "approval", "dots"):
        found = count(method, [2, 1], [])
        assert found["ballots"] == 0
        assert found["options"] == [
            {"id": 1, "percent": None, "rank": 1, "margin": None, "is_apart": None},
            {"id": 2, "percent": None, "rank": 1, "margin": None, "is_apart": None},
        ]
        assert found["tallies"]["schulze"]["options"][1] == {"id": 2, "rank": 1, "wins": 0}
        assert found["disagreements"] == []


def test_the_digest_can_be_made_without_this_program():
    ballots = [{"ranking": [2, 1]}, {"ranking": [1]}]
    lines = b'{"ranking":[1]}\n{"ranking":[2,1]}\n'
    assert digest_of(ballots) == digest_of(reversed(ballots)) == sha256(lines).hexdigest()
    assert count("ranked", [1, 2], ballots)["digest"] == digest_of(ballots)
    assert digest_of(ballots) != digest_of([{"ranking": [1, 2]}, {"ranking": [1]}])


def test_one_vote_is_written_in_one_way():
    assert canonical({"approved": [2, 1]}) == canonical({"approved": [1, 2]})
    assert canonical({"ranking": [2, 1]}) != canonical({"ranking": [1, 2]})
    assert canonical({"dots": {"2": 1, "1": 3}}) == '{"dots":{"1":3,"2":1}}'


def test_a_result_is_plain_json():
    found = count("ranked", [1, 2, 3, 4], RANKED)
    assert json.loads(json.dumps(found, sort_keys=True)) == found


@pytest.mark.parametrize(
    ("method", "ballot"),
    [
        ("ranked", {"ranking": [1, 9]}),
        ("ranked", {"ranking": [1, 1]}),
        ("ranked", {"ranking": [1, 2, 3]}),
        ("approval", {"approved": [2, 2]}),
        ("score", {"scores": {"1": 6}}),
        ("score", {"scores": {"9": 1}}),
        ("dots", {"dots": {"1": -1}}),
        ("ranked", {"approved": [1]}),
        ("dots", {"dots": {"1": 1}, "approved": [1]}),
        ("plurality", {"choice": 1}),
    ],
)
def test_what_is_no_ballot_stops_the_count(method, ballot):
    with pytest.raises(ValueError, match=r"ballot|method"):
        count(method, [1, 2, 3], [ballot], most_ranked=2)


def test_an_option_cannot_be_there_twice():
    with pytest.raises(ValueError, match="twice"):
        count("ranked", [1, 1], [])
