"""How a poll moves: opened, given more time, closed and counted, cancelled, by hand or by itself.

Every move holds the poll's row, goes along `polls.states.POLL`, and leaves a line in the poll's
log and in the audit trail.
"""

import datetime as dt
import logging

from django.db import transaction

from community.core import clock
from community.core.errors import InvalidError
from community.models import User
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls import states
from polls.models import Poll, PollEntry, PollQuerySet, PollResult
from polls.selectors.electorate import electorate_size
from polls.selectors.results import ballots_of, counted
from polls.services import news
from polls.services.reasons import LONGEST_REASON, checked_reason

log = logging.getLogger(__name__)
LEAST_OPTIONS = 2
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200
MISSED = "Its time passed before anyone could vote."


def lock_poll(poll: Poll) -> Poll:
    """The poll with its row locked until the transaction ends; ballots wait for it."""
    return (
        Poll.objects.select_for_update(no_key=True, of=("self",))
        .select_related("chapter", "meetup", "brainstorm")
        .get(pk=poll.pk)
    )


@transaction.atomic
def open_poll(*, poll: Poll, by: User) -> Poll:
    """Take ballots from now on, and tell the electorate.

    Raises ForbiddenError, TransitionError, and InvalidError where it lacks options or a close.
    """
    chapter_for(by, poll.chapter)
    poll = lock_poll(poll)
    poll.opens_at = clock.now()
    return open_locked(poll, by=by)


def open_locked(poll: Poll, *, by: User | None) -> Poll:
    """Open a poll whose row the caller holds and whose `opens_at` has come."""
    move = states.POLL.next(poll.state, "open")
    check_can_open(poll, after=clock.now())
    poll.state = move.target
    poll.save(update_fields=["state", "opens_at"])
    _note(poll, "open", move.sentence, by=by)
    news.announce_poll(poll, by=by)
    return poll


@transaction.atomic
def extend_poll(*, poll: Poll, closes_at: dt.datetime, reason: str, by: User) -> Poll:
    """Give an open poll more time. Raises ForbiddenError, InvalidError, TransitionError."""
    chapter_for(by, poll.chapter)
    reason = checked_reason(reason)
    poll = lock_poll(settle_poll(poll))
    move = states.POLL.next(poll.state, "extend")
    if poll.closes_at is not None and closes_at <= poll.closes_at:
        raise InvalidError(
            "More time means a later close. Nothing was changed.",
            errors={"closes_at": ["not later than it is"]},
        )
    check_year("closes_at", closes_at)
    poll.closes_at = closes_at
    poll.save(update_fields=["closes_at"])
    _note(poll, "extend", move.sentence, by=by, reason=reason)
    return poll


@transaction.atomic
def close_poll(*, poll: Poll, reason: str, by: User) -> Poll:
    """Close an open poll before its time and count it.

    Raises ForbiddenError, InvalidError without a reason, TransitionError.
    """
    chapter_for(by, poll.chapter)
    reason = checked_reason(reason)
    return _close(lock_poll(settle_poll(poll)), at=clock.now(), by=by, reason=reason)


@transaction.atomic
def cancel_poll(*, poll: Poll, reason: str, by: User) -> Poll:
    """End a poll without a result; who voted is told why.

    Raises ForbiddenError, InvalidError without a reason, TransitionError.
    """
    chapter_for(by, poll.chapter)
    reason = checked_reason(reason)
    return _cancel(lock_poll(settle_poll(poll)), by=by, reason=reason)


def open_due_polls() -> int:
    """Open the polls whose time to open has come; how many were looked at."""
    return _settle_all(Poll.objects.filter(state=states.DRAFT, opens_at__lte=clock.now()))


def close_due_polls() -> int:
    """Close and count the polls whose time is over; how many were looked at."""
    return _settle_all(Poll.objects.filter(state=states.OPEN, closes_at__lte=clock.now()))


def settle_poll(poll: Poll) -> Poll:
    """Do to `poll` at once what time has already decided; the poll as it is then.

    Doors that are asked about a poll call it, for they may come before the beat does.
    """
    if not _is_due(poll):
        return poll
    with transaction.atomic():
        poll = lock_poll(poll)
        if poll.state == states.DRAFT and _is_due(poll):
            poll = _open_due(poll)
        if poll.state == states.OPEN and poll.is_over:
            poll = _close(poll, at=poll.closes_at or clock.now(), by=None)
    return poll


def _settle_all(due: PollQuerySet) -> int:
    count = 0
    for poll in due.select_related("chapter").order_by("pk"):
        try:
            settle_poll(poll)
        except Exception:  # one poll's fault must not keep the others open
            log.exception("poll %s could not be settled", poll.pk)
        count += 1
    return count


def _is_due(poll: Poll) -> bool:
    if poll.state == states.OPEN:
        return poll.is_over
    return poll.state == states.DRAFT and poll.opens_at is not None and poll.opens_at <= clock.now()


def _open_due(poll: Poll) -> Poll:
    """Open it as it was planned; where the whole time has passed, nobody could have voted.

    Nor where its voters are gone by then: a plan that cannot be kept would hold up every reader.
    """
    if poll.is_over:
        return _cancel(poll, by=None, reason=MISSED)
    try:
        check_can_open(poll, after=clock.now())
    except InvalidError as error:
        return _cancel(poll, by=None, reason=error.sentence[:LONGEST_REASON])
    return open_locked(poll, by=None)


def _close(poll: Poll, *, at: dt.datetime, by: User | None, reason: str = "") -> Poll:
    """Close and count under the row's lock: no ballot is written meanwhile, none after."""
    move = states.POLL.next(poll.state, "close")
    content = counted(poll, ballots_of(poll))
    PollResult.objects.create(
        poll=poll,
        version=int(content["version"]),
        digest=content["digest"],
        ballots=content["ballots"],
        electorate=electorate_size(poll),
        content=content,
        counted_at=clock.now(),
    )
    poll.state, poll.closed_at = move.target, at
    poll.save(update_fields=["state", "closed_at"])
    _note(poll, "close", move.sentence, by=by, reason=reason)
    news.tell_result(poll)
    return poll


def _cancel(poll: Poll, *, by: User | None, reason: str) -> Poll:
    move = states.POLL.next(poll.state, "cancel")
    poll.state = move.target
    poll.save(update_fields=["state"])
    _note(poll, "cancel", move.sentence, by=by, reason=reason)
    news.tell_cancelled(poll)
    return poll


def check_can_open(poll: Poll, *, after: dt.datetime) -> None:
    """Raise InvalidError unless `poll` has options, voters, and a close later than `after`."""
    if poll.closes_at is None or poll.closes_at <= after:
        raise InvalidError(
            "A poll that opens needs a time to close, later than it opens.",
            errors={"closes_at": ["needed, and later than it opens"]},
        )
    if poll.options.count() < LEAST_OPTIONS:
        raise InvalidError(
            "A poll needs at least two options to open.", errors={"options": ["at least two"]}
        )
    if poll.electorate == Poll.Electorate.EMAILS and not poll.voters.exists():
        raise InvalidError("The list of voters is empty.", errors={"electorate": ["empty"]})


def check_year(name: str, at: dt.datetime | None) -> None:
    """Raise InvalidError for a time so far off that some zone has no date for it."""
    if at is not None and not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise InvalidError(
            f"The year must be from {EARLIEST_YEAR} to {LATEST_YEAR}.",
            errors={name: ["too far off"]},
        )


def _note(poll: Poll, event: str, sentence: str, *, by: User | None, reason: str = "") -> None:
    PollEntry.objects.create(
        poll=poll, event=event, at=clock.now(), by=by, sentence=sentence, reason=reason
    )
    verb = {"open": "opened", "extend": "extended", "close": "closed", "cancel": "cancelled"}[event]
    record(verb, f"poll {poll.slug}", by=by, chapter=poll.chapter, reason=reason)
