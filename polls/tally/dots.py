"""Dots: the share of all dots spent that lie on an option.

    share(a) = dots on a  /  dots spent by all

The shares add up to 1. A voter who spends half of the dots has half of the weight; a ballot without
dots has none. It is cumulative voting with its points pooled.
"""

from polls.tally import Profile
from polls.tally.shares import Shares


def dot_shares(size: int, profile: Profile) -> Shares:
    """The shares of all dots spent; nothing is shared out where none was."""
    return Shares(
        parts=[[heights[option] for heights in profile] for option in range(size)],
        wholes=[sum(heights) for heights in profile],
    )
