"""STV and Schulze elections against `belenios-tool method` (Debian's belenios-tool, 2.0).

*Schulze*: the rules are the same (see test_belenios.py), so every election is compared: the pairs
and the classes.

*STV*: its rule differs from the Scottish one in three points, read in its source (src/lib/core/
stv.ml) and seen here:

- it computes with floating point and cuts nothing off after five decimal places;
- it elects one at a time, so a surplus can still go to somebody who has the quota already, where
  the Scottish rule elects all who have it and passes them over;
- of level candidates it prefers the first by number, without a look at earlier stages or a lot.

So elections are drawn until 300 are found in which none of these can have mattered (688 for them):
no decision between candidates less than a hundredth of a vote apart, and never two with the quota
at one stage. In those the whole course must be the same: who is elected and who is excluded, in
which order.
"""

import json
import random
import subprocess
from collections import Counter

import pytest

from polls.tally.cap import Directors
from polls.tally.election import count_election
from polls.tally.lots import Lot
from polls.tally.piles import UNIT, Piles
from polls.tally.stv import SingleTransferableVote
from tests.polls.tally.elections import SEED, candidate, rankings, rules

ELECTIONS = 300
APART = UNIT // 100


def _belenios(*arguments, ballots):
    run = subprocess.run(
        ["belenios-tool", "method", *arguments],
        input=json.dumps(ballots), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(run.stdout)


def _ranking(chance, popular):
    """A partial ranking; some candidates are liked more than others, so that surpluses come up."""
    drawn = sorted(popular, key=lambda one: chance.random() ** (1 / popular[one]), reverse=True)
    return drawn[: chance.randint(1, len(drawn))]


def _election(chance):
    size, seats = chance.randint(3, 7), chance.randint(1, 4)
    popular = {one: chance.uniform(0.2, 3) for one in range(size)}
    orders = [_ranking(chance, popular) for _ in range(chance.randint(25, 60))]
    return size, min(seats, size - 1), orders


def _ours(size, seats, orders):
    lot = Lot(SEED, "", {one: str(one) for one in range(size)})
    papers = [tuple((one,) for one in order) for order in orders]
    directors = Directors([candidate(one, str(one)) for one in range(size)], None)
    return SingleTransferableVote(papers, range(size), seats, lot, directors)


def _is_clear(count):
    """Whether nothing that was decided depends on how the rules differ."""
    decided, before = set(), None
    for stage in count.stages:
        if stage.event == "exclusion":
            low, *others = sorted(
                votes for one, votes in before.votes.items() if one not in decided
            )
            if others and others[0] - low < APART:
                return False
        decided |= {*stage.candidates} if stage.event == "exclusion" else set()
        if stage.event != "last_vacancies" and len(stage.elected) > 1:
            return False
        quota = count.quota * UNIT
        open_to = [votes for one, votes in stage.votes.items() if one not in decided]
        if before and any(0 < abs(votes - quota) < APART for votes in open_to):
            return False
        decided |= set(stage.elected)
        before = stage
    return True


def _course(events):
    """What happened until the last exclusion, in order, and who was elected after it."""
    told = [
        (kind, one)
        for kind, who in events
        for one in (who if isinstance(who, list) else [who])
    ]  # fmt: skip
    last = max((place for place, (kind, _) in enumerate(told) if kind == "Lose"), default=-1)
    return told[: last + 1], sorted(one for _, one in told[last + 1 :])


def _our_course(count):
    events = []
    for stage in count.stages:
        if stage.event == "exclusion":
            events += [("Lose", one) for one in stage.candidates]
        events += [("Win", one) for one in stage.elected]
    return _course(events)


@pytest.fixture(scope="module")
def elections():
    """Elections in which the rules cannot differ, with what belenios-tool says of them."""
    chance = random.Random(2007_42)
    found = []
    while len(found) < ELECTIONS:
        size, seats, orders = _election(chance)
        everyone = {one for order in orders for one in order}
        if len(everyone) == size and _is_clear(_ours(size, seats, orders)):
            ballots = [[order.index(n) + 1 if n in order else 0 for n in range(size)]
                       for order in orders]  # fmt: skip
            theirs = _belenios("stv", f"--nseats={seats}", ballots=ballots)
            found.append((size, seats, orders, theirs))
    return found


@pytest.mark.needs("belenios-tool")
def test_stv_takes_the_course_of_belenios(elections):
    kinds = Counter()
    for size, seats, orders, theirs in elections:
        count = _ours(size, seats, orders)
        assert _our_course(count) == _course(theirs["events"])
        assert sorted(count.elected) == sorted(theirs["winners"])
        events = [stage.event for stage in count.stages]
        kinds.update(set(events))
        kinds["surplus, then exclusion"] += "exclusion" in events[events.index("surplus") :] \
            if "surplus" in events else 0  # fmt: skip
        kinds["several surpluses"] += events.count("surplus") > 1
    assert kinds["exclusion"] > ELECTIONS / 2
    assert kinds["surplus, then exclusion"] > ELECTIONS / 4
    assert kinds["several surpluses"] > ELECTIONS / 10


@pytest.mark.needs("belenios-tool")
def test_and_would_not_if_papers_went_on_at_their_full_value(elections, monkeypatch):
    def unweighted(piles, candidate, quota, continuing):
        held = piles._take(candidate)
        for (tiers, value), number in held.items():
            piles._deal(tiers, value, number, continuing)
        piles.votes[candidate] = quota
        return 0

    monkeypatch.setattr(Piles, "transfer_surplus", unweighted)
    others = sum(
        _our_course(_ours(size, seats, orders)) != _course(theirs["events"])
        for size, seats, orders, theirs in elections
    )
    assert others > ELECTIONS / 20


@pytest.mark.needs("belenios-tool")
def test_schulze_elections_are_those_of_belenios():
    chance = random.Random(1804_02973)
    several = 0
    for _ in range(ELECTIONS):
        size = chance.randint(3, 7)
        ranks = [[chance.randint(0, 4) for _ in range(size)] for _ in range(chance.randint(1, 12))]
        orders = [[[one for one in range(size) if ballot[one] == rank] for rank in range(1, 5)]
                  for ballot in ranks]  # fmt: skip
        names = {one: str(one) for one in range(size)}
        ours = count_election(rules("schulze", names), rankings(*orders))
        theirs = _belenios("schulze", "--blank-allowed=false", f"--nchoices={size}", ballots=ranks)
        listed = ours["pairwise"]["candidates"]
        assert {*listed} == {one for ballot in orders for tier in ballot for one in tier}
        assert ours["pairwise"]["counts"] == [
            [theirs["raw"][above][below] for below in listed] for above in listed
        ]
        named = [[one for one in level if one in listed] for level in theirs["winners"]]
        assert [sorted(level) for level in ours["classes"]] == [level for level in named if level]
        several += any(len(level) > 1 for level in named)
    assert several > ELECTIONS / 10
