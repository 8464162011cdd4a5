"""Schulze against `belenios-tool method schulze` (Debian's belenios-tool, 2.0).

It reads ballots as one rank per choice, 1 the best, equal ranks allowed, 0 for a choice that is not
ranked: below every ranked one and level with the others not ranked. It compares strengths by
winning votes and then by fewer losing votes, leaves level pairs out, and lists the classes of
winners one after the other. These are our definitions, so every profile is compared, and not only
the winners: the pairs and the strengths of the strongest paths too.
"""

import json
import random
import subprocess

import pytest

from polls.tally.ballots import heights_of
from polls.tally.pairwise import pairwise_counts
from polls.tally.schulze import schulze, strongest_paths

PROFILES = 500


def _ranks(chance, size):
    """A partial ranking, or scores with ties, as ranks."""
    if chance.random() < 0.5:
        places = chance.sample(range(size), chance.randint(1, size))
        return [places.index(option) + 1 if option in places else 0 for option in range(size)]
    return [chance.randint(0, min(5, size)) for _ in range(size)]


def _heights(ranks):
    """The same ballot through our own door: as a ranking where it has no ties, else as scores."""
    options = range(1, len(ranks) + 1)
    named = sorted((rank, option) for option, rank in zip(options, ranks, strict=True) if rank)
    if len({rank for rank, _ in named}) == len(named):
        return heights_of("ranked", options, {"ranking": [option for _, option in named]})
    scores = {str(option): 6 - rank for rank, option in named}
    return heights_of("score", options, {"scores": scores})


def _belenios(size, ballots):
    run = subprocess.run(
        ["belenios-tool", "method", "schulze", "--blank-allowed=false", f"--nchoices={size}"],
        input=json.dumps(ballots), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(run.stdout)


def _without_losing_votes(counts):
    sides = range(len(counts))
    return [[counts[a][b] * (counts[a][b] > counts[b][a]) for b in sides] for a in sides]


@pytest.mark.needs("belenios-tool")
def test_schulze_is_that_of_belenios():
    chance = random.Random(1804_02973)
    partial = tied = several = turned = 0
    for _ in range(PROFILES):
        size = chance.randint(3, 7)
        ballots = [_ranks(chance, size) for _ in range(chance.randint(1, 12))]
        theirs = _belenios(size, ballots)
        counts = pairwise_counts(size, [_heights(ballot) for ballot in ballots])
        ours = schulze(counts)
        paths = strongest_paths(counts)
        assert counts == theirs["raw"]
        for a in range(size):
            for b in range(size):
                won, lost = paths[a][b]
                assert a == b or [won, -lost] == theirs["beatpaths"][a][b]
        assert ours.classes == theirs["winners"]
        partial += any(0 in ballot for ballot in ballots)
        tied += any(len(set(ballot) - {0}) < len(ballot) - ballot.count(0) for ballot in ballots)
        several += any(len(one) > 1 for one in ours.classes)
        turned += schulze(_without_losing_votes(counts)).classes != theirs["winners"]
    # the profiles were of the kind that can tell: also where losing votes decide
    assert min(partial, tied) > PROFILES / 2
    assert several > PROFILES / 10
    assert turned > PROFILES / 50
