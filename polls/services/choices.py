"""A ballot's choices as they come from outside, checked and brought into one shape."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from polls.exceptions import InvalidBallotError
from polls.models import Poll, PollOption

KEYS = {
    Poll.Method.RANKED: "ranking",
    Poll.Method.SCORE: "scores",
    Poll.Method.APPROVAL: "approved",
    Poll.Method.DOTS: "dots",
}
FAR_OFF = 10**100  # Python writes out sums of such numbers, and not of any
Options = Mapping[int, PollOption]


def checked_choices(poll: Poll, options: Options, choices: Any) -> dict[str, Any]:
    """`choices` in the shape in which ballots are stored: ids as keys are text, no dots no entry.

    Raises InvalidBallotError with one sentence that names the option, and `errors` under the key
    it is about.
    """
    key = KEYS[Poll.Method(poll.method)]
    if not isinstance(choices, dict) or set(choices) != {key}:
        raise _invalid(key, f"This poll takes one thing and no other: “{key}”.")
    check: Callable[[Poll, Options, Any], Any] = {
        "ranking": _ranking, "scores": _scores, "approved": _approved, "dots": _dots,
    }[key]  # fmt: skip
    return {key: check(poll, options, choices[key])}


def _invalid(key: str, sentence: str) -> InvalidBallotError:
    return InvalidBallotError(f"{sentence} Nothing was saved.", errors={key: [sentence]})


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _listed(key: str, options: Options, given: Any) -> list[int]:
    """A list of options' ids, none of them twice."""
    if not isinstance(given, list):
        raise _invalid(key, f"“{key}” is a list of options' ids.")
    for number in given:
        if not _is_number(number) or number not in options:
            raise _invalid(key, f"There is no option {_quoted(number)} in this poll.")
    for number, times in Counter(given).items():
        if times > 1:
            raise _invalid(key, f"“{options[number]}” is there {_times(times)}.")
    if not given:
        raise _invalid(key, "Choose at least one option.")
    return given


def _times(times: int) -> str:
    return "twice" if times == 2 else f"{times} times"  # noqa: PLR2004 - two times is twice


def _quoted(value: Any) -> str:
    return f"“{str(value)[:40]}”"


def _ranking(poll: Poll, options: Options, given: Any) -> list[int]:
    ranking = _listed("ranking", options, given)
    if poll.most_ranked is not None and len(ranking) > poll.most_ranked:
        first = options[ranking[poll.most_ranked]]
        raise _invalid(
            "ranking", f"At most {poll.most_ranked} are put in order; “{first}” is one too many."
        )
    return ranking


def _approved(poll: Poll, options: Options, given: Any) -> list[int]:  # noqa: ARG001 - a check
    return sorted(_listed("approved", options, given))


def _numbers(key: str, options: Options, given: Any) -> dict[PollOption, int]:
    """A whole number for each option that is named."""
    if not isinstance(given, dict):
        raise _invalid(key, f"“{key}” holds a number for each option's id.")
    known = {str(number): option for number, option in options.items()}
    found = {}
    for name, value in given.items():
        option = known.get(str(name))
        if option is None:
            raise _invalid(key, f"There is no option {_quoted(name)} in this poll.")
        if not _is_number(value):
            raise _invalid(key, f"“{option}” has {_quoted(value)}, which is no whole number.")
        if abs(value) > FAR_OFF:
            raise _invalid(key, f"“{option}” has a number that is far too large.")
        found[option] = value
    return found


def _scores(poll: Poll, options: Options, given: Any) -> dict[str, int]:
    scores = _numbers("scores", options, given)
    for option, score in scores.items():
        if not 0 <= score <= poll.MOST_SCORE:
            raise _invalid(
                "scores", f"“{option}” has {_quoted(score)}; scores go from 0 to {poll.MOST_SCORE}."
            )
    if not scores:
        raise _invalid("scores", "Score at least one option.")
    return {str(option.pk): score for option, score in scores.items()}


def _dots(poll: Poll, options: Options, given: Any) -> dict[str, int]:
    dots = _numbers("dots", options, given)
    for option, number in dots.items():
        if number < 0:
            raise _invalid("dots", f"“{option}” has fewer than no dots.")
    spent = sum(dots.values())
    if spent > poll.dots:
        most = max(dots, key=lambda option: dots[option])
        raise _invalid(
            "dots",
            f"That is {_quoted(spent)} dots, and you have {poll.dots}. Take some off, "
            f"from “{most}” for example.",
        )
    if not spent:
        raise _invalid("dots", "Spend at least one dot.")
    return {str(option.pk): number for option, number in dots.items() if number}
