"""Who stands in an election, as far as a reader may know."""

from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.shortcuts import get_object_or_404

from polls import states
from polls.models import Candidate, Election, ElectionQuestion, Endorsement


def candidates_to_be(election: Election) -> QuerySet[Candidate]:
    """Those who go on the ballot when voting opens: accepted, with endorsements enough or entered.

    By name; each has its number of endorsements as `support`.
    """
    rows = _counted(Candidate.objects.filter(election=election, state=states.ACCEPTED))
    enough = Q(is_entered=True) | Q(support__gte=F("election__endorsements_needed"))
    return rows.filter(enough).order_by("name", "pk")


def candidates_of(election: Election, user: Any) -> list[Candidate]:
    """The candidates `user` may see, with `support`, by name.

    To everyone: who stands, or stood when voting opened. To those signed in also who is nominated
    and has not answered, while nominations are taken, for they may endorse them; and oneself.
    """
    rows = _counted(Candidate.objects.filter(election=election))
    seen = Q(state=states.ACCEPTED) | Q(is_on_ballot=True)
    if user.is_authenticated:
        seen |= Q(account=user.pk)
        if election.state == states.NOMINATING:
            seen |= Q(state=states.NOMINATED)
    shown = rows.filter(seen).select_related("campaign").prefetch_related("answers")
    return list(shown.order_by("name", "pk"))


def all_candidates(election: Election) -> list[Candidate]:
    """Every candidacy there was, for the election's organizers, by name."""
    rows = _counted(Candidate.objects.filter(election=election))
    shown = rows.select_related("campaign", "account", "nominated_by").prefetch_related("answers")
    return list(shown.order_by("name", "pk"))


def candidate_for(election: Election, pk: int, user: Any, *, runs: bool) -> Candidate:
    """One candidate, as far as `user` may see them. Raises Http404."""
    seen = [one.pk for one in (all_candidates(election) if runs else candidates_of(election, user))]
    rows = _counted(Candidate.objects.filter(election=election, pk__in=seen))
    return get_object_or_404(rows.select_related("campaign", "account"), pk=pk)


def endorsements_of(candidate: Candidate) -> list[Endorsement]:
    """Who put in a word, in the order they did."""
    rows = Endorsement.objects.filter(candidate=candidate).select_related("account")
    return list(rows.order_by("pk"))


def endorsed_by(election: Election, user: Any) -> frozenset[int]:
    """The ids of the candidates `user` has endorsed."""
    if not user.is_authenticated:
        return frozenset()
    rows = Endorsement.objects.filter(candidate__election=election, account=user.pk)
    return frozenset(rows.values_list("candidate", flat=True))


def answers_of(candidate: Candidate) -> list[tuple[ElectionQuestion, str]]:
    """The organizers' questions, each with the candidate's answer or an empty text."""
    said = dict(candidate.answers.values_list("question", "text"))
    questions = ElectionQuestion.objects.filter(election=candidate.election_id)
    return [(question, said.get(question.pk, "")) for question in questions]


def _counted(rows: QuerySet[Candidate]) -> QuerySet[Candidate]:
    return rows.annotate(support=Count("endorsements"))
