"""The one gate before every result: page, API, mail, export and admin read through it."""

import datetime as dt
from typing import Any, NamedTuple

from polls import states
from polls.exceptions import ResultsHiddenError
from polls.models import Ballot, Poll, PollResult
from polls.selectors.electorate import electorate_size
from polls.tally.ballots import canonical
from polls.tally.count import count


class Outcome(NamedTuple):
    """What was counted, with what it is measured by."""

    content: dict[str, Any]
    electorate: int
    counted_at: dt.datetime | None

    @property
    def ballots(self) -> int:
        """How many ballots were counted."""
        return int(self.content["ballots"])


def check_results_open(poll: Poll) -> None:
    """Raise ResultsHiddenError unless `poll` is closed and counted."""
    if poll.state == states.CANCELLED:
        raise ResultsHiddenError("The poll was cancelled; nothing is counted.")
    if poll.state != states.CLOSED:
        raise ResultsHiddenError("Results are hidden from everyone until the poll is closed.")


def poll_results(poll: Poll) -> dict[str, Any]:
    """What was counted, in the shape of `polls.tally.count`. Raises ResultsHiddenError."""
    return poll_outcome(poll).content


def poll_outcome(poll: Poll) -> Outcome:
    """The result with its electorate, as stored at the close. Raises ResultsHiddenError."""
    check_results_open(poll)
    try:
        stored = poll.result
    except PollResult.DoesNotExist:
        return Outcome(counted(poll, ballots_of(poll)), electorate_size(poll), None)
    return Outcome(stored.content, stored.electorate, stored.counted_at)


def poll_ballots(poll: Poll) -> list[dict[str, Any]]:
    """The ballots without their voters, in an order that tells nothing. ResultsHiddenError."""
    check_results_open(poll)
    return sorted(ballots_of(poll), key=canonical)


def ballots_of(poll: Poll) -> list[dict[str, Any]]:
    """The choices alone; whoever gives them out asks `check_results_open` first."""
    return list(Ballot.objects.filter(poll=poll).order_by("pk").values_list("choices", flat=True))


def counted(poll: Poll, ballots: list[dict[str, Any]]) -> dict[str, Any]:
    """The result of `ballots` over the options of `poll`; the gate is the caller's part."""
    options = list(poll.options.values_list("pk", flat=True))
    most = poll.most_ranked if poll.method == Poll.Method.RANKED else None
    return count(poll.method, options, ballots, most_ranked=most)


def is_quorum_met(poll: Poll, outcome: Outcome) -> bool | None:
    """Whether enough have voted; None where no quorum was asked for."""
    return None if poll.quorum is None else outcome.ballots >= poll.quorum


def first_of(poll: Poll, places: int = 3) -> list[dict[str, Any]]:
    """The first of a result with their titles, for a line in a list; empty before the close.

    `poll` comes from `listed_polls`, with its options and its result.
    """
    if poll.state != states.CLOSED:
        return []
    content = poll_outcome(poll).content
    if not content["ballots"]:
        return []
    titles = {option.pk: option.title for option in poll.options.all()}
    rows = [row for row in content["options"] if row["rank"] <= places]
    return [row | {"title": titles[row["id"]]} for row in rows]
