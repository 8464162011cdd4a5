"""The one gate before an election's result: page, API, mail, export and admin read through it."""

from typing import Any

from polls import states
from polls.exceptions import ResultsHiddenError
from polls.models import Candidate, Election, ElectionResult
from polls.selectors.elections.elections import inspector_of
from polls.selectors.elections.rules import ballots_of, rules_of
from polls.tally.receipts import receipt_of

LEAST_TO_PUBLISH = 10
SEALED = frozenset({states.SEALED, states.COUNTED, states.CERTIFIED})


def are_results_out(election: Election) -> bool:
    """Whether the announced moment has come; for one held elsewhere, whether there is a result."""
    if election.state == states.EXTERNAL:
        held = Candidate.objects.filter(election=election, outside_result__isnull=False)
        return held.exists()
    if election.state == states.COUNTED:
        return election.results_at == Election.ResultsAt.CLOSE
    return election.state == states.CERTIFIED


def may_read_results(election: Election, user: Any) -> bool:
    """Everyone from the announced moment on; inspectors as soon as it is counted."""
    if are_results_out(election):
        return True
    return election.state == states.COUNTED and inspector_of(election, user) is not None


def election_result(election: Election, user: Any) -> ElectionResult:
    """What was counted. Raises ResultsHiddenError before the announced moment."""
    if not may_read_results(election, user) or election.state == states.EXTERNAL:
        raise ResultsHiddenError(_why_hidden(election))
    return ElectionResult.objects.get(election=election)


def published_ballots(election: Election, user: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Rules and ballots, for inspectors, and for everyone where that was announced.

    Raises ResultsHiddenError where they are not for `user`, now or ever.
    """
    election_result(election, user)
    if not may_read_ballots(election, user):
        raise ResultsHiddenError(
            f"Ballots are published from {LEAST_TO_PUBLISH} on; here are fewer."
            if election.publish_ballots
            else "The ballots of this election are for its inspectors only."
        )
    return rules_of(election), ballots_of(election)


def may_read_ballots(election: Election, user: Any) -> bool:
    """Whether `user`, who may read the result, may have the ballots without voters too."""
    if inspector_of(election, user) is not None:
        return True
    return election.publish_ballots and election.result.ballots >= LEAST_TO_PUBLISH


def receipts_of(election: Election) -> list[str]:
    """The receipts of all ballots, sorted. They tell no result. Raises ResultsHiddenError."""
    if election.state not in SEALED:
        raise ResultsHiddenError("Receipts are listed once voting is over and ballots are sealed.")
    ballots = ballots_of(election)
    return sorted(receipt_of(election.slug, one["id"], one["choices"]) for one in ballots)


def _why_hidden(election: Election) -> str:
    if election.state == states.CANCELLED:
        return "The election was cancelled; nothing is counted."
    if election.state == states.EXTERNAL:
        return "This election is held elsewhere; its result stands on its page, once it is known."
    if election.results_at == Election.ResultsAt.CLOSE:
        return "Results are hidden from everyone until voting is over and the ballots are counted."
    return "Results are hidden until every inspector has certified them."
