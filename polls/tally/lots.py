"""Orders that leave nothing open: by value, then by more voters, then by lot.

The lot is drawn by nobody. When an election opens, the hash of a secret seed is published; when its
ballots are sealed, the seed is. A candidate's lot is SHA-256, in hex, over the seed, the digest of
the receipts and the candidate's id, with a line feed between them; the smallest comes first. The
seed cannot be chosen by the ballots, nor the ballots by the seed, as long as its keeper, the
operator, keeps it; and everybody can work the lot out again. (Commit, then reveal, mixed with a
second source: M. Blum, Coin flipping by telephone, CRYPTO 1981.)
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

Step = dict[str, Any]


@dataclass(frozen=True)
class Lot:
    """The lot of one election, and the candidates' names to tell of it."""

    seed: str
    digest: str
    names: Mapping[int, str]

    def key(self, candidate: int) -> str:
        """The candidate's lot, in hex."""
        return hashlib.sha256(f"{self.seed}\n{self.digest}\n{candidate}".encode()).hexdigest()

    def order(self, candidates: Iterable[int]) -> list[int]:
        """The candidates by lot, the first first."""
        return sorted(candidates, key=self.key)

    def listed(self, candidates: Iterable[int]) -> str:
        """Their names, for a sentence."""
        return ", ".join(self.names[candidate] for candidate in candidates)

    def told(self, candidates: Iterable[int]) -> Step:
        """A step that says in which order the lot put these."""
        order = self.order(candidates)
        return {
            "code": "lot",
            "candidates": order,
            "lots": {str(candidate): self.key(candidate) for candidate in order},
            "sentence": f"Nothing else told these apart, so the lot did: {self.listed(order)}.",
        }


def seed_hash(seed: str) -> str:
    """What is published of a seed when the election opens: SHA-256 of its text, in hex."""
    return hashlib.sha256(seed.encode()).hexdigest()


def ordered(
    values: Mapping[int, int], voters: Mapping[int, int], lot: Lot
) -> tuple[list[int], list[Step]]:
    """The candidates by value, the highest first, and a step for every tie that had to be broken.

    Of equal value, whom more voters gave something comes first; of as many voters, the lot decides.
    """
    order: list[int] = []
    steps: list[Step] = []
    by_value = sorted(values, key=lambda one: (-values[one], -voters[one], lot.key(one)))
    for _, tied in groupby(by_value, key=values.__getitem__):
        group = list(tied)
        order += group
        if len({voters[one] for one in group}) > 1:
            steps.append(_more_voters(group, voters, lot))
        for _, same in groupby(group, key=voters.__getitem__):
            level = list(same)
            if len(level) > 1:
                steps.append(lot.told(level))
    return order, steps


def _more_voters(group: list[int], voters: Mapping[int, int], lot: Lot) -> Step:
    told = ", ".join(f"{lot.names[one]} ({voters[one]})" for one in group)
    return {
        "code": "more_voters",
        "candidates": group,
        "voters": {str(one): voters[one] for one in group},
        "sentence": f"Level otherwise, so more voters decide: {told}.",
    }
