"""What the mails say that tell of an election: that there is one, who is asked to do what.

None says who voted, or how; personal links have letters of their own.
"""

from typing import Any

from django.conf import settings
from django.urls import reverse

from community.services.mail import Letter, UnwantedError
from polls import states
from polls.models import Candidate, Election, Inspector

ANNOUNCED, OUTSIDE = "polls/election_announced", "polls/election_outside"
NOMINATED, RULED_OUT = "polls/election_nominated", "polls/election_ruled_out"
CLOSING, INSPECTOR = "polls/election_closing", "polls/election_inspector"


def thread_of(election: Election) -> str:
    """By this the mails of an election are found."""
    return f"election:{election.pk}"


def _context(election: Election, page: str = "", *args: Any) -> dict[str, Any]:
    address = reverse(page or "polls:election_detail", args=[election.slug, *args])
    return {
        "election": election,
        "link": f"{settings.SITE_URL}{address}",
        "zone": election.chapter.timezone,
    }


def _election(about: dict[str, Any]) -> Election:
    return Election.objects.select_related("chapter").get(pk=about["election"])


def announced_letter(about: dict[str, Any]) -> Letter:
    """That there is an election, with its dates."""
    election = _election(about)
    if election.state == states.CANCELLED or election.is_over:
        raise UnwantedError
    return Letter(_context(election))


def outside_letter(about: dict[str, Any]) -> Letter:
    """That an election elsewhere opens soon, is open, or ends soon (`about["word"]`)."""
    election = _election(about)
    if not election.is_external or election.is_over:
        raise UnwantedError
    return Letter(_context(election) | {"word": about["word"]})


def nominated_letter(about: dict[str, Any]) -> Letter:
    """Who nominated one, and where and until when to answer; nobody needs it who has."""
    candidate = _candidate(about)
    election = candidate.election
    if candidate.state != states.NOMINATED or not election.takes_nominations:
        raise UnwantedError
    return _about(candidate)


def ruled_out_letter(about: dict[str, Any]) -> Letter:
    """That the organizers ruled one's nomination out, and why."""
    candidate = _candidate(about)
    if candidate.state != states.RULED_OUT:
        raise UnwantedError
    return _about(candidate)


def inspector_letter(about: dict[str, Any]) -> Letter:
    """What an inspector is asked to do."""
    inspector = (
        Inspector.objects.select_related("election__chapter").filter(pk=about["inspector"]).first()
    )
    if inspector is None:
        raise UnwantedError
    return Letter(_context(inspector.election) | {"inspector": inspector})


def _candidate(about: dict[str, Any]) -> Candidate:
    rows = Candidate.objects.select_related("election__chapter", "nominated_by")
    found = rows.filter(pk=about["candidate"]).first()
    if found is None:
        raise UnwantedError
    return found


def _about(candidate: Candidate) -> Letter:
    page = _context(candidate.election, "polls:candidate_detail", candidate.pk)
    return Letter(page | {"candidate": candidate})
