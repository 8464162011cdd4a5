"""What the mails to people on an election's roll say, and to those who asked to be on it."""

import uuid
from typing import Any

from django.conf import settings
from django.urls import reverse

from community.services.mail import Letter, UnwantedError
from polls.models import Election, RollEntry, RollRequest

REMINDER, DECIDED = "polls/election_reminder", "polls/election_roll_decision"


def thread_of(election: Election) -> str:
    """By this the mails of an election are found."""
    return f"election:{election.pk}"


def link_word(nonce: uuid.UUID) -> str:
    """What stands for the token in a letter's text, and in no text that somebody else wrote."""
    return f"/vote/{nonce.hex}/"


def _page(election: Election, name: str, *more: str) -> str:
    return f"{settings.SITE_URL}{reverse(f'polls:{name}', args=[election.slug, *more])}"


def _entry(about: dict[str, Any]) -> RollEntry:
    """The entry, where the link that was asked for is the latest and can still be used."""
    entry = RollEntry.objects.select_related("election__chapter").get(pk=about["entry"])
    if entry.token_nonce != uuid.UUID(about["nonce"]) or not entry.election.takes_ballots:
        raise UnwantedError
    return entry


def link_letter(about: dict[str, Any]) -> Letter:
    """The personal link; nobody needs it after the close, or when a newer one was asked for."""
    return _letter(_entry(about))


def reminder_letter(about: dict[str, Any]) -> Letter:
    """The same link once more, for those who have not voted."""
    entry = _entry(about)
    if entry.has_voted:
        raise UnwantedError
    return _letter(entry)


def _letter(entry: RollEntry) -> Letter:
    election = entry.election
    nonce: Any = entry.token_nonce
    return Letter(
        {
            "election": election,
            "name": entry.name,
            "zone": election.chapter.timezone,
            "link": _page(election, "election_vote_link", nonce.hex),
            "again": _page(election, "election_roll_me"),
        }
    )


def decision_letter(about: dict[str, Any]) -> Letter:
    """What was decided on a request to be on the roll, and why."""
    wanted = RollRequest.objects.select_related("election__chapter").get(pk=about["request"])
    if wanted.state == RollRequest.State.ASKED:
        raise UnwantedError
    election = wanted.election
    return Letter(
        {
            "election": election,
            "zone": election.chapter.timezone,
            "is_accepted": wanted.state == RollRequest.State.ACCEPTED,
            "reason": wanted.decision_reason,
            "link": _page(election, "election_roll_me"),
        }
    )
