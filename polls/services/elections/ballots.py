"""Secret ballots: one for each line of the roll, replaced until the close by who has its code.

The election's row is shared with the other voters until the commit, so the close waits for those
who are at it and nobody comes after it; then the voter's line is locked, so of twenty posts at once
one writes and the others replace or are refused. In this order, for the close holds the election
and then writes every line. The ballot goes into a table that knows no voter; the line of the roll
learns that there is a ballot, and nothing of it.
"""

import hashlib
from typing import Any

from django.db import connection, transaction
from django.views.decorators.debug import sensitive_variables

from polls import states
from polls.exceptions import AlreadyVotedError, ElectionClosedError, NotOnRollError, VoterTokenError
from polls.models import Election, RollEntry, SecretBallot
from polls.selectors.elections.rules import employers_of, voting_rules
from polls.services.elections.choices import checked_choices, checked_code, checked_employer
from polls.services.elections.moves import settle_election
from polls.tally.employers import UNDISCLOSED
from polls.tally.receipts import receipt_of

NOT_OPEN = {
    states.DRAFT: "Voting is not open yet.",
    states.NOMINATING: "Voting is not open yet; candidates are being nominated.",
    states.CANCELLED: "This election was cancelled.",
    states.EXTERNAL: "This election is held elsewhere; votes are cast there.",
}
OVER = "Voting is over; no ballot can be cast or replaced."


@sensitive_variables()
def cast_ballot(
    *, election: Election, entry: RollEntry, choices: Any, revote_code: Any, employer: Any = None
) -> str:
    """The ballot of `entry`'s owner; returns its receipt, which only they ever see beside a name.

    `choices` has the API's shape for the election's method, `revote_code` is the voter's own
    secret: with the same one a ballot is replaced, or sent once more when its answer was lost.
    Raises ElectionClosedError, NotOnRollError, InvalidBallotError, AlreadyVotedError.
    """
    election = settle_election(election)
    check_takes_ballots(election)
    code = checked_code(revote_code)
    choices = checked_choices(voting_rules(election), choices)
    bucket = _bucket(election, employer)
    with transaction.atomic():
        _share(election)
        entry = _hold(election, entry)
        found = _replaced(entry, code, choices, bucket)
        ballot = found or _first(entry, code, choices, bucket)
    return receipt_of(election.slug, str(ballot), choices)


def check_takes_ballots(election: Election) -> None:
    """Raise ElectionClosedError, with the reason, unless voting is open and has time left."""
    sentence = why_closed(election)
    if sentence:
        raise ElectionClosedError(f"{sentence} Nothing was saved.")


def why_closed(election: Election) -> str:
    """Why no ballot can be cast now, as a sentence; empty while one can."""
    return "" if election.takes_ballots else NOT_OPEN.get(election.state, OVER)


def _bucket(election: Election, employer: Any) -> str:
    if not election.asks_employer:
        return ""
    return checked_employer(employers_of(election), employer or UNDISCLOSED)


def _hold(election: Election, entry: RollEntry) -> RollEntry:
    held = RollEntry.objects.select_for_update().filter(pk=entry.pk, election=election).first()
    if held is None:
        raise NotOnRollError("You are not on the roll of this election.")
    if (held.token_nonce, held.account_id) != (entry.token_nonce, entry.account_id):
        raise VoterTokenError("Your link was replaced by a newer one meanwhile. Nothing was saved.")
    return held


def _share(election: Election) -> None:
    """Share the election's row until the commit, and look at it once more under that lock.

    The table's trigger would refuse too; but a refused statement, and with it the ballot, stands
    in the database server's log.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM polls_election WHERE id = %s FOR SHARE", [election.pk])
    election.refresh_from_db(fields=["state", "closes_at"])
    check_takes_ballots(election)


@sensitive_variables()
def _replaced(entry: RollEntry, code: str, choices: dict[str, Any], employer: str) -> str | None:
    """The id of the ballot that was replaced; None where this line has not voted yet."""
    if not entry.has_voted:
        return None
    ballots = SecretBallot.objects.filter(
        election=entry.election_id, revote_hash=_revote_hash(entry, code)
    )
    ballot = ballots.values_list("id", flat=True).first()
    if ballot is None:
        raise AlreadyVotedError(
            "A ballot was cast with this link or account already, and this is not its revote code. "
            "That ballot stands."
        )
    ballots.update(choices=choices, employer=employer)
    return str(ballot)


@sensitive_variables()
def _first(entry: RollEntry, code: str, choices: dict[str, Any], employer: str) -> str:
    RollEntry.objects.filter(pk=entry.pk).update(has_voted=True)
    ballot = SecretBallot.objects.create(
        election_id=entry.election_id,
        choices=choices,
        employer=employer,
        revote_hash=_revote_hash(entry, code),
    )
    return str(ballot.id)


@sensitive_variables()
def _revote_hash(entry: RollEntry, code: str) -> str:
    """SHA-256 over the line's id and the code: another line's code finds nothing."""
    return hashlib.sha256(f"{entry.pk}\n{code}".encode()).hexdigest()
