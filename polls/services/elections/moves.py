"""How an election moves, by hand or by itself.

Every move holds the election's row, goes along `polls.states.ELECTION`, and leaves a line in the
public log. Closing leads through sealing and counting, each a transaction of its own: a worker
that dies in between leaves the rest to the next tick of the clock.
"""

import datetime as dt
import hashlib
import logging
import secrets

from django.db import transaction
from django.db.models import QuerySet

from community.core import clock, secretbox
from community.core.errors import InvalidError
from community.models import User
from community.services.audit import record
from polls import states
from polls.exceptions import BallotsBusyError
from polls.models import Candidate, Election, RollEntry
from polls.selectors.elections.candidates import candidates_to_be
from polls.services.elections import news
from polls.services.elections.counting import count_sealed
from polls.services.elections.locks import lock_as_organizer, lock_election
from polls.services.elections.log import note
from polls.services.elections.partitions import drop_partition, open_partition
from polls.services.elections.roll import snapshot
from polls.services.elections.sealing import seal_closed
from polls.services.elections.setup import announce_locked
from polls.services.elections.tokens import request_tokens
from polls.services.moves import check_year
from polls.services.reasons import checked_reason

log = logging.getLogger(__name__)


@transaction.atomic
def open_nominations(*, election: Election, by: User) -> Election:
    """Take nominations from now on. Raises ForbiddenError, TransitionError, InvalidError."""
    election = lock_as_organizer(election, by)
    move = states.ELECTION.next(election.state, "nominate")
    now = clock.now()
    ends = election.nominations_close_at
    if ends is None or ends <= now:
        raise InvalidError(
            "Nominations need a time to close, later than now.",
            errors={"nominations_close_at": ["needed, and later than now"]},
        )
    if election.announced_at is None:
        announce_locked(election, by)
    election.state, election.nominations_open_at = move.target, now
    election.save(update_fields=["state", "nominations_open_at"])
    note(election, "nominating", until=ends.isoformat(), endorsements=election.endorsements_needed)
    _audit("nominations opened", election, by)
    return election


@transaction.atomic
def open_election(*, election: Election, by: User) -> Election:
    """Open the voting now: the ballot paper and the roll are fixed, links are mailed.

    One that is open already stays as it is. Raises ForbiddenError, TransitionError, and
    InvalidError where something that voting needs is missing.
    """
    election = lock_as_organizer(election, by)
    return election if election.state == states.OPEN else _open(election, by=by)


@transaction.atomic
def extend_election(
    *, election: Election, closes_at: dt.datetime, reason: str, by: User
) -> Election:
    """Give the voting more time. Raises ForbiddenError, InvalidError, TransitionError."""
    reason = checked_reason(reason)
    election = lock_as_organizer(settle_election(election), by)
    move = states.ELECTION.next(election.state, "extend")
    if election.closes_at is not None and closes_at <= election.closes_at:
        raise InvalidError(
            "More time means a later close. Nothing was changed.",
            errors={"closes_at": ["not later than it is"]},
        )
    check_year("closes_at", closes_at)
    election.state, election.closes_at = move.target, closes_at
    election.save(update_fields=["state", "closes_at"])
    note(election, "extended", until=closes_at.isoformat(), reason=reason)
    _audit("extended", election, by, reason=reason)
    return election


def close_election(*, election: Election, by: User, reason: str = "") -> Election:
    """Close the voting now, seal the ballots and count them.

    The log shows the reason, where one is given. Raises ForbiddenError, InvalidError for one that
    is too long, TransitionError.
    """
    with transaction.atomic():
        election = lock_as_organizer(election, by)
        reason = checked_reason(reason) if reason else ""
        _close(election, at=clock.now(), reason=reason)
        _audit("closed", election, by, reason=reason)
    return settle_election(election)


@transaction.atomic
def cancel_election(*, election: Election, reason: str, by: User) -> Election:
    """End it without a result; ballots are destroyed uncounted, and who is on the roll is told.

    Raises ForbiddenError, InvalidError without a reason, TransitionError.
    """
    reason = checked_reason(reason)
    election = lock_as_organizer(election, by)
    move = states.ELECTION.next(election.state, "cancel")
    was_open = election.opened_at is not None
    election.state = move.target
    election.save(update_fields=["state"])
    drop_partition(election)
    note(election, "cancelled", reason=reason)
    _audit("cancelled", election, by, reason=reason)
    if was_open:
        news.tell_cancelled(election)
    return election


def settle_election(election: Election) -> Election:
    """Do to `election` at once what time has already decided; the election as it is then.

    Opens and closes what is due, seals what is closed, counts what is sealed. Doors that are asked
    about an election call it, for they may come before the clock's tick.
    """
    if _is_due(election):
        with transaction.atomic():
            election = lock_election(election)
            if _opens_now(election):
                _open(election, by=None)
            if election.state == states.OPEN and election.is_over:
                _close(election, at=election.closes_at or clock.now())
    return _finish(election)


def _finish(election: Election) -> Election:
    """Seal what is closed and count what is sealed; one whose table is busy waits for the clock."""
    if election.state == states.CLOSED:
        try:
            election = seal_closed(election)
        except BallotsBusyError:
            log.warning("election %s waits for its table of ballots to be sealed", election.pk)
    if election.state == states.SEALED:
        election = count_sealed(election)
    return election


def settle_due_elections() -> int:
    """The clock's tick: settles every election that is due; how many were looked at."""
    now = clock.now()
    opening = Election.objects.filter(
        state__in=[states.DRAFT, states.NOMINATING], announced_at__isnull=False, opens_at__lte=now
    )
    closing = Election.objects.filter(state=states.OPEN, closes_at__lte=now)
    halfway = Election.objects.filter(state__in=[states.CLOSED, states.SEALED])
    return _settle_all(opening) + _settle_all(closing) + _settle_all(halfway)


def _settle_all(due: QuerySet[Election]) -> int:
    count = 0
    for election in due.select_related("chapter").order_by("pk"):
        try:
            settle_election(election)
        except InvalidError as error:  # its page tells organizers what it lacks
            log.warning("election %s cannot open: %s", election.pk, error.sentence)
        except Exception:  # one election's fault must not hold up the others
            log.exception("election %s could not be settled", election.pk)
        count += 1
    return count


def _is_due(election: Election) -> bool:
    return _opens_now(election) or (election.state == states.OPEN and election.is_over)


def _opens_now(election: Election) -> bool:
    return (
        election.state in {states.DRAFT, states.NOMINATING}
        and election.announced_at is not None
        and election.opens_at is not None
        and election.opens_at <= clock.now()
        and not opening_lacks(election)
    )


def opening_lacks(election: Election) -> dict[str, str]:
    """What voting still needs before it can open, as sentences by field; empty if nothing."""
    lacks = {}
    if election.closes_at is None or election.closes_at <= clock.now():
        lacks["closes_at"] = "Voting needs a time to close, later than now."
    if not candidates_to_be(election):
        lacks["candidates"] = "Nobody has accepted a nomination with enough endorsements."
    if not RollEntry.objects.filter(election=election).exists():
        lacks["electorate"] = "The roll is empty."
    needs_inspector = election.results_at == Election.ResultsAt.CERTIFICATION
    if needs_inspector and not election.inspectors.exists():
        lacks["inspectors"] = "Results wait for inspectors' signatures, and none is named."
    return lacks


def _open(election: Election, *, by: User | None) -> Election:
    move = states.ELECTION.next(election.state, "open")
    lacks = opening_lacks(election)
    if lacks:
        raise InvalidError(
            f"{' '.join(lacks.values())} Nothing was opened.",
            errors={field: [sentence] for field, sentence in lacks.items()},
        )
    now = clock.now()
    election.state, election.opened_at = move.target, now
    election.opens_at = min(election.opens_at or now, now)
    election.announced_at = election.announced_at or now
    seed = secrets.token_hex(16)
    election.lot_seed_sealed = secretbox.seal(seed)
    election.lot_seed_hash = hashlib.sha256(seed.encode()).hexdigest()
    election.save()
    on_paper = list(candidates_to_be(election))
    Candidate.objects.filter(pk__in=[one.pk for one in on_paper]).update(is_on_ballot=True)
    open_partition(election)
    note(election, "snapshot", **snapshot(election))
    note(election, "opened", **_rules_told(election, on_paper))
    _audit("opened", election, by)
    request_tokens(election=election, entries=RollEntry.objects.filter(election=election))
    return election


def _rules_told(election: Election, candidates: list[Candidate]) -> dict[str, object]:
    closes = election.closes_at
    return {
        "method": election.method,
        "seats": election.seats,
        "votes_per_voter": election.votes_per_voter,
        "whole_votes": election.whole_votes,
        "cap": election.cap_max and {"max": election.cap_max, "sitting": election.cap_sitting},
        "asks_employer": election.asks_employer,
        "publish_ballots": election.publish_ballots,
        "results_at": election.results_at,
        "closes_at": closes and closes.isoformat(),
        "lot_seed_hash": election.lot_seed_hash,
        "candidates": [
            {"id": one.pk, "name": one.name, "affiliation": one.affiliation} for one in candidates
        ],
    }


def _close(election: Election, *, at: dt.datetime, reason: str = "") -> None:
    move = states.ELECTION.next(election.state, "close")
    election.state, election.closed_at = move.target, at
    election.closes_at = min(election.closes_at or at, at)
    election.save(update_fields=["state", "closed_at", "closes_at"])
    roll = RollEntry.objects.filter(election=election)
    # Links die; and the lines of the roll are all written anew by one transaction, so that they
    # no longer say which of them was written in the same as which ballot.
    roll.update(token_hash=None, token_nonce=None)
    facts = {"roll": roll.count(), "voted": roll.filter(has_voted=True).count()}
    note(election, "closed", **facts, **({"reason": reason} if reason else {}))


def _audit(verb: str, election: Election, by: User | None, reason: str = "") -> None:
    detail = {"reason": reason} if reason else {}
    record(verb, f"election {election.slug}", by=by, chapter=election.chapter, **detail)
