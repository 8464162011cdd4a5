"""Ballots: one a person, changed until the close, the later one wins.

Whoever writes a ballot shares the poll's row with the other voters until the commit (a trigger
takes it FOR SHARE and refuses unless the poll is open); the close takes that row for itself, so it
waits for those who are at it, counts them, and nobody comes after it. The voter's own row is held
too, so that the erasure of their account finds the ballot, or the ballot the erasure.
"""

from typing import Any

from django.db import IntegrityError, transaction

from community.core import clock
from community.models import User
from community.services.accounts import hold_account
from polls import states
from polls.exceptions import NotInElectorateError, PollClosedError
from polls.models import Ballot, Poll
from polls.selectors.polls import may_vote
from polls.services.choices import checked_choices
from polls.services.moves import lock_poll, settle_poll

ONLY_WHILE_OPEN = "ballot_only_while_open"  # what the trigger calls its refusal
OVER = {
    states.CLOSED: "This poll is closed; no ballot can be cast or changed. Nothing was saved.",
    states.CANCELLED: "This poll was cancelled; no ballot can be cast. Nothing was saved.",
    states.DRAFT: "This poll is not open yet. Nothing was saved.",
}


def cast_ballot(*, poll: Poll, choices: Any, by: User) -> Ballot:
    """`by`'s ballot in `poll`; one they cast before is replaced by it.

    `choices` has the API's shape for the poll's method. Raises PollClosedError, before it opens
    too, NotInElectorateError and InvalidBallotError; nothing is written then.
    """
    poll = settle_poll(poll)
    check_takes_ballots(poll)
    options = {option.pk: option for option in poll.options.all()}
    try:
        with transaction.atomic():
            hold_account(by)
            return _write(poll, checked_choices(poll, options, choices), by)
    except IntegrityError as error:
        if _constraint(error) != ONLY_WHILE_OPEN:
            raise
        poll.refresh_from_db()
        raise PollClosedError(OVER[poll.state]) from None


def _write(poll: Poll, choices: dict[str, Any], by: User) -> Ballot:
    if not may_vote(poll, by):
        raise NotInElectorateError("You are not among those who may vote in this poll.")
    now = clock.now()
    ballot = Ballot(poll=poll, voter=by, choices=choices, cast_at=now, changed_at=now)
    Ballot.objects.bulk_create(
        [ballot],
        update_conflicts=True,
        unique_fields=["poll", "voter"],
        update_fields=["choices", "changed_at"],
    )
    return ballot


def _constraint(error: IntegrityError) -> str:
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", ""))


def check_takes_ballots(poll: Poll) -> None:
    """Raise PollClosedError, with the reason, unless `poll` is open and has time left."""
    if poll.takes_ballots:
        return
    state = states.CLOSED if poll.state == states.OPEN else poll.state
    opens = poll.opens_at if state == states.DRAFT else None
    when = f" It opens at {opens:%H:%M} UTC on {opens:%d %B %Y}." if opens else ""
    raise PollClosedError(OVER[state] + when)


@transaction.atomic
def withdraw_ballot(*, poll: Poll, by: User) -> bool:
    """Take `by`'s ballot back; whether there was one. Raises PollClosedError.

    The lock keeps a close from counting what is being taken away.
    """
    poll = lock_poll(settle_poll(poll))
    check_takes_ballots(poll)
    deleted, _ = Ballot.objects.filter(poll=poll, voter=by).delete()
    return bool(deleted)
