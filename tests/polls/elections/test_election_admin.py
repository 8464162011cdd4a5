"""Elections in the admin: looked at by their own organizers, and announced; no secret of theirs."""

import pytest

from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from polls.models import Election
from polls.services.elections.candidates import enter_candidate
from polls.services.elections.setup import create_election
from tests.factories.community import ChapterFactory, organizer

pytestmark = pytest.mark.django_db


def test_own_ones_are_looked_at_and_announced(client):
    grant_organizers()
    boss, other = organizer(), organizer(ChapterFactory(slug="boston"))
    boss.groups.add(organizers_group())
    client.force_login(boss)
    own = create_election(by=boss, title="Ours")
    theirs = create_election(by=other, title="Theirs")
    candidate = enter_candidate(election=own, by=boss, name="Rob")
    Election.objects.update(lot_seed_sealed="sealed-secret", lot_seed="shown-secret")
    page = client.get("/admin/polls/election/").content.decode()
    assert ("Ours" in page, "Theirs" in page) == (True, False)
    for address in (
        f"election/{own.pk}/change/", f"candidate/{candidate.pk}/change/", "inspector/",
        "campaign/", "candidate/",
    ):  # fmt: skip
        answer = client.get(f"/admin/polls/{address}")
        assert answer.status_code == 200
        assert "secret" not in answer.content.decode()
        assert 'name="_save"' not in answer.content.decode()
    assert client.get(f"/admin/polls/election/{theirs.pk}/change/").status_code == 302
    for name in ("secretballot", "rollentry"):
        assert client.get(f"/admin/polls/{name}/").status_code == 404
    client.post(
        "/admin/polls/election/",
        {"action": "announce", "_selected_action": [own.pk, theirs.pk]},
    )
    announced = Election.objects.exclude(announced_at=None)
    assert announced.get() == own
