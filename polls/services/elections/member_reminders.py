"""Reminders of elections held elsewhere, and of nominations that want an answer; once each.

Whether one was sent is read from the outbox, whose keys are unique: no other mark is needed.
"""

import datetime as dt

from community.core import clock
from community.models import Mail, User
from polls import states
from polls.letters import election_news as letters
from polls.models import Candidate, Election
from polls.selectors.elections.information import members_told
from polls.services.elections.news import tell_members, tell_reminded

DAY = dt.timedelta(days=1)
LONG = dt.timedelta(days=2)


def queue_member_reminders() -> int:
    """Queue what is due; how many mails that are."""
    return _remind_of_external() + _remind_nominated()


def due_word(election: Election, now: dt.datetime) -> str:
    """What members are told of an election elsewhere at `now`; empty for nothing.

    `soon` from a day before it opens, `open` on its first day, `ends` on its last, where it lasts
    for more than two. Nobody is told what the announcement has just said.
    """
    opens, closes, told = election.opens_at, election.closes_at, election.announced_at
    if opens is None or closes is None or told is None:
        return ""
    windows = [("soon", opens - DAY, opens), ("open", opens, min(opens + DAY, closes))]
    if closes - opens > LONG:
        windows.append(("ends", closes - DAY, closes))
    for word, begins, ends in windows:
        if begins <= now < ends and told < begins:
            return word
    return ""


def _remind_of_external() -> int:
    now = clock.now()
    near = Election.objects.filter(
        state=states.EXTERNAL, opens_at__lte=now + DAY, closes_at__gt=now, season=None
    )
    return sum(_remind_of(election, due_word(election, now)) for election in near.order_by("pk"))


def _remind_of(election: Election, word: str) -> int:
    if not word or _was_sent(f"election:{election.pk}:{word}:"):
        return 0
    people: list[User] = list(members_told(election))
    return tell_members(election, letters.OUTSIDE, word, people)


def _was_sent(beginning: str) -> bool:
    return Mail.objects.filter(key__startswith=beginning).exists()


def _remind_nominated() -> int:
    now = clock.now()
    undecided = Candidate.objects.filter(
        state=states.NOMINATED,
        account__is_active=True,
        election__state=states.NOMINATING,
        election__nominations_close_at__gt=now,
        election__nominations_close_at__lte=now + DAY,
        # Who was nominated within the last day has just been asked.
        created_at__lte=now - DAY,
    ).select_related("account", "election")
    return sum(tell_reminded(candidate) for candidate in undecided.order_by("pk"))
