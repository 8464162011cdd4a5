"""Members, candidates and organizers who do the same, or the opposite, at the same moment."""

import threading
import time

import pytest
from django.db import transaction

from community.core import clock
from community.core.errors import ConflictError, ProductError
from polls.models import Candidate, Election, Endorsement
from polls.services.elections.candidates import (
    accept_nomination,
    endorse_candidate,
    nominate_candidate,
    rule_out_candidate,
)
from polls.services.elections.inspectors import name_inspector
from polls.services.elections.locks import lock_election
from polls.services.elections.log import broken_line
from tests.concurrency.stampede import stampede
from tests.factories.community import member, organizer
from tests.factories.elections import nominating

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss():
    return organizer()


def test_20_endorsements_of_one_member_are_one(boss):
    rob, ann = member(), member()
    candidate = nominate_candidate(election=nominating(boss), by=rob)
    came = stampede([lambda: endorse_candidate(candidate=candidate, by=ann)] * 20, width=20)
    assert {one.pk for one in came} == {Endorsement.objects.get().pk}


def test_20_nominations_of_one_person_are_one(boss):
    election, rob = nominating(boss), member()
    people = [member() for _ in range(20)]
    calls = [
        lambda by=by: nominate_candidate(election=election, by=by, email=rob.email) for by in people
    ]
    came = stampede(calls, width=20)
    assert sum(isinstance(one, Candidate) for one in came) == 1
    assert all(isinstance(one, Candidate | ConflictError) for one in came)
    assert election.candidates.count() == 1


def test_nobody_becomes_candidate_and_inspector_at_once(boss):
    for _ in range(5):
        election, rob = nominating(boss), member()
        came = stampede(
            [
                lambda: nominate_candidate(election=election, by=rob),  # noqa: B023 - called here
                lambda: name_inspector(election=election, account=rob, by=boss),  # noqa: B023
            ],
            width=2,
        )
        assert sum(isinstance(one, ConflictError) for one in came) == 1
        assert election.candidates.count() + election.inspectors.count() == 1


def test_at_most_two_inspectors_of_one_company_are_named_at_once(boss):
    election = nominating(boss)
    calls = [
        lambda who=who: name_inspector(
            election=election, account=who, affiliation="Red Hat", by=boss
        )
        for who in [member() for _ in range(6)]
    ]
    came = stampede(calls, width=6)
    assert sum(isinstance(one, ProductError) for one in came) == 4
    assert election.inspectors.count() == 2
    assert broken_line(election) is None


def test_accepted_or_ruled_out_but_never_both(boss):
    for _ in range(5):
        election, rob = nominating(boss), member()
        candidate = nominate_candidate(election=election, by=member(), email=rob.email)
        came = stampede(
            [
                lambda: accept_nomination(candidate=candidate, by=rob),  # noqa: B023 - called here
                lambda: rule_out_candidate(candidate=candidate, reason="x", by=boss),  # noqa: B023
            ],
            width=2,
        )
        candidate.refresh_from_db()
        # Who was accepted first could still be ruled out; a ruling that came first stands.
        assert candidate.state == "ruled_out"
        assert not isinstance(came[1], Exception)


def test_who_waits_past_the_deadline_is_too_late(boss):
    """The time is looked at under the row's lock, not before it."""
    election, people = nominating(boss), [member() for _ in range(3)]
    held = threading.Event()

    def close():
        with transaction.atomic():
            lock_election(election)
            held.set()
            time.sleep(0.3)  # the others have come to the lock by then
            Election.objects.filter(pk=election.pk).update(nominations_close_at=clock.now())

    def nominate(by):
        assert held.wait(timeout=10)
        return nominate_candidate(election=election, by=by)

    came = stampede([close, *(lambda by=by: nominate(by) for by in people)], width=4)
    assert [type(one) for one in came[1:]] == [ConflictError] * 3
    assert not election.candidates.exists()
