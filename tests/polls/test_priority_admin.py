"""The desk of priorities: to look at, and to publish or take back; own chapters alone."""

import pytest

from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from polls.models import Outlook
from polls.services.assessments import assess_priority
from polls.services.outlooks import add_outlook
from tests.factories.community import ChapterFactory, organizer
from tests.polls.test_priorities import by_hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    boss = organizer()
    boss.is_superuser = True
    boss.save()
    client.force_login(boss)
    return boss


def act(client, model, name, row):
    path = f"/admin/polls/{model}/"
    return client.post(path, {"action": name, "_selected_action": [row.pk]}, follow=True)


def test_every_list_opens_and_actions_go_through_the_services(client, boss):
    made = by_hand(boss, "one")
    word = add_outlook(chapter=made.chapter, word="Strong", by=boss)
    act(client, "prioritylist", "publish", made)
    made.refresh_from_db()
    assert made.is_published
    assess_priority(priority=made.items.get(), outlook=word, by=boss)
    refused = act(client, "prioritylist", "withdraw", made)
    assert "Observers have assessed this list" in refused.content.decode()
    act(client, "outlook", "retire", word)
    assert not Outlook.objects.get().is_offered
    act(client, "outlook", "offer", word)
    assert Outlook.objects.get().is_offered
    for model in ("prioritylist", "priority", "assessment", "outlook"):
        answer = client.get(f"/admin/polls/{model}/")
        assert answer.status_code == 200
        assert client.get(f"/admin/polls/{model}/add/").status_code == 403


def test_another_chapters_lists_are_not_there(client, boss):
    made = by_hand(boss, "one")
    other = organizer(ChapterFactory(slug="boston"))
    grant_organizers()
    other.groups.add(organizers_group())
    client.force_login(other)
    answer = client.get("/admin/polls/prioritylist/")
    assert answer.status_code == 200
    assert made.title not in answer.content.decode()
