"""What a ballot of an election says: checked, read, and written in one way.

    method       choices
    cumulative   {"allocations": {"<candidate id>": "2.5"}}   votes, at most two decimals
    approval     {"approved": [ids]}
    stv          {"ranking": [ids, best first]}
    schulze      {"ranking": [[ids], [ids level with each other], ...]}

A ballot that names nobody is an abstention. Votes are counted in whole hundredths, so no sum is
ever rounded.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FIELDS = {
    "cumulative": "allocations",
    "approval": "approved",
    "stv": "ranking",
    "schulze": "ranking",
}
HUNDREDTHS = 100
AMOUNT = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?")

Tiers = tuple[tuple[int, ...], ...]  # a weak order: the best first, each tier level in itself


@dataclass(frozen=True)
class Paper:
    """A ballot as it is counted: the votes it gives, in hundredths, and the order it puts.

    votes: cumulative as allocated; approval 1 for each approved; stv 1 for the first preference;
    schulze 1 for each that is ranked.
    """

    votes: dict[int, int]
    tiers: Tiers
    employer: str

    @property
    def named(self) -> frozenset[int]:
        """The candidates the ballot says anything for."""
        return frozenset(candidate for tier in self.tiers for candidate in tier)


def hundredths(text: object) -> int:
    """`text`, a decimal number with at most two decimals, in hundredths; ValueError for others."""
    found = AMOUNT.fullmatch(str(text))
    if found is None or isinstance(text, bool):
        raise ValueError(f"{text!r} is no number of votes with at most two decimals.")
    return int(found[1]) * HUNDREDTHS + int((found[2] or "").ljust(2, "0"))


def decimal_text(amount: int) -> str:
    """`amount` hundredths as a decimal number in its shortest form: 250 is "2.5"."""
    whole, part = divmod(amount, HUNDREDTHS)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def paper_of(
    rules: Mapping[str, Any], choices: Mapping[str, Any], employer: str = "undisclosed"
) -> Paper:
    """`choices` as a paper of an election with these rules.

    Raises ValueError, with a sentence, for choices that the rules do not allow. The service that
    takes ballots lets none of them through, so one that is met in a count is a fault, and the
    count cannot be trusted.
    """
    method = rules["method"]
    field = FIELDS[method]
    if not choices.keys() <= {field}:
        raise ValueError(f"The ballot is not {field!r} and nothing else.")
    said = choices.get(field) or ()
    if method == "cumulative":
        votes = _allocated(rules, said)
        tiers = _by_amount(votes)
    else:
        tiers = _tiers(method, said)
        votes = {}
    named = [candidate for tier in tiers for candidate in tier]
    _check_names(rules, named)
    if method == "stv":
        votes = dict.fromkeys(named[:1], HUNDREDTHS)
    elif method != "cumulative":
        votes = dict.fromkeys(named, HUNDREDTHS)
    return Paper(votes=votes, tiers=tiers, employer=employer)


def _tiers(method: str, said: Any) -> Tiers:
    lists = said if method == "schulze" else [said]
    if not all(isinstance(one, list | tuple) for one in [said, *lists]):
        raise ValueError("The ballot does not name its candidates in a list.")
    if method == "stv":
        return tuple((candidate,) for candidate in said)
    return tuple(tuple(tier) for tier in lists if tier)


def _check_names(rules: Mapping[str, Any], named: Sequence[int]) -> None:
    if not all(type(candidate) is int for candidate in named):  # True is an int too, and no id
        raise ValueError("The ballot names a candidate by what is no id.")
    if len(set(named)) != len(named):
        raise ValueError("The ballot names a candidate twice.")
    if not set(named) <= {candidate["id"] for candidate in rules["candidates"]}:
        raise ValueError("The ballot names somebody who is no candidate.")


def _allocated(rules: Mapping[str, Any], allocations: Any) -> dict[int, int]:
    votes: dict[int, int] = {}
    if allocations and not isinstance(allocations, Mapping):
        raise ValueError("The ballot does not say votes for each candidate.")
    for candidate, text in dict(allocations).items():
        if not re.fullmatch(r"[0-9]{1,18}", str(candidate)):
            raise ValueError("The ballot names a candidate by what is no id.")
        amount = hundredths(text)
        if rules["whole_votes"] and amount % HUNDREDTHS:
            raise ValueError(f"{text} is no whole number of votes.")
        if int(candidate) in votes:
            raise ValueError("The ballot names a candidate twice.")
        votes[int(candidate)] = amount
    if sum(votes.values()) > rules["votes_per_voter"] * HUNDREDTHS:
        given = decimal_text(sum(votes.values()))
        raise ValueError(f"The ballot gives {given} votes of {rules['votes_per_voter']}.")
    return {candidate: amount for candidate, amount in votes.items() if amount}


def _by_amount(votes: Mapping[int, int]) -> Tiers:
    """The weak order of a cumulative ballot: more votes are better, as many votes are level."""
    tiers: dict[int, list[int]] = {}
    for candidate, amount in votes.items():
        tiers.setdefault(amount, []).append(candidate)
    return tuple(tuple(sorted(tiers[amount])) for amount in sorted(tiers, reverse=True))


def without(tiers: Tiers, gone: Collection[int]) -> Tiers:
    """`tiers` as if those who are `gone` had never been named."""
    if not gone:
        return tiers
    left = tuple(tuple(one for one in tier if one not in gone) for tier in tiers)
    return tuple(tier for tier in left if tier)


def canonical_choices(choices: Mapping[str, Any]) -> str:
    """The one way in which choices are written: JSON without spaces.

    Candidates stand in the order of their ids where the order says nothing, numbers in their
    shortest form; nothing given is not written, so every abstention is `{}`. Raises ValueError for
    choices of no method.
    """
    told: dict[str, Any] = {}
    for field, given in choices.items():
        if field == "allocations":
            amounts = {int(candidate): hundredths(text) for candidate, text in given.items()}
            said: Any = {
                str(candidate): decimal_text(amount)
                for candidate, amount in sorted(amounts.items())
                if amount
            }
        elif field == "approved":
            said = sorted(given)
        elif field == "ranking":
            said = [sorted(one) if isinstance(one, list | tuple) else one for one in given]
            said = [one for one in said if one != []]
        else:
            raise ValueError(f"There is no {field!r} on a ballot.")
        if said:
            told[field] = said
    return json.dumps(told, separators=(",", ":"))
