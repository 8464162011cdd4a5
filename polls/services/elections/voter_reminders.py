"""Reminders to vote: only to those who have not, with the link they have."""

import datetime as dt
import math

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import F

from community.core import clock
from community.core.errors import TooManyError
from community.models import User
from community.services.audit import record
from community.services.mail import queue_mails
from polls import states
from polls.exceptions import ElectionClosedError
from polls.letters.election_roll import REMINDER, thread_of
from polls.models import Election, ElectionEntry, RollEntry
from polls.selectors.elections.roll import GONE
from polls.services.elections.locks import lock_as_organizer, lock_election
from polls.services.elections.log import note
from polls.services.elections.tokens import addressed

BEFORE_CLOSE = dt.timedelta(hours=24)
LEAST_OPEN = dt.timedelta(hours=48)
APART = dt.timedelta(hours=24)
REMINDED, BY_HAND, BY_ITSELF = "reminded", "organizers", "the clock"


@transaction.atomic
def remind_voters(*, election: Election, by: User) -> int:
    """Mail those who have not voted; how many. At most once in 24 hours.

    Raises ForbiddenError, ElectionClosedError, TooManyError.
    """
    election = lock_as_organizer(election, by)
    if not election.takes_ballots:
        raise ElectionClosedError("This election is not open; nobody was reminded.")
    _check_pace(election)
    count = _remind(election, BY_HAND)
    record("reminded voters of", f"election {election.slug}", by=by, chapter=election.chapter)
    return count


def queue_voter_reminders() -> int:
    """Remind, once, 24 h before the close of elections open for more than 48 h; how many."""
    now = clock.now()
    told = ElectionEntry.objects.filter(event=REMINDED, facts__by=BY_ITSELF).values("election")
    due = Election.objects.filter(
        state=states.OPEN,
        closes_at__gt=now,
        closes_at__lte=now + BEFORE_CLOSE,
        opened_at__lt=F("closes_at") - LEAST_OPEN,
    ).exclude(pk__in=told)
    return sum(_remind_once(election) for election in due)


@transaction.atomic
def _remind_once(election: Election) -> int:
    election = lock_election(election)
    if not election.takes_ballots or _last(election, BY_ITSELF) is not None:
        return 0
    return _remind(election, BY_ITSELF)


def _last(election: Election, by: str) -> ElectionEntry | None:
    lines = ElectionEntry.objects.filter(election=election, event=REMINDED, facts__by=by)
    return lines.order_by("number").last()


def _check_pace(election: Election) -> None:
    last = _last(election, BY_HAND)
    wait = last.at + APART - clock.now() if last else dt.timedelta(0)
    if wait > dt.timedelta(0):
        hours = math.ceil(wait / dt.timedelta(hours=1))
        raise TooManyError(
            f"They were reminded within the last day. Nobody was mailed; again in {hours} h.",
            retry_after=math.ceil(wait.total_seconds()),
        )


def _remind(election: Election, by: str) -> int:
    """The caller holds the election's row. The public line has no number: it is the turnout's."""
    line = note(election, REMINDED, by=by)
    waiting = RollEntry.objects.filter(election=election, has_voted=False)
    waiting = waiting.exclude(email__endswith=GONE)
    waiting.filter(token_nonce=None).update(token_nonce=RandomUUID())
    mails = [
        addressed(entry, f"remind:{line.number}:{entry.pk}")
        for entry in waiting.select_related("account")
    ]
    queue_mails(mails, template=REMINDER, thread=thread_of(election), chapter=election.chapter_id)
    return len(mails)
