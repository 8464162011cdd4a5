"""Inspectors look at the count and sign it, or say in public why they do not."""

from django.db import transaction

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError
from community.models import User
from polls import states
from polls.models import Election, Inspector
from polls.selectors.elections.results import are_results_out
from polls.services.elections import news
from polls.services.elections.counting import count_digest
from polls.services.elections.locks import lock_election
from polls.services.elections.log import note
from polls.services.elections.moves import settle_election
from polls.services.moves import checked_reason


@transaction.atomic
def certify_election(*, election: Election, by: User, statement: str = "") -> Election:
    """`by`'s signature under the count; the last one makes the result certified.

    The log says the digest of what was signed, see `count_digest`. Raises ForbiddenError for who is
    no inspector, TransitionError before the count, ConflictError for a second signature.
    """
    election, inspector = _held(election, by)
    move = states.ELECTION.next(election.state, "certify")
    if inspector.signed_at is not None:
        raise ConflictError("You have signed this result already.", code="already_signed")
    inspector.signed_at, inspector.statement = clock.now(), " ".join(statement.split())[:500]
    inspector.save(update_fields=["signed_at", "statement"])
    note(election, "signed", **_who(inspector), **count_digest(election))
    if not election.inspectors.filter(signed_at=None).exists():
        were_out = are_results_out(election)
        election.state = move.target
        election.save(update_fields=["state"])
        signed = election.inspectors.count()
        note(election, "certified", inspectors=signed, **count_digest(election))
        if not were_out:
            news.tell_result(election)
    return election


@transaction.atomic
def object_to_count(*, election: Election, by: User, reason: str) -> Election:
    """An inspector's objection, in the public log; certification waits until they sign.

    Raises ForbiddenError, InvalidError without a reason, TransitionError, ConflictError.
    """
    reason = checked_reason(reason)
    election, inspector = _held(election, by)
    states.ELECTION.next(election.state, "certify")
    if inspector.signed_at is not None:
        raise ConflictError("You have signed this result already.", code="already_signed")
    note(election, "objected", **_who(inspector), reason=reason)
    return election


def _held(election: Election, by: User) -> tuple[Election, Inspector]:
    election = lock_election(settle_election(election))
    inspector = Inspector.objects.filter(election=election, account=by.pk).first()
    if inspector is None:
        raise ForbiddenError("You are no inspector of this election.")
    return election, inspector


def _who(inspector: Inspector) -> dict[str, str]:
    return {"inspector": inspector.name, "company": inspector.affiliation}
