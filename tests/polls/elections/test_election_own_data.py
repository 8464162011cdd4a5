import pytest

from community.core import clock
from community.services.personal import erase_account, personal_data
from polls.models import Candidate, Election, Endorsement, Inspector
from polls.services.elections.candidates import endorse_candidate, nominate_candidate
from polls.services.elections.inspectors import name_inspector
from tests.factories.community import member, organizer
from tests.factories.elections import nominating

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return organizer()


def test_one_takes_along_what_one_said_and_did(boss):
    election = nominating(boss)
    rob, ann, watcher = member(name="Rob"), member(name="Ann"), member()
    candidate = nominate_candidate(election=election, by=rob, statement="Users first.")
    nominate_candidate(election=election, by=rob, email=ann.email)
    endorse_candidate(candidate=candidate, by=ann)
    name_inspector(election=election, account=watcher, affiliation="HP", by=boss)
    data = personal_data(by=rob)
    assert data["candidacies"][0]["statement"] == "Users first."
    assert {row.get("nominated") for row in data["endorsements"]} == {"Rob", "Ann"}
    assert [row.get("endorsed") for row in personal_data(by=ann)["endorsements"]] == ["Rob"]
    assert personal_data(by=watcher)["inspections"][0]["affiliation"] == "HP"
    assert personal_data(by=boss)["candidacies"] == []


def test_before_voting_opens_nothing_is_left(boss):
    election = nominating(boss)
    rob, ann = member(name="Rob"), member(name="Ann")
    candidate = nominate_candidate(election=election, by=rob)
    asked = nominate_candidate(election=election, by=rob, email=ann.email)
    endorse_candidate(candidate=asked, by=rob)
    name_inspector(election=election, account=(watcher := member()), by=boss)
    erase_account(email=rob.email, by=rob)
    erase_account(email=watcher.email, by=watcher)
    assert list(Candidate.objects.values_list("name", "nominated_by")) == [("Ann", None)]
    assert not Endorsement.objects.exists()
    assert not Inspector.objects.exists()
    assert election.log.order_by("number").last().event == "inspector_released"
    assert not Candidate.objects.filter(pk=candidate.pk).exists()


def test_from_then_on_the_name_stays_that_voters_saw(boss):
    election = nominating(boss)
    rob, ann, watcher = member(name="Rob"), member(), member(name="Wat")
    candidate = nominate_candidate(election=election, by=rob, statement="Words", profile="Line")
    endorse_candidate(candidate=candidate, by=ann)
    name_inspector(election=election, account=watcher, by=boss)
    Inspector.objects.update(signed_at=clock.now())
    Candidate.objects.update(is_on_ballot=True)
    Election.objects.update(state="open", opened_at=clock.now())
    for person in (rob, ann, watcher):
        erase_account(email=person.email, by=person)
    candidate.refresh_from_db()
    assert (candidate.name, candidate.account, candidate.state) == ("Rob", None, "withdrawn")
    assert (candidate.statement, candidate.profile) == ("", "")
    assert Endorsement.objects.get().account is None
    assert Inspector.objects.get().name == "Wat"
    assert Inspector.objects.get().account is None
    assert election.log.order_by("number").last().event == "candidate_withdrew"
