"""Ballot papers in piles, and how they move: the bookkeeping of the single transferable vote.

Values are whole numbers of 1/100 000 vote, the five decimal places of the Scottish rule; whatever
a division leaves beyond them is dropped, as the rule says, and added up in `dropped`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from polls.tally.choices import Tiers

UNIT = 100_000

Pile = Counter[tuple[Tiers, int]]  # how many papers of this order have come at this value


class Piles:
    """The papers each candidate holds, and the votes they are credited with.

    A paper goes to the first tier that holds a continuing candidate. Where several continuing ones
    are level in it, its value is divided among them equally, each part truncated to five places.
    """

    def __init__(self, papers: Iterable[Tiers], candidates: Sequence[int]) -> None:
        self.votes = dict.fromkeys(candidates, 0)
        self.exhausted = 0  # what is on papers without a further preference
        self.dropped = 0
        self._piles: dict[int, Pile] = {candidate: Counter() for candidate in candidates}
        self.number = 0
        for tiers, number in Counter(papers).items():
            if tiers:
                self.number += number
                self._deal(tiers, UNIT, number, set(candidates))

    def _deal(self, tiers: Tiers, value: int, number: int, continuing: Collection[int]) -> None:
        for tier in tiers:
            level = [candidate for candidate in tier if candidate in continuing]
            if level:
                part = value // len(level)
                self.dropped += (value - part * len(level)) * number
                for candidate in level:
                    self._piles[candidate][tiers, part] += number
                    self.votes[candidate] += part * number
                return
        self.exhausted += value * number

    def transfer_surplus(self, candidate: int, quota: int, continuing: Collection[int]) -> int:
        """Pass on what `candidate` has beyond `quota`; returns how much reached somebody.

        Each paper goes on at surplus x its value / the candidate's votes, to five places.
        """
        held, votes = self._take(candidate), self.votes[candidate]
        surplus = votes - quota
        before = self._with(continuing)
        going = 0
        for (tiers, value), number in held.items():
            passed = surplus * value // votes
            going += passed * number
            self._deal(tiers, passed, number, continuing)
        self.dropped += surplus - going
        self.votes[candidate] = quota
        return self._with(continuing) - before

    def transfer_all(self, gone: Collection[int], continuing: Collection[int]) -> int:
        """Pass on all papers of those who are `gone`, at their values; returns what reached."""
        before = self._with(continuing)
        for candidate in gone:
            held = self._take(candidate)
            self.votes[candidate] = 0
            for (tiers, value), number in held.items():
                self._deal(tiers, value, number, continuing)
        return self._with(continuing) - before

    def _take(self, candidate: int) -> Pile:
        held, self._piles[candidate] = self._piles[candidate], Counter()
        return held

    def _with(self, candidates: Iterable[int]) -> int:
        return sum(self.votes[candidate] for candidate in candidates)


def places(value: int) -> str:
    """A value as a decimal number with five places: 150000 is "1.50000"."""
    return f"{value // UNIT}.{value % UNIT:05d}"
