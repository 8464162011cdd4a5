"""Normalised Borda: the chance that a random ballot puts this option above a random other one.

With m options, a ballot gives an option one point for each option below it and half a point for
each other at the same height; the share is the points divided by m - 1, averaged over the n
ballots. It is 0 to 1.

*Partial ballots.* Options that a ballot does not rank share the mean of the places left. Of u such
options, the places left would give u - 1, ..., 1, 0 points, whose mean is (u - 1) / 2: half a point
for each of the u - 1 others, which is the rule above. Equal heights of scores, approvals and dots
are treated alike. (J. Cullinan, S. K. Hsiao and D. Polett, A Borda count for partially ordered
ballots, Social Choice and Welfare 42, 2014, where it is the partial Borda count; P. Emerson, The
original Borda count and partial voting, the same 40, 2013, has the alternatives.)

*A chance.* Let N[a][b] be the ballots that put a above b. Summing the points of a over all ballots
pair by pair gives

    share(a) = sum over b != a of (N[a][b] + (n - N[a][b] - N[b][a]) / 2)  /  (n (m - 1)),

the chance, over a random ballot and a random b, that a is above b, an undecided pair counting half.

*The mean is exactly one half.* In one ballot each pair gives one point in all: 1 + 0 where it is
decided, 1/2 + 1/2 where it is not. There are m (m - 1) / 2 pairs, so a ballot's points over all m
options are m (m - 1) / 2 and their mean share is (m (m - 1) / 2) / (m (m - 1)) = 1/2, whatever the
ballot says; so it is for any number of ballots.
"""

from polls.tally import Profile
from polls.tally.shares import Shares


def borda_shares(size: int, profile: Profile) -> Shares:
    """The normalised Borda shares of `size` options; in half points, to stay with whole numbers.

    One option alone has no other to be above: nothing is shared out.
    """
    points = [_half_points(heights) for heights in profile]
    return Shares(
        parts=[[ballot[option] for ballot in points] for option in range(size)],
        wholes=[2 * (size - 1)] * len(profile),
    )


def _half_points(heights: list[int]) -> list[int]:
    """For each option twice the number below it and once the number of others equal to it."""
    points, below = {}, 0
    for height in sorted(set(heights)):
        equal = heights.count(height)
        points[height] = 2 * below + equal - 1
        below += equal
    return [points[height] for height in heights]
