"""What the polls app shows of elections on pages of lower storeys."""

from typing import Any

from django.http import HttpRequest

from community.core.panels import Panel
from polls.selectors.elections.information import (
    counts_to_certify,
    elections_ahead,
    elections_to_vote_in,
    nominations_awaiting,
)

MOST = 5


def elections_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: elections that want one's vote, signature or answer, and those that come."""
    if not request.user.is_authenticated:
        return None
    nominations = nominations_awaiting(request.user)[:MOST]
    asked_in = {candidate.election_id for candidate in nominations}
    ahead = [one for one in elections_ahead(request.user) if one.pk not in asked_in]
    context = {
        "to_certify": counts_to_certify(request.user)[:MOST],
        "to_vote_in": elections_to_vote_in(request.user)[:MOST],
        "nominations": nominations,
        "ahead": ahead[:MOST],
    }
    return Panel("polls/_elections.html", context) if any(context.values()) else None
