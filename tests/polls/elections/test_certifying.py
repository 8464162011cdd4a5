"""Inspectors sign, object, are released; the last signature certifies."""

import re

import pytest

from community.core.errors import ConflictError, ForbiddenError, TransitionError
from polls import states
from polls.exceptions import ResultsHiddenError
from polls.models import ElectionEntry
from polls.selectors.elections.results import election_result
from polls.services.elections.certifying import certify_election, object_to_count
from polls.services.elections.inspectors import name_inspector, release_inspector
from polls.services.elections.moves import close_election
from tests.factories.community import member

pytestmark = pytest.mark.django_db
NOTED = re.compile(r'note\(\s*election,\s*"(\w+)"')


@pytest.fixture
def inspectors(chapter):
    return [member(chapter), member(chapter)]


@pytest.fixture
def counted(opened, boss, inspectors):
    election = opened(inspectors=inspectors, results_at="certification")
    return close_election(election=election, by=boss)


def _events(election):
    return list(ElectionEntry.objects.filter(election=election).values_list("event", flat=True))


def test_it_is_certified_when_every_inspector_has_signed(counted, inspectors, boss):
    one, two = inspectors
    with pytest.raises(ResultsHiddenError):
        election_result(counted, boss)
    assert election_result(counted, one)
    election = certify_election(election=counted, by=one, statement=" recounted\nby hand ")
    assert election.state == states.COUNTED
    with pytest.raises(ConflictError):
        certify_election(election=counted, by=one)
    with pytest.raises(ForbiddenError):
        certify_election(election=counted, by=boss)
    election = certify_election(election=counted, by=two)
    assert election.state == states.CERTIFIED
    assert election_result(election, boss)
    assert _events(election)[-3:] == ["signed", "signed", "certified"]
    digests = {entry.facts["result_sha256"] for entry in
               ElectionEntry.objects.filter(event__in=["counted", "signed"])}  # fmt: skip
    assert len(digests) == 1
    assert election.inspectors.get(account=one).statement == "recounted by hand"


def test_nothing_is_certified_before_the_count(opened, inspectors):
    election = opened(inspectors=inspectors)
    with pytest.raises(TransitionError):
        certify_election(election=election, by=inspectors[0])


def test_an_objection_stands_in_the_log_and_holds_up_the_certificate(counted, inspectors):
    one, two = inspectors
    object_to_count(election=counted, by=one, reason="two receipts are missing")
    election = certify_election(election=counted, by=two)
    assert election.state == states.COUNTED
    objected = ElectionEntry.objects.get(election=election, event="objected")
    assert objected.facts["reason"] == "two receipts are missing"


def test_who_is_released_last_no_longer_holds_it_up(counted, inspectors, boss):
    one, two = inspectors
    certify_election(election=counted, by=one)
    release_inspector(
        inspector=counted.inspectors.get(account=two), reason="cannot be reached", by=boss
    )
    counted.refresh_from_db()
    assert counted.state == states.CERTIFIED


def test_nobody_new_looks_before_the_others_unless_nobody_is_left(counted, inspectors, boss):
    one, two = inspectors
    release_inspector(inspector=counted.inspectors.get(account=two), reason="is away", by=boss)
    with pytest.raises(ConflictError):
        name_inspector(election=counted, account=member(), by=boss)
    release_inspector(inspector=counted.inspectors.get(account=one), reason="is ill", by=boss)
    counted.refresh_from_db()
    assert counted.state == states.COUNTED
    successor = name_inspector(election=counted, account=member(), by=boss)
    election = certify_election(election=counted, by=successor.account)
    assert election.state == states.CERTIFIED
    assert _events(election)[-5:] == [
        "inspector_released", "inspector_released", "inspector_named", "signed", "certified",
    ]  # fmt: skip
