"""What mails say of an election's end. Of its result they say only what the gate gives."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from community.services.mail import Letter, UnwantedError
from polls import states
from polls.models import Election, ElectionEntry
from polls.selectors.elections.results import are_results_out

RESULT, CANCELLED = "polls/election_result", "polls/election_cancelled"
INSPECT = "polls/election_inspect"


def _context(about: dict[str, Any], page: str) -> dict[str, Any]:
    election = Election.objects.select_related("chapter").get(pk=about["election"])
    link = f"{settings.SITE_URL}{reverse(page, args=[election.slug])}"
    return {"election": election, "zone": election.chapter.timezone, "link": link}


def result_letter(about: dict[str, Any]) -> Letter:
    """Who is seated, and where all of it stands."""
    context = _context(about, "polls:election_results")
    election = context["election"]
    if not are_results_out(election):
        raise UnwantedError
    content = election.result.content
    seated = [one for one in content["candidates"] if one["seated"]]
    return Letter(context | {"content": content, "seated": seated})


def cancelled_letter(about: dict[str, Any]) -> Letter:
    """That nothing is counted, and why."""
    context = _context(about, "polls:election_detail")
    election = context["election"]
    entry = ElectionEntry.objects.filter(election=election, event="cancelled").last()
    if election.state != states.CANCELLED or entry is None:
        raise UnwantedError
    return Letter(context | {"reason": entry.facts["reason"]})


def inspect_letter(about: dict[str, Any]) -> Letter:
    """That the ballots are counted and wait for a signature; of the result, nothing."""
    context = _context(about, "polls:election_inspect")
    if context["election"].state != states.COUNTED:
        raise UnwantedError
    return Letter(context)
