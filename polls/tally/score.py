"""Score: the mean share of the most points an option can get from a ballot.

    share(a) = sum over ballots of points(a)  /  (n * maximum)

With scores the points are the score and the maximum is 5 (range voting: W. D. Smith, Range voting,
2000). A ranking of at most k places gives k points to the first, k - 1 to the second and so on, and
none to those not named; the maximum is k. Unlike normalised Borda this has no neutral value: the
mean over the options depends on how many places were filled.
"""

from polls.tally import Profile
from polls.tally.ballots import SCORE_MAX
from polls.tally.shares import Shares


def score_shares(size: int, profile: Profile) -> Shares:
    """The mean shares of the highest score; an option without a score counts as 0."""
    return _shares(size, profile, SCORE_MAX)


def place_shares(size: int, profile: Profile, most_ranked: int) -> Shares:
    """The mean shares of the points of places; `most_ranked` is the longest ranking allowed.

    Raises ValueError where a ballot ranks more than that.
    """
    above = size - most_ranked
    if any(0 < height <= above for heights in profile for height in heights):
        raise ValueError("The ballot ranks more options than may be ranked.")
    points = [[max(0, height - above) for height in heights] for heights in profile]
    return _shares(size, points, most_ranked)


def _shares(size: int, points: Profile, maximum: int) -> Shares:
    return Shares(
        parts=[[ballot[option] for ballot in points] for option in range(size)],
        wholes=[maximum] * len(points),
    )
