"""What a voter sends, checked and brought into the one shape in which ballots are kept."""

import json
import re
from typing import Any

from polls.exceptions import InvalidBallotError
from polls.tally.choices import FIELDS, canonical_choices, paper_of

CODE = re.compile(r"[A-Za-z0-9_-]{22,128}")
NOTHING_SAVED = "Nothing was saved."


class _WrongError(ValueError):
    """What is wrong with a ballot, in a sentence."""


def checked_choices(rules: dict[str, Any], choices: Any) -> dict[str, Any]:
    """`choices` in canonical form, where these rules allow them. Raises InvalidBallotError.

    Candidates' ids may be numbers or text; votes numbers or text with at most two decimals.
    """
    field = FIELDS[rules["method"]]
    if not isinstance(choices, dict) or set(choices) != {field}:
        raise _invalid(field, f"A ballot of this election has “{field}” and nothing else.")
    given = choices[field]
    try:
        read = _allocations(given) if field == "allocations" else _ranked(field, given)
        _check_standing(rules, read)
        paper_of(rules, {field: read})
        return dict(json.loads(canonical_choices({field: read})))
    except ValueError as error:
        raise _invalid(field, str(error)) from None


def checked_code(code: Any) -> str:
    """The revote code, long enough that nobody guesses it. Raises InvalidBallotError."""
    if not isinstance(code, str) or not CODE.fullmatch(code):
        raise _invalid(
            "revote_code",
            "The revote code has 22 to 128 characters: letters, digits, hyphens, underscores.",
        )
    return code


def checked_employer(known: dict[str, str], employer: Any) -> str:
    """The employer's bucket, one of `known`. Raises InvalidBallotError."""
    if not isinstance(employer, str) or employer not in known:
        raise _invalid("employer", f"Say one of these: {', '.join(known)}.")
    return employer


def _invalid(field: str, sentence: str) -> InvalidBallotError:
    return InvalidBallotError(f"{sentence} {NOTHING_SAVED}", errors={field: [sentence]})


def _allocations(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _WrongError("“allocations” holds the votes for each candidate's id.")
    read = {str(_id_of(candidate)): _votes_of(votes) for candidate, votes in given.items()}
    if len(read) < len(given):  # “7” and “07” are one
        raise _WrongError("The ballot names a candidate twice.")
    return read


def _votes_of(votes: Any) -> str:
    """Votes as decimal text; `2.50` and `2.5` are the same."""
    text = str(votes).strip()
    if isinstance(votes, bool) or not isinstance(votes, str | int | float):
        raise _WrongError("Votes are numbers.")
    if text.startswith("-"):
        raise _WrongError(f"{text[:20]} votes are fewer than none.")
    whole, _, part = text.partition(".")
    return f"{whole[:20]}.{part.rstrip('0')[:20]}" if part.rstrip("0") else whole[:20]


def _ranked(field: str, given: Any) -> list[Any]:
    if not isinstance(given, list):
        raise _WrongError(f"“{field}” is a list of candidates' ids.")
    if field == "ranking":
        return [
            [_id_of(one) for one in place] if isinstance(place, list) else _id_of(place)
            for place in given
        ]
    return [_id_of(one) for one in given]


def _id_of(candidate: Any) -> int:
    text = str(candidate)
    if isinstance(candidate, bool) or not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - what a bigint holds
        raise _WrongError(f"“{text[:40]}” is no candidate of this election.")
    return int(text)


def _check_standing(rules: dict[str, Any], read: Any) -> None:
    """A sentence with the name for whoever is not on the paper, or withdrew."""
    names = {candidate["id"]: candidate for candidate in rules["candidates"]}
    for one in _named(read):
        if one not in names:
            raise _WrongError(f"“{one}” is no candidate of this election.")
        if names[one]["withdrew"]:
            raise _WrongError(f"{names[one]['name']} withdrew and takes no votes.")


def _named(read: Any) -> list[int]:
    if isinstance(read, dict):
        return [int(candidate) for candidate in read]
    return [one for place in read for one in (place if isinstance(place, list) else [place])]
