"""Elections' pages for strangers, kept by version; the ballot is nobody's to keep."""

import pytest
from django.db import transaction

from community.core import clock, public_pages
from polls.models import Candidate, Election, Inspector
from polls.services.elections.certifying import certify_election
from polls.services.elections.moves import close_election
from tests.factories.community import member

pytestmark = pytest.mark.django_db


def page(client, election, name=""):
    return client.get(f"/elections/{election.slug}/{name}").content.decode()


def change(rows, **fields):
    """Update `rows` as a request does, in a transaction of its own: a version tells them apart."""
    with transaction.atomic():
        rows.update(**fields)


@pytest.fixture
def election(opened):
    inspector = member(name="Ina")
    made = opened(slug="board", inspectors=[inspector], results_at="certification")
    made.inspector = inspector
    return made


def test_a_stranger_sees_every_change_at_once(client, election):
    assert "Candidate 1" in page(client, election)
    change(Candidate.objects.filter(name="Candidate 1"), name="Cara")
    assert "Candidate 1" not in page(client, election)
    Candidate.objects.filter(name="Cara").delete()
    assert "Cara" not in page(client, election)
    Inspector.objects.create(election=election, name="Otto")
    assert "Otto" in page(client, election)
    change(Election.objects.all(), body="the planning team")
    assert "the planning team" in page(client, election)


def test_control_without_the_version_an_old_page_stays(client, election, monkeypatch):
    monkeypatch.setattr(public_pages, "_version_of", lambda _path: "always-the-same")
    assert "the planning team" not in page(client, election)
    change(Election.objects.all(), body="the planning team")
    assert "the planning team" not in page(client, election)


def test_a_result_is_kept_from_its_moment_on(client, election, boss, django_assert_num_queries):
    path = f"/elections/{election.slug}/results/"
    assert public_pages._version_of(path) is None
    close_election(election=election, reason="r", by=boss)
    assert public_pages._version_of(path) is None
    assert client.get(path).status_code == 403
    certify_election(election=election, by=election.inspector, statement="As I counted")
    assert "As I counted" in page(client, election, "results/")
    with django_assert_num_queries(1):
        assert "As I counted" in page(client, election, "results/")
    Inspector.objects.create(election=election, name="Otto", signed_at=clock.now())
    assert "Otto" in page(client, election, "results/")


def test_no_ballot_and_no_draft_is_kept(election):
    for name in ("ballot/", "receipts/", "run/", "inspect/", "roll/me/", "vote/x/"):
        assert public_pages._version_of(f"/elections/{election.slug}/{name}") is None
    Election.objects.update(announced_at=None)
    assert public_pages._version_of(f"/elections/{election.slug}/") is None
