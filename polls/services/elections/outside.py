"""The result of an election that was held elsewhere, as its source gives it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.audit import record
from polls.models import Candidate, Election, OutsideResult
from polls.services.elections.candidates import enter_locked
from polls.services.elections.locks import lock_as_organizer
from polls.services.elections.log import note
from polls.services.elections.rules import LONGEST_TEXT, check_fields, checked_text

PERCENTS = ("percent_of_votes", "percent_of_voters", "own_employer_percent")
FIELDS = ("rank", "votes", "voters", *PERCENTS, "is_seated", "is_inferred", "reason")
ALL = Decimal(100)


@transaction.atomic
def enter_outside_results(
    *, election: Election, rows: Sequence[dict[str, Any]], source: str, by: User
) -> list[OutsideResult]:
    """Make the result what `rows` say; `source` says where they come from.

    A row names its `candidate`, or `name` and `affiliation` of one the result alone knows, and has
    those of `FIELDS` that are known; what is left out or None is not known. Rows that are not
    named are taken away. Raises ForbiddenError, ConflictError for an election held here, and
    InvalidError without a source or for a row that makes no sense.
    """
    election = lock_as_organizer(election, by)
    if not election.is_external:
        raise ConflictError(
            "This election is held here; its result is counted, not entered.", code="wrong_state"
        )
    source = checked_text("source", source)
    if not source or len(source) > LONGEST_TEXT:
        raise InvalidError(
            "Say where the result comes from. Nothing was saved.", errors={"source": ["needed"]}
        )
    results = [_written(election, number, row) for number, row in enumerate(rows, start=1)]
    kept = [result.pk for result in results]
    if len(set(kept)) != len(kept):
        raise _bad_row("A candidate has one row.", "rows")
    OutsideResult.objects.filter(candidate__election=election).exclude(pk__in=kept).delete()
    election.result_source = source
    election.save(update_fields=["result_source"])
    note(election, "result_entered", rows=len(results), source=source)
    subject = f"election {election.slug}"
    record("entered the result of", subject, by=by, chapter=election.chapter)
    return results


def _written(election: Election, number: int, row: dict[str, Any]) -> OutsideResult:
    place = f"rows.{number}"
    values = {name: row.get(name) for name in FIELDS}
    values["is_inferred"] = bool(values["is_inferred"])
    values["reason"] = values["reason"] or ""
    candidate = row.get("candidate") or _found(election, row)
    if not isinstance(candidate, Candidate) or candidate.election_id != election.pk:
        raise _bad_row("That is no candidate of this election.", place)
    for name in PERCENTS:
        share = values[name]
        if share is not None and not 0 <= share <= ALL:
            raise _bad_row("A share is from 0 to 100 percent.", place)
    result = OutsideResult.objects.filter(candidate=candidate).first()
    result = result or OutsideResult(candidate=candidate)
    for name, value in values.items():
        setattr(result, name, value)
    try:
        check_fields(result, *FIELDS)
    except InvalidError as error:
        raise _bad_row(f"{candidate.name}: {error.sentence}", place) from None
    result.save()
    return result


def _found(election: Election, row: dict[str, Any]) -> Candidate:
    """One whom the result alone names becomes a candidate of this election."""
    return enter_locked(
        election, name=row.get("name") or "", affiliation=row.get("affiliation") or ""
    )


def _bad_row(sentence: str, place: str) -> InvalidError:
    return InvalidError(f"{sentence} Nothing was saved.", errors={place: [sentence]})
