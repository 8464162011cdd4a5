"""An election's rules and ballots in the shape that is counted and published."""

from typing import Any

from django.utils.translation import gettext as _

from polls import states
from polls.models import Candidate, Election, RollEntry, SecretBallot
from polls.tally.cap import affiliation_key
from polls.tally.employers import OTHER, UNDISCLOSED


def rules_of(election: Election) -> dict[str, Any]:
    """What `polls.tally.election.count_election` needs besides the ballots.

    The lot's seed is in it once the ballots are sealed, and empty before.
    """
    electorate = RollEntry.objects.filter(election=election).count()
    return voting_rules(election) | {"electorate": electorate}


def voting_rules(election: Election) -> dict[str, Any]:
    """The rules that a ballot must keep to: the same without the size of the roll."""
    is_cumulative = election.method == Election.Method.CUMULATIVE
    cap = {"max": election.cap_max, "sitting": election.cap_sitting}
    return {
        "election": election.slug,
        "method": election.method,
        "seats": election.seats,
        "votes_per_voter": election.votes_per_voter if is_cumulative else None,
        "whole_votes": election.whole_votes,
        "cap": cap if election.cap_max else None,
        "candidates": [
            {
                "id": candidate.pk,
                "name": candidate.name,
                "affiliation": candidate.affiliation,
                "withdrew": candidate.state == states.WITHDRAWN,
            }
            for candidate in ballot_paper(election)
        ],
        "asks_employer": election.asks_employer,
        "lot_seed": election.lot_seed,
        "lot_seed_hash": election.lot_seed_hash,
    }


def ballot_paper(election: Election) -> list[Candidate]:
    """The candidates on the ballot, in the order of their ids."""
    on_ballot = Candidate.objects.filter(election=election, is_on_ballot=True)
    return list(on_ballot.select_related("campaign").order_by("pk"))


def ballots_of(election: Election) -> list[dict[str, Any]]:
    """The ballots in the order of their random ids; who gives them out asks the gate first."""
    rows = SecretBallot.objects.filter(election=election).order_by("id")
    return [
        {"id": str(ballot), "choices": choices, "employer": employer}
        for ballot, choices, employer in rows.values_list("id", "choices", "employer")
    ]


def employers_of(election: Election) -> dict[str, str]:
    """What a ballot that asks for the employer offers: the bucket's key and its name."""
    companies = {
        affiliation_key(candidate.affiliation): candidate.affiliation
        for candidate in ballot_paper(election)
        if affiliation_key(candidate.affiliation)
    }
    return dict(sorted(companies.items())) | {
        OTHER: str(_("another, or none")),
        UNDISCLOSED: str(_("I do not say")),
    }
