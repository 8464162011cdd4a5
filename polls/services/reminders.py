"""Reminders: only to those who have not voted."""

import datetime as dt
import math

from django.db import transaction
from django.db.models import F

from community.core import clock
from community.core.errors import ConflictError, TooManyError
from community.models import User
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls import states
from polls.letters.poll import REMINDER
from polls.models import Poll, PollEntry
from polls.selectors.electorate import addresses_without_account, who_has_not_voted
from polls.selectors.polls import last_entry
from polls.services.moves import lock_poll, settle_poll
from polls.services.news import queue_about

BEFORE_CLOSE = dt.timedelta(hours=24)
LEAST_OPEN = dt.timedelta(hours=48)
APART = dt.timedelta(hours=24)
BY_ITSELF, BY_HAND = "reminder", "remind"


@transaction.atomic
def remind_voters(*, poll: Poll, by: User) -> int:
    """Mail those who have not voted; how many. At most once in 24 hours.

    Raises ForbiddenError, ConflictError unless the poll is open, TooManyError.
    """
    chapter_for(by, poll.chapter)
    poll = lock_poll(settle_poll(poll))
    if not poll.takes_ballots:
        raise ConflictError("This poll is not open; nobody was reminded.", code="wrong_state")
    _check_pace(poll)
    entry = _note(poll, BY_HAND, by=by)
    count = _mail(poll, f"remind:{entry.pk}")
    record("reminded voters of", f"poll {poll.slug}", by=by, chapter=poll.chapter, mails=count)
    return count


def queue_reminders() -> int:
    """Remind, once, 24 h before the close of polls that are open for more than 48 h; how many."""
    now = clock.now()
    told = PollEntry.objects.filter(event=BY_ITSELF).values("poll")
    due = Poll.objects.filter(
        state=states.OPEN,
        closes_at__gt=now,
        closes_at__lte=now + BEFORE_CLOSE,
        opens_at__lt=F("closes_at") - LEAST_OPEN,
    ).exclude(pk__in=told)
    return sum(_remind_once(poll) for poll in due)


@transaction.atomic
def _remind_once(poll: Poll) -> int:
    poll = lock_poll(poll)
    if not poll.takes_ballots or last_entry(poll, BY_ITSELF) is not None:
        return 0
    _note(poll, BY_ITSELF, by=None)
    return _mail(poll, BY_ITSELF)


def _check_pace(poll: Poll) -> None:
    last = last_entry(poll, BY_HAND)
    wait = last.at + APART - clock.now() if last else dt.timedelta(0)
    if wait > dt.timedelta(0):
        hours = math.ceil(wait / dt.timedelta(hours=1))
        raise TooManyError(
            f"They were reminded within the last day. Nobody was mailed; again in {hours} h.",
            retry_after=math.ceil(wait.total_seconds()),
        )


def _mail(poll: Poll, word: str) -> int:
    people = list(who_has_not_voted(poll))
    addresses = [voter.email for voter in addresses_without_account(poll)]
    queue_about(poll, REMINDER, word, [*people, *addresses])
    return len(people) + len(addresses)


def _note(poll: Poll, event: str, *, by: User | None) -> PollEntry:
    sentence = "Those who had not voted were reminded."
    return PollEntry.objects.create(
        poll=poll, event=event, at=clock.now(), by=by, sentence=sentence
    )
