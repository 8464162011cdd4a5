"""Employers on ballots: coarse from the start, and shown for no fewer than five.

A ballot of an election that asks says one of the candidates' companies, "other" or "undisclosed".
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

from polls.tally.cap import affiliation_key
from polls.tally.choices import Paper
from polls.tally.shares import HALF

LEAST = 5
OTHER, UNDISCLOSED = "other", "undisclosed"


def buckets_of(candidates: Iterable[Mapping[str, Any]]) -> list[str]:
    """What a ballot may say of the voter's employer: the companies by name, then the other two."""
    companies = {affiliation_key(candidate["affiliation"]) for candidate in candidates}
    return [*sorted(companies - {"", OTHER, UNDISCLOSED}), OTHER, UNDISCLOSED]


def coarsened(ballots: Sequence[Mapping[str, Any]]) -> list[str]:
    """Each ballot's employer, where no bucket holds fewer than five ballots.

    Smaller ones become "other". While "other" itself holds fewer than five, the smallest that is
    left joins it; of several as small, the first by name. To be done once, when the ballots are
    sealed, so that what is published and what is counted agree.
    """
    said = [ballot["employer"] or UNDISCLOSED for ballot in ballots]
    buckets = Counter(said)
    small = {name for name, number in buckets.items() if number < LEAST} - {OTHER}
    kept = {name: buckets[name] for name in buckets if name not in small | {OTHER}}
    others = len(said) - sum(kept.values())
    while kept and 0 < others < LEAST:
        smallest = min(kept, key=lambda name: (kept[name], name))
        others += kept.pop(smallest)
    return [employer if employer in kept else OTHER for employer in said]


def own_employer_percent(candidate: int, company: str, papers: Sequence[Paper]) -> str | None:
    """Of those who gave the candidate something, how many are of the candidate's own company.

    In whole percent, a half rounded up. None where the candidate has fewer than five voters, the
    company fewer than five ballots, or all others together fewer than five; and for a candidate of
    no company. `company` is the affiliation's key.
    """
    own = sum(paper.employer == company for paper in papers)
    if company in {"", OTHER, UNDISCLOSED} or min(own, len(papers) - own) < LEAST:
        return None
    theirs = [paper.employer for paper in papers if candidate in paper.named]
    if len(theirs) < LEAST:
        return None
    return str(floor(Fraction(100 * theirs.count(company), len(theirs)) + HALF))
