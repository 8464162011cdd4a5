"""What holds for all ballots, with tallies worked out a second way."""

from fractions import Fraction
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from polls.tally.borda import borda_shares
from polls.tally.count import count
from polls.tally.pairwise import pairwise_counts
from polls.tally.schulze import schulze, strongest_paths

OPTIONS = range(1, 6)
FEW = settings(max_examples=60, deadline=None)


def _numbers(most):
    return st.dictionaries(
        st.sampled_from([str(option) for option in OPTIONS]), st.integers(0, most)
    )


def _some(least):
    return st.lists(st.sampled_from(list(OPTIONS)), min_size=least, unique=True)


BALLOT = {
    "ranked": st.fixed_dictionaries({"ranking": _some(1)}),
    "score": st.fixed_dictionaries({"scores": _numbers(5)}),
    "approval": st.fixed_dictionaries({"approved": _some(0)}),
    "dots": st.fixed_dictionaries({"dots": _numbers(4)}),
}
POLLS = st.sampled_from(sorted(BALLOT)).flatmap(
    lambda method: st.tuples(st.just(method), st.lists(BALLOT[method], max_size=9))
)
PROFILES = st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), max_size=9)


@FEW
@given(POLLS, st.data())
def test_the_order_of_ballots_and_of_options_changes_nothing(poll, data):
    method, ballots = poll
    shuffled = data.draw(st.permutations(ballots))
    options = data.draw(st.permutations(OPTIONS))
    assert count(method, options, shuffled) == count(method, OPTIONS, ballots)


def _renamed_ballot(ballot, names):
    [(key, value)] = ballot.items()
    if isinstance(value, dict):
        return {key: {str(names[int(option)]): number for option, number in value.items()}}
    return {key: [names[option] for option in value]}


def _without_names(found):
    """The result with each option known by nothing but its rows."""
    order = found["pairwise"]["options"]
    told = {option: [] for option in order}
    for name, tally in sorted(found["tallies"].items()):
        for row in tally["options"]:
            told[row["id"]].append((name, row["rank"], row.get("percent"), row.get("wins")))
    for row in found["options"]:
        told[row["id"]].append((row["rank"], row["percent"], row["margin"]))
    for row in found["disagreements"]:
        told[row["id"]].append((row["tally"], row["rank"], row["main_rank"]))
    counts = {
        (above, below): votes
        for above, row in zip(order, found["pairwise"]["counts"], strict=True)
        for below, votes in zip(order, row, strict=True)
    }
    return told, counts, [(row["rank"], row["is_apart"]) for row in found["options"]]


@FEW
@given(POLLS, st.permutations(range(11, 16)))
def test_the_names_of_options_change_nothing(poll, given_names):
    method, ballots = poll
    names = dict(zip(OPTIONS, given_names, strict=True))
    told, counts, steps = _without_names(count(method, OPTIONS, ballots))
    renamed = [_renamed_ballot(ballot, names) for ballot in ballots]
    found = _without_names(count(method, given_names, renamed))
    assert found == (
        {names[option]: rows for option, rows in told.items()},
        {(names[above], names[below]): votes for (above, below), votes in counts.items()},
        steps,
    )


@FEW
@given(PROFILES.filter(bool))
def test_borda_is_the_chance_of_being_above_another_and_its_mean_is_one_half(profile):
    size, ballots = len(profile[0]), len(profile)
    counts = pairwise_counts(size, profile)
    expected = [
        sum(
            Fraction(counts[a][b]) + Fraction(ballots - counts[a][b] - counts[b][a], 2)
            for b in range(size)
            if b != a
        )
        / (ballots * (size - 1))
        for a in range(size)
    ]
    shares = borda_shares(size, profile).values()
    assert shares == expected
    assert sum(shares) / size == Fraction(1, 2)


def _strongest_by_trying(counts, start, end):
    """The best of all simple paths, each as weak as its weakest defeat."""
    between = [option for option in range(len(counts)) if option not in (start, end)]
    best = (0, 0)
    for length in range(len(between) + 1):
        for middle in permutations(between, length):
            path = [start, *middle, end]
            steps = [(counts[a][b], -counts[b][a]) for a, b in pairwise(path)]
            if all(won > -lost for won, lost in steps):
                best = max(best, min(steps))
    return best


@FEW
@given(PROFILES)
def test_strongest_paths_are_the_best_of_all_paths(profile):
    counts = pairwise_counts(5, profile)
    found = strongest_paths(counts)
    for start, end in permutations(range(5), 2):
        assert found[start][end] == _strongest_by_trying(counts, start, end)


@FEW
@given(PROFILES)
def test_who_beats_every_other_wins_by_schulze(profile):
    counts = pairwise_counts(5, profile)
    for option in range(5):
        others = [other for other in range(5) if other != option]
        if all(counts[option][other] > counts[other][option] for other in others):
            assert schulze(counts).classes[0] == [option]


@FEW
@given(PROFILES)
def test_schulze_s_classes_keep_its_relation(profile):
    """Transitive, without cycles: whoever is above another stands in an earlier class."""
    counts = pairwise_counts(5, profile)
    paths, found = strongest_paths(counts), schulze(counts)
    assert sorted(option for one in found.classes for option in one) == list(range(5))
    for a, b in permutations(range(5), 2):
        if paths[a][b] > paths[b][a]:
            assert found.ranks[a] < found.ranks[b]


@FEW
@given(st.permutations(OPTIONS), st.integers(1, 7))
def test_an_order_all_agree_on_is_the_order_of_every_tally(order, ballots):
    found = count("ranked", OPTIONS, [{"ranking": order}] * ballots)
    expected = [(option, place) for place, option in enumerate(order, start=1)]
    assert found["disagreements"] == []
    for name in ("borda", "schulze", "score"):
        rows = found["tallies"][name]["options"]
        assert [(row["id"], row["rank"]) for row in rows] == expected


@FEW
@given(st.lists(BALLOT["approval"], max_size=9))
def test_of_approvals_all_tallies_agree(ballots):
    """Who is approved more is above in more pairs and has more points: three ways to one order."""
    found = count("approval", OPTIONS, ballots)["tallies"]
    ranks = {
        name: {row["id"]: row["rank"] for row in tally["options"]} for name, tally in found.items()
    }
    assert ranks["approval"] == ranks["borda"] == ranks["schulze"]
