"""The pairwise matrix: how many ballots put one option above another (Condorcet 1785)."""

from polls.tally import Profile


def pairwise_counts(size: int, profile: Profile) -> list[list[int]]:
    """`counts[a][b]`: the ballots that put a above b.

    An option that is not ranked is below every ranked one and level with the others not ranked;
    level pairs count for neither side, so counts[a][b] + counts[b][a] may be less than the ballots.
    """
    counts = [[0] * size for _ in range(size)]
    for heights in profile:
        for above, row in zip(heights, counts, strict=True):
            for option, height in enumerate(heights):
                if above > height:
                    row[option] += 1
    return counts
