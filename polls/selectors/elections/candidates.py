"""Candidates, and who of them will be on the ballot."""

from django.db.models import Count, F, Q

from polls import states
from polls.models import Candidate, Election


def candidates_to_be(election: Election) -> list[Candidate]:
    """Who goes on the ballot at the opening: accepted, and endorsed enough or entered."""
    accepted = Candidate.objects.filter(election=election, state=states.ACCEPTED)
    endorsed = accepted.annotate(words=Count("endorsements")).filter(
        Q(is_entered=True) | Q(words__gte=F("election__endorsements_needed"))
    )
    return list(endorsed.order_by("pk"))
