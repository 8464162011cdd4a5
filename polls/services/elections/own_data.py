"""What the polls app holds on a person's part in elections, as candidate, endorser, inspector."""

from typing import Any

from community.models import User
from polls import states
from polls.models import Candidate, CandidateAnswer, Endorsement, Inspector
from polls.services.elections.locks import BEFORE_OPENING, lock_election
from polls.services.elections.log import note
from polls.services.elections.people import lock_candidate
from polls.services.elections.signatures import certify_when_signed

LEFT = "Their account was deleted."


def candidacy_data(user: User) -> list[dict[str, Any]]:
    """One's own candidacies with their words and answers."""
    rows = Candidate.objects.filter(account=user).select_related("election").order_by("pk")
    return [
        {
            "election": candidate.election.slug,
            "name": candidate.name,
            "affiliation": candidate.affiliation,
            "profile": candidate.profile,
            "statement": candidate.statement,
            "links": candidate.links,
            "state": candidate.state,
            "state_reason": candidate.state_reason,
            "answers": dict(candidate.answers.values_list("question__text", "text")),
            "nominated_at": candidate.created_at,
        }
        for candidate in rows
    ]


def endorsement_data(user: User) -> list[dict[str, Any]]:
    """Whom one endorsed, and whom one nominated."""
    endorsed = Endorsement.objects.filter(account=user).order_by("pk")
    nominated = Candidate.objects.filter(nominated_by=user).order_by("pk")
    return [
        *(
            {"election": slug, "endorsed": name, "at": at}
            for slug, name, at in endorsed.values_list(
                "candidate__election__slug", "candidate__name", "at"
            )
        ),
        *(
            {"election": slug, "nominated": name, "at": at}
            for slug, name, at in nominated.values_list("election__slug", "name", "created_at")
        ),
    ]


def inspector_data(user: User) -> list[dict[str, Any]]:
    """The elections one inspects or inspected."""
    rows = Inspector.objects.filter(account=user).order_by("pk")
    return [
        dict(row)
        for row in rows.values("election__slug", "name", "affiliation", "signed_at", "statement")
    ]


def erase_election_data(user: User, addresses: frozenset[str]) -> None:  # noqa: ARG001 - an Eraser
    """Take a person out of elections, as far as those who voted in them do not need them.

    Until voting opens a candidacy goes whole. From then on the name stays on the ballot that
    voters saw, without the words; while voting is open it counts as withdrawn. A signature stays
    under the name it was given with, as the log's lines do.
    """
    for candidate in Candidate.objects.filter(account=user).order_by("election", "pk"):
        _erase_candidacy(candidate)
    for inspector in Inspector.objects.filter(account=user).order_by("election", "pk"):
        _erase_inspector(inspector)
    mine = Endorsement.objects.filter(account=user)
    mine.filter(candidate__election__state__in=BEFORE_OPENING).delete()
    mine.update(account=None)
    Candidate.objects.filter(nominated_by=user).update(nominated_by=None)


def _erase_candidacy(candidate: Candidate) -> None:
    election = lock_election(candidate.election)
    candidate = lock_candidate(candidate)
    if election.state in BEFORE_OPENING or not (candidate.is_on_ballot or election.is_external):
        candidate.delete()
        return
    if candidate.state == states.ACCEPTED and election.takes_ballots:
        candidate.state = states.CANDIDACY.next(candidate.state, "withdraw").target
        note(election, "candidate_withdrew", candidate=candidate.pk, name=candidate.name)
    candidate.account, candidate.nominated_by = None, None
    candidate.profile = candidate.statement = candidate.links = candidate.state_reason = ""
    candidate.save()
    CandidateAnswer.objects.filter(candidate=candidate).delete()


def _erase_inspector(inspector: Inspector) -> None:
    election = lock_election(inspector.election)
    if inspector.signed_at is not None or election.state in (states.CERTIFIED, states.CANCELLED):
        Inspector.objects.filter(pk=inspector.pk).update(account=None)
        return
    inspector.delete()
    if election.announced_at is not None:
        facts = {"name": inspector.name, "company": inspector.affiliation}
        note(election, "inspector_released", reason=LEFT, **facts)
    certify_when_signed(election)
