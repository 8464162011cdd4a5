"""The Schulze method (M. Schulze, The Schulze method of voting, arXiv:1804.02973).

a *defeats* b where more ballots put a above b than b above a. The strength of a defeat is the pair
(winning votes, losing votes): more winning votes are stronger, and of as many, fewer losing votes.
A path is as strong as its weakest defeat; P[a][b] is the strength of the strongest path from a to
b. Option a is above b where P[a][b] is stronger than P[b][a]; that relation is transitive.

Strongest paths come from the Floyd-Warshall recursion over (max, min), in O(m^3).

Level pairs and lost pairs are no links. Schulze's order of strengths has places for them below all
defeats, but they never decide: if neither P[a][b] nor P[b][a] leads through defeats alone, a and b
themselves are level, so both strengths are those of a level pair, which are all equal.

*Order.* The relation may leave options undecided, also where they are no equals. They are put into
classes: the first holds those that none is above; the next, those that none is above among the
rest; and so on. The rank is 1 + the options in earlier classes. CIVS and Belenios do the same:
`belenios-tool method schulze` 2.0 compares strengths by the same rule and lists the same classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Strength = tuple[int, int]  # winning votes, and the losing votes below zero: compares as it should
NONE: Strength = (0, 0)


@dataclass(frozen=True)
class Schulze:
    """For each option its rank, and how many options it is above by strongest paths."""

    ranks: list[int]
    wins: list[int]
    classes: list[list[int]]


def schulze(counts: Sequence[Sequence[int]]) -> Schulze:
    """The Schulze order of the options of a pairwise matrix."""
    paths = strongest_paths(counts)
    everyone = range(len(paths))
    is_above = [[paths[a][b] > paths[b][a] for b in everyone] for a in everyone]
    ranks, classes = [0] * len(paths), []
    left = list(everyone)
    while left:
        first = [b for b in left if not any(is_above[a][b] for a in left)]
        for option in first:
            ranks[option] = 1 + len(paths) - len(left)
        classes.append(first)
        left = [option for option in left if option not in first]
    return Schulze(ranks=ranks, wins=[sum(row) for row in is_above], classes=classes)


def strongest_paths(counts: Sequence[Sequence[int]]) -> list[list[Strength]]:
    """`paths[a][b]`: the strength of the strongest path from a to b; NONE where there is none."""
    everyone = range(len(counts))
    paths = [
        [(counts[a][b], -counts[b][a]) if counts[a][b] > counts[b][a] else NONE for b in everyone]
        for a in everyone
    ]
    for via in everyone:
        for row in paths:
            for b in everyone:
                row[b] = max(row[b], min(row[via], paths[via][b]))
    return paths
