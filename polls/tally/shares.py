"""Parts of wholes, exactly: what a percentage is made of, and the ranks that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Shares:
    """`parts[option][ballot]`: what a ballot gave an option, of at most `wholes[ballot]`.

    An option's share is the sum of its parts divided by the sum of the wholes.
    """

    parts: list[list[int]]
    wholes: list[int]

    def values(self) -> list[Fraction | None]:
        """Each option's share, 0 to 1; None for all where there is nothing to share."""
        whole = sum(self.wholes)
        return [Fraction(sum(part), whole) if whole else None for part in self.parts]


def percent_of(share: Fraction | None) -> float | None:
    """`share` in percent to one decimal, a half rounded up: 0.1235 is 12.4."""
    return None if share is None else floor(share * 1000 + HALF) / 10


def shared_ranks(values: Sequence[Fraction | None]) -> list[int]:
    """Ranks by exact value, the highest first: 1 + how many are higher, so 1, 2, 2, 4.

    Where there are no values, every rank is 1.
    """
    known = [value for value in values if value is not None]
    return [1 if value is None else 1 + sum(other > value for other in known) for value in values]
