"""The voice's pages for strangers, kept by version."""

import pytest

from community.core import public_pages
from polls.models import Poll, Priority
from polls.services.assessments import assess_priority
from polls.services.ballots import cast_ballot
from polls.services.brainstorms import change_brainstorm, close_brainstorm
from polls.services.ideas import edit_idea, post_idea, remove_idea
from polls.services.moves import close_poll
from polls.services.priorities import change_list, withdraw_list
from tests.factories.community import member, organizer
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = pytest.mark.django_db
BRAINSTORM, RESULT, LIST = "/brainstorms/pad/", "/polls/ours/results/", "/priorities/list/"


def page(client, url):
    return client.get(url).content.decode()


@pytest.fixture
def brainstorm():
    return BrainstormFactory(slug="pad", title="Before")


def test_a_stranger_sees_every_change_of_a_brainstorm_at_once(client, brainstorm):
    boss, writer = organizer(), member()
    assert "Before" in page(client, BRAINSTORM)
    card = post_idea(brainstorm=brainstorm, text="one card", by=writer)
    assert "one card" in page(client, BRAINSTORM)
    edit_idea(idea=card, text="other words", revision=1, by=writer)
    assert "other words" in page(client, BRAINSTORM)
    remove_idea(idea=card, by=writer)
    assert "other words" not in page(client, BRAINSTORM)
    change_brainstorm(brainstorm=brainstorm, by=boss, title="After")
    assert "After" in page(client, BRAINSTORM)
    close_brainstorm(brainstorm=brainstorm, by=boss)
    assert "This brainstorm is closed" in page(client, BRAINSTORM)
    change_brainstorm(brainstorm=brainstorm, by=boss, is_public=False)
    assert client.get(BRAINSTORM).status_code == 404


def test_control_without_the_version_an_old_page_stays(client, brainstorm, monkeypatch):
    monkeypatch.setattr(public_pages, "_version_of", lambda _path: "always-the-same")
    assert "Before" in page(client, BRAINSTORM)
    post_idea(brainstorm=brainstorm, text="one card", by=member())
    assert "one card" not in page(client, BRAINSTORM)


def test_a_result_is_there_from_the_close_on_and_while_it_is_public(client):
    poll = PollFactory(slug="ours", options=2)
    first = poll.options.first()
    cast_ballot(poll=poll, choices={"ranking": [first.pk]}, by=member())
    assert client.get(RESULT).status_code == 403
    close_poll(poll=poll, reason="r", by=organizer())
    assert "100.0 %" in page(client, RESULT)
    Poll.objects.update(is_public=False)
    assert client.get(RESULT).status_code == 404


def test_a_stranger_sees_every_change_of_a_scorecard_at_once(client):
    boss = organizer()
    rows = PriorityListFactory(slug="list", title="Before")
    issue = Priority.objects.create(list=rows, position=1, rank=1, title="An issue")
    assert "An issue" in page(client, LIST)
    for words in ("It moved.", "It stands."):
        assess_priority(priority=issue, happened=words, by=boss)
        assert words in page(client, LIST)
    change_list(priority_list=rows, by=boss, items=[{"id": issue.pk, "title": "Its new name"}])
    assert "Its new name" in page(client, LIST)
    change_list(priority_list=rows, by=boss, title="After")
    assert "After" in page(client, LIST)
    issue.assessments.all().delete()
    assert "It stands." not in page(client, LIST)
    withdraw_list(priority_list=rows, by=boss)
    assert client.get(LIST).status_code == 404


@pytest.mark.parametrize("url", [BRAINSTORM, RESULT, LIST])
def test_one_query_for_a_page_that_is_kept(client, brainstorm, url, django_assert_num_queries):
    PriorityListFactory(slug="list")
    poll = PollFactory(slug="ours", options=2)
    close_poll(poll=poll, reason="r", by=organizer())
    first = client.get(url)
    assert first.status_code == 200
    with django_assert_num_queries(1):
        second = client.get(url)
    assert second.content == first.content
