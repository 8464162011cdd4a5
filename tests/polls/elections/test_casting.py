"""What a voter may send, and what is said to what they may not."""

import secrets
from collections import Counter

import pytest

from community.core import clock
from polls import states
from polls.exceptions import (
    AlreadyVotedError,
    ElectionClosedError,
    InvalidBallotError,
    NotOnRollError,
)
from polls.models import Candidate, RollEntry, SecretBallot
from polls.services.elections.moves import close_election, open_election
from tests.factories.polls import CandidateFactory, ElectionFactory

pytestmark = pytest.mark.django_db


def _ids(election):
    return [candidate.pk for candidate in election.candidates.order_by("pk")]


def _stored(election):
    return SecretBallot.objects.get(election=election).choices


def test_votes_are_kept_in_one_form(opened, vote):
    election = opened(whole_votes=False)
    one, two, three = _ids(election)
    vote(election, {"allocations": {str(one): "2.50", two: 1, str(three): 0}})
    assert _stored(election) == {"allocations": {str(one): "2.5", str(two): "1"}}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"1": "9"}, "9 votes of 8"),
        ({"1": "5", "2": "4"}, "9 votes of 8"),
        ({"1": "-1"}, "fewer than none"),
        ({"1": "0.5"}, "no whole number"),
        ({"1": "NaN"}, "no number of votes"),
        ({"1": "Infinity"}, "no number of votes"),
        ({"1": "1e1"}, "no number of votes"),
        ({"1": True}, "Votes are numbers"),
        ({"1": None}, "Votes are numbers"),
        ({"0": "1"}, "no candidate"),
        ({"x": "1"}, "no candidate"),
        ([1], "holds the votes"),
        ({"1": "9" * 400}, "no number of votes"),
    ],
)
def test_votes_that_are_not_allowed(opened, vote, given, said):
    election = opened()
    names = {str(number): str(pk) for number, pk in enumerate(_ids(election), start=1)}
    if isinstance(given, dict):
        given = {names.get(name, name): votes for name, votes in given.items()}
    with pytest.raises(InvalidBallotError, match=said):
        vote(election, {"allocations": given})
    assert not RollEntry.objects.filter(has_voted=True).exists()


@pytest.mark.parametrize(
    ("method", "good", "bad"),
    [
        ("approval", {"approved": [0, 1]}, {"approved": [0, 0]}),
        ("stv", {"ranking": [1, 0]}, {"ranking": [[0], 1]}),
        ("schulze", {"ranking": [[0, 2], [1]]}, {"ranking": [[0], [0]]}),
        ("stv", {"ranking": []}, {"allocations": {}}),
        ("schulze", {"ranking": []}, {"ranking": {"1": 2}}),
    ],
)
def test_other_methods(opened, vote, method, good, bad):
    election = opened(method=method)
    ids = _ids(election)

    def told(one):
        if isinstance(one, int):
            return ids[one]
        return [told(each) for each in one] if isinstance(one, list) else one

    vote(election, {key: told(value) for key, value in good.items()})
    with pytest.raises(InvalidBallotError):
        vote(election, {key: told(value) for key, value in bad.items()})
    assert SecretBallot.objects.filter(election=election).count() == 1


def test_one_candidate_written_in_two_ways_is_refused_and_not_halved(opened, vote):
    election = opened()
    one = _ids(election)[0]
    with pytest.raises(InvalidBallotError, match="twice"):
        vote(election, {"allocations": {str(one): "5", f"0{one}": "1"}})


@pytest.mark.parametrize("employer", [["dell"], {"dell": 1}, 7, True, "nobody"])
def test_an_employer_that_is_none_of_the_buckets(opened, vote, employer):
    election = opened(asks_employer=True)
    with pytest.raises(InvalidBallotError, match="Say one of these"):
        vote(election, {"allocations": {}}, employer=employer)
    assert not RollEntry.objects.filter(has_voted=True).exists()


def test_who_withdrew_takes_no_votes(opened, vote):
    election = opened()
    gone = election.candidates.first()
    Candidate.objects.filter(pk=gone.pk).update(state=states.WITHDRAWN)
    with pytest.raises(InvalidBallotError, match="withdrew"):
        vote(election, {"allocations": {gone.pk: 1}})


def test_somebody_nominated_and_not_on_the_paper_takes_none(opened, vote):
    election = opened()
    late = CandidateFactory(election=election, is_entered=False)
    with pytest.raises(InvalidBallotError, match="no candidate"):
        vote(election, {"allocations": {late.pk: 1}})


@pytest.mark.parametrize("code", [None, "", "short", "x" * 21, "x" * 129, "ä" * 22, 5])
def test_a_code_that_could_be_guessed_is_refused(opened, code):
    from polls.services.elections.ballots import cast_ballot

    election = opened()
    entry = election.roll.first()
    with pytest.raises(InvalidBallotError, match="revote code"):
        cast_ballot(election=election, entry=entry, choices={"allocations": {}}, revote_code=code)


def test_the_code_replaces_and_nothing_else_does(opened, vote):
    election = opened()
    one, two, _ = _ids(election)
    entry, other = election.roll.all()[:2]
    code = secrets.token_urlsafe(24)
    first = vote(election, {"allocations": {one: 8}}, entry, code)
    assert vote(election, {"allocations": {one: 8}}, entry, code) == first  # sent once more
    second = vote(election, {"allocations": {two: 8}}, entry, code)
    assert second != first
    with pytest.raises(AlreadyVotedError):
        vote(election, {"allocations": {one: 8}}, entry)
    # Another line with the same code has a ballot of its own, and no hand on this one.
    vote(election, {"allocations": {}}, other, code)
    with pytest.raises(AlreadyVotedError):
        vote(election, {"allocations": {one: 8}}, other)
    found = [ballot.choices for ballot in SecretBallot.objects.filter(election=election)]
    assert sorted(found, key=str) == sorted([{}, {"allocations": {str(two): "8"}}], key=str)


def test_another_election_s_line_opens_nothing(opened, vote):
    election, other = opened(), opened()
    with pytest.raises(NotOnRollError):
        vote(election, {"allocations": {}}, other.roll.first())


def test_the_very_second_of_the_close(opened, vote, time_machine):
    election = opened()
    time_machine.move_to(election.closes_at - clock.seconds(1), tick=False)
    vote(election, {"allocations": {}})
    time_machine.move_to(election.closes_at, tick=False)
    with pytest.raises(ElectionClosedError):
        vote(election, {"allocations": {}})
    election.refresh_from_db()
    assert election.result.ballots == 1


def test_the_database_itself_takes_no_late_ballot(opened, boss):
    from django.db import IntegrityError, transaction

    election = opened()
    close_election(election=election, by=boss, reason="all are in")
    for write in (
        lambda: SecretBallot.objects.create(election=election, choices={}),
        lambda: SecretBallot.objects.create(election_id=election.pk + 1000, choices={}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_rare_employers_are_put_together_at_the_sealing(chapter, boss, vote):
    election = ElectionFactory(chapter=chapter, roll=13, asks_employer=True)
    election.candidates.update(affiliation="Dell")
    election = open_election(election=election, by=boss)
    for employer in ["dell"] * 6 + ["other"] * 4 + ["undisclosed"] * 3:
        vote(election, {"allocations": {}}, employer=employer)
    with pytest.raises(InvalidBallotError, match="Say one of these"):
        vote(election, {"allocations": {}}, election.roll.first(), employer="sina")
    close_election(election=election, by=boss)
    found = SecretBallot.objects.filter(election=election).values_list("employer", flat=True)
    assert Counter(found) == {"dell": 6, "other": 7}
