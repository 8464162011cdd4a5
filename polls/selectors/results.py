"""The one gate before every result: page, API, mail, export and admin read through it."""

from typing import Any

from polls import states
from polls.exceptions import ResultsHiddenError
from polls.models import Poll


def check_results_open(poll: Poll) -> None:
    """Raise ResultsHiddenError unless `poll` is closed and counted."""
    if poll.state != states.CLOSED:
        raise ResultsHiddenError("Results are hidden from everyone until the poll is closed.")


def poll_results(poll: Poll) -> dict[str, Any]:
    """What was counted, in the shape of `polls.tally.count`. Raises ResultsHiddenError."""
    check_results_open(poll)
    content: dict[str, Any] = poll.result.content
    return content
