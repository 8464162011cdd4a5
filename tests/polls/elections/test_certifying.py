"""Inspectors sign, object, are released; the last signature certifies."""

import re
from pathlib import Path

import pytest

from community.core.errors import ConflictError, ForbiddenError, InvalidError, TransitionError
from community.services.personal import erase_account
from polls import states
from polls.exceptions import ResultsHiddenError
from polls.models import ElectionEntry
from polls.selectors.elections.results import election_result
from polls.selectors.elections.told import EVENTS
from polls.services.elections import certifying
from polls.services.elections.certifying import certify_election, object_to_count
from polls.services.elections.inspectors import name_inspector, release_inspector
from polls.services.elections.moves import close_election
from polls.services.elections.reminders import REMINDED
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


def test_the_last_inspector_stays_and_no_new_one_looks_before_the_others(counted, inspectors, boss):
    one, two = inspectors
    release_inspector(inspector=counted.inspectors.get(account=two), reason="is away", by=boss)
    with pytest.raises(ConflictError):
        release_inspector(inspector=counted.inspectors.get(account=one), reason="too", by=boss)
    with pytest.raises(ConflictError):
        name_inspector(election=counted, account=member(), by=boss)
    counted.refresh_from_db()
    assert counted.state == states.COUNTED


def test_who_deletes_their_account_last_no_longer_holds_it_up(counted, inspectors):
    one, two = inspectors
    certify_election(election=counted, by=one)
    erase_account(email=two.email, by=two)
    counted.refresh_from_db()
    assert counted.state == states.CERTIFIED


def test_where_no_inspector_is_left_another_can_be_named(counted, inspectors, boss):
    for one in inspectors:
        erase_account(email=one.email, by=one)
    counted.refresh_from_db()
    assert counted.state == states.COUNTED
    heir = member()
    name_inspector(election=counted, account=heir, by=boss)
    assert certify_election(election=counted, by=heir).state == states.CERTIFIED


def test_no_company_is_nobody_s_and_one_that_looks_the_same_is_the_same(opened, boss):
    election = opened()
    for _ in range(3):
        name_inspector(election=election, account=member(), affiliation="Independent", by=boss)
    for company in ("Dell", "De\u200bll"):
        name_inspector(election=election, account=member(), affiliation=company, by=boss)
    with pytest.raises(InvalidError):
        name_inspector(election=election, account=member(), affiliation="DELL", by=boss)


def test_every_line_of_the_log_has_its_sentence():
    """Those that services note, found in their source."""
    services = Path(certifying.__file__).parent.glob("*.py")
    noted = {event for one in services for event in NOTED.findall(one.read_text())} | {REMINDED}
    assert len(noted) > 15
    assert noted - EVENTS.keys() == set()
