"""What counting an election again needs from the database, and who may be told of it."""

from typing import Any

from polls.exceptions import ResultsHiddenError
from polls.models import Election, ElectionResult
from polls.selectors.elections.results import SEALED, are_results_out
from polls.selectors.elections.rules import rules_of
from polls.tally.election import canonical_bytes


def recountable_rules(election: Election, *, is_inspection: bool = False) -> dict[str, Any]:
    """The rules by which sealed ballots are counted again, the lot's seed among them.

    `is_inspection` looks before the announced moment, but never before the sealing. Raises
    ResultsHiddenError.
    """
    if election.state not in SEALED:
        raise ResultsHiddenError(
            f"The election “{election.slug}” is {election.get_state_display()}; there are no "
            "sealed ballots to count."
        )
    if not are_results_out(election) and not is_inspection:
        raise ResultsHiddenError(
            f"The result of the election “{election.slug}” is hidden from everyone until the "
            "announced moment."
        )
    return rules_of(election)


def stored_result_bytes(election: Election) -> bytes | None:
    """The result as it was counted first, in the bytes of results.json; None before the count."""
    result = ElectionResult.objects.filter(election=election).first()
    return None if result is None else canonical_bytes(result.content)
