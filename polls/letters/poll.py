"""What the polls app's mails about polls say. Of results they say only what the gate gives."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from community.services.mail import Letter, UnwantedError
from polls import states
from polls.models import Ballot, Poll, PollOption
from polls.selectors.polls import last_entry
from polls.selectors.results import is_quorum_met, poll_outcome

OPENED, REMINDER = "polls/opened", "polls/reminder"
CLOSED, CANCELLED = "polls/closed", "polls/cancelled"
FIRST = 3


def thread_of(poll: Poll) -> str:
    """By this the mails of a poll are found."""
    return f"poll:{poll.pk}"


def _context(poll: Poll, page: str) -> dict[str, Any]:
    zone = poll.chapter.timezone
    link = f"{settings.SITE_URL}{reverse(page, args=[poll.slug])}"
    return {"poll": poll, "link": link, "zone": zone}


def _poll(about: dict[str, Any]) -> Poll:
    return Poll.objects.select_related("chapter").get(pk=about["poll"])


def invitation_letter(about: dict[str, Any]) -> Letter:
    """That a poll is open, or still is: nobody needs it who has voted, or when it is over."""
    poll = _poll(about)
    has_voted = Ballot.objects.filter(poll=poll, voter__isnull=False, voter=about.get("voter"))
    if not poll.takes_ballots or has_voted.exists():
        raise UnwantedError
    return Letter(_context(poll, "polls:poll_detail"))


def closed_letter(about: dict[str, Any]) -> Letter:
    """The first three of a result, for those who voted."""
    poll = _poll(about)
    outcome = poll_outcome(poll)
    titles = dict(PollOption.objects.filter(poll=poll).values_list("pk", "title"))
    first = [
        row | {"title": titles[row["id"]]}
        for row in outcome.content["options"]
        if row["rank"] <= FIRST and outcome.ballots
    ]
    return Letter(
        _context(poll, "polls:poll_results")
        | {"first": first, "outcome": outcome, "is_quorum_met": is_quorum_met(poll, outcome)}
    )


def cancelled_letter(about: dict[str, Any]) -> Letter:
    """That nothing is counted, and why, for those who voted."""
    poll = _poll(about)
    entry = last_entry(poll, "cancel")
    if poll.state != states.CANCELLED or entry is None:
        raise UnwantedError
    return Letter(_context(poll, "polls:poll_detail") | {"reason": entry.reason})
