"""Approval: the share of ballots that approve an option.

    share(a) = ballots that approve a  /  n

(S. J. Brams and P. C. Fishburn, Approval voting, American Political Science Review 72, 1978.)
Other ballots are read as approvals from a least height on: a ranking approves what it names at all,
a score approves from 3 of 5 on, dots approve where there is at least one. What a ranking approves
therefore depends on how many places it was allowed, and is a hint rather than a vote.
"""

from polls.tally import Profile
from polls.tally.shares import Shares

LEAST = {"ranked": 1, "score": 3, "approval": 1, "dots": 1}


def approval_shares(size: int, profile: Profile, least: int) -> Shares:
    """The shares of ballots that put each of `size` options at `least` this high."""
    return Shares(
        parts=[[int(heights[option] >= least) for heights in profile] for option in range(size)],
        wholes=[1] * len(profile),
    )
