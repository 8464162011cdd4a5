"""How far chance could have moved a share: percentile bootstrap margins.

B = 1,000 times, as many ballots as there are are drawn from them with replacement, and the share is
worked out anew. Between the 25th lowest and the 25th highest of the B shares lies the 95 % interval
(the percentile interval: B. Efron and R. J. Tibshirani, An introduction to the bootstrap, 1993,
ch. 13); the margin is half its width. It says how much the shares of as many voters *like these*
would differ, not how those who did not vote think.

The draws are positions, the same for every option, from a generator with a fixed seed: whoever
counts again gets the same margins. What they are drawn from is sorted by value, for each option
alone, so that neither the order of the ballots nor the options' names are in the result.

*Apart.* An option is apart from the next where the interval of their difference, ballot by ballot,
lies above 0. Ballots all alike show no spread to the bootstrap, however few they are; by the sign
test even n unanimous ballots come about by chance with 2 / 2^n, which is above 5 % up to n = 5. So
with fewer than six ballots nothing is apart. One ballot has no margin.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from operator import itemgetter
from random import Random

from polls.tally.shares import Shares

RESAMPLES = 1000
TAIL = 25  # 2.5 % of the resamples
SEED = 2012
BALLOTS_MIN = 2
BALLOTS_TO_TELL_APART = 6

Draw = Callable[[list[int]], tuple[int, ...]]


class Bootstrap:
    """The margins of `shares`, and which of two options lead beyond chance.

    A ballot without a whole, one with no dots, is no part of a share and is not drawn.
    """

    def __init__(self, shares: Shares) -> None:
        kept = [number for number, whole in enumerate(shares.wholes) if whole]
        self.wholes = [shares.wholes[number] for number in kept]
        self.parts = [[part[number] for number in kept] for part in shares.parts]

    def margins(self) -> list[Fraction | None]:
        """For each option half the width of its share's 95 % interval, 0 to 1."""
        if len(self.wholes) < BALLOTS_MIN:
            return [None] * len(self.parts)
        return [self._margin(part) for part in self.parts]

    def is_apart(self, higher: int, lower: int) -> bool:
        """Whether option number `higher` leads `lower` beyond chance."""
        if len(self.wholes) < BALLOTS_TO_TELL_APART:
            return False
        pairs = zip(self.parts[higher], self.parts[lower], strict=True)
        # a share is above 0 where its parts are: what they are parts of is no matter
        differences = sorted(above - below for above, below in pairs)
        return sorted(sum(draw(differences)) for draw in self._draws)[TAIL - 1] > 0

    def _margin(self, part: list[int]) -> Fraction:
        pairs = sorted(zip(part, self.wholes, strict=True))
        parts, wholes = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        if len(set(wholes)) == 1:
            whole = sum(wholes)
            drawn = sorted(sum(draw(parts)) for draw in self._draws)
            return Fraction(drawn[-TAIL] - drawn[TAIL - 1], 2 * whole)
        shares = [(sum(draw(parts)), sum(draw(wholes))) for draw in self._draws]
        # a quotient of whole numbers is rounded correctly, so floats stand in the right order
        shares.sort(key=lambda share: share[0] / share[1])
        return (Fraction(*shares[-TAIL]) - Fraction(*shares[TAIL - 1])) / 2

    @cached_property
    def _draws(self) -> list[Draw]:
        chance = Random(SEED)  # noqa: S311 - no secret: who counts again must draw the same
        count = len(self.wholes)
        # random() is the one sequence that Python promises to keep from version to version
        return [
            itemgetter(*[int(chance.random() * count) for _ in range(count)])
            for _ in range(RESAMPLES)
        ]
