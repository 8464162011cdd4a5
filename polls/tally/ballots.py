"""Ballots as the API takes them: read into heights, and digested."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SCORE_MAX = 5
FIELDS = {"ranked": "ranking", "score": "scores", "approval": "approved", "dots": "dots"}


def canonical(ballot: Mapping[str, Any]) -> str:
    """The one way a ballot is written: JSON without spaces, keys sorted.

    `approved` says nothing by its order, so that is sorted too.
    """
    told = {key: sorted(value) if key == "approved" else value for key, value in ballot.items()}
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def digest_of(ballots: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256, in hex, over the canonical ballots, sorted, each ended by a line feed.

    The order in which ballots were cast is not in it.
    """
    lines = sorted(canonical(ballot) for ballot in ballots)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def heights_of(method: str, options: Sequence[int], ballot: Mapping[str, Any]) -> list[int]:
    """How high `ballot` puts each of `options`, higher being better.

    With m options: ranked, m for the first, m - 1 for the second and so on, 0 for those not named;
    score, the score, 0 without one; approval, 1 or 0; dots, the dots. Raises ValueError for a
    ballot that is not one of this method over these options: the service that takes ballots lets
    none through, so one that is met here is a fault and no count can be trusted.
    """
    given = _given(method, len(options), ballot)
    if not given.keys() <= set(options):
        raise ValueError("The ballot names what is no option.")
    return [given.get(option, 0) for option in options]


def _given(method: str, size: int, ballot: Mapping[str, Any]) -> dict[int, int]:
    field = FIELDS[method]
    if ballot.keys() != {field}:
        raise ValueError(f"The ballot is not {field!r} and nothing else.")
    if method == "ranked":
        places = _once(ballot[field])
        return {option: size - place for place, option in enumerate(places)}
    if method == "approval":
        return dict.fromkeys(_once(ballot[field]), 1)
    return _numbers(ballot[field], SCORE_MAX if method == "score" else None)


def _once(options: Sequence[int]) -> Sequence[int]:
    if len(set(options)) != len(options):
        raise ValueError("The ballot names an option twice.")
    return options


def _numbers(given: Mapping[str, int], most: int | None) -> dict[int, int]:
    if any(number < 0 or (most is not None and number > most) for number in given.values()):
        raise ValueError("The ballot gives a number outside the scale.")
    return {int(option): number for option, number in given.items()}
