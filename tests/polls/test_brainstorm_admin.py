"""Brainstorms in the admin: looked at, closed and opened again; no card, no author."""

import pytest

from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from polls.services.ideas import post_idea
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    grant_organizers()
    boss = organizer()
    boss.groups.add(organizers_group())
    client.force_login(boss)
    return boss


def test_own_ones_are_closed_and_opened_again(client, boss):
    own = BrainstormFactory(title="Ours")
    other = BrainstormFactory(title="Theirs", chapter=ChapterFactory(slug="boston"))
    url = "/admin/polls/brainstorm/"
    page = client.get(url).content.decode()
    assert ("Ours" in page, "Theirs" in page) == (True, False)
    for action, is_open in (("close", False), ("reopen", True)):
        client.post(url, {"action": action, "_selected_action": [own.pk, other.pk]})
        own.refresh_from_db()
        assert own.is_open is is_open
        again = client.post(
            url, {"action": action, "_selected_action": [own.pk]}, follow=True
        ).content.decode()
        assert "This brainstorm is" in again  # closed already, or open: said, and nothing done
    other.refresh_from_db()
    assert other.is_open


def test_nobody_unnamed_is_named(client, boss):
    own = BrainstormFactory()
    writer = member(name="Quiet Author", email="quiet@example.org")
    post_idea(brainstorm=own, text="unnamed", by=writer, is_anonymous=True)
    for page in ("", f"{own.pk}/change/", f"{own.pk}/history/"):
        text = client.get(f"/admin/polls/brainstorm/{page}").content.decode()
        assert "Quiet" not in text
        assert "quiet@" not in text
    assert client.get("/admin/polls/idea/").status_code == 404
