"""What was there when the page was read, and is not there any more when the button is pressed."""

import pytest

from community.core.errors import NotFoundError
from community.models import AuditEntry, User
from polls.admin import polls as admin
from polls.models import Assessment, Idea, Poll, Priority
from polls.services.assessments import assess_priority
from polls.services.carrying import carry_over
from tests.factories.community import organizer
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue():
    """An issue that a door has read and that was then taken off the list."""
    issue = Priority.objects.create(list=PriorityListFactory(), position=1, rank=1, title="I")
    Priority.objects.all().delete()
    return issue


def test_an_issue_that_is_gone_is_not_carried_over(issue):
    boss = organizer()
    for target in ({"brainstorm": BrainstormFactory()},
                   {"into_list": PriorityListFactory(published_at=None)}):  # fmt: skip
        with pytest.raises(NotFoundError):
            carry_over(priority=issue, by=boss, **target)
    assert not Idea.objects.exists()
    assert not Priority.objects.exists()


def test_an_issue_that_is_gone_is_not_assessed(issue):
    with pytest.raises(NotFoundError):
        assess_priority(priority=issue, happened="A lot", by=organizer())
    assert not Assessment.objects.exists()


def test_a_draft_that_opened_meanwhile_is_not_deleted_by_the_admin(client, monkeypatch):
    boss = User.objects.create_superuser("root@example.org")
    client.force_login(boss)
    poll = PollFactory(options=2, state="draft")
    page = f"/admin/polls/poll/{poll.pk}/delete/"
    monkeypatch.setattr(admin, "_is_draft", lambda _: True)  # as the page was read
    Poll.objects.update(state="open")
    assert client.post(page, {"post": "yes"}).status_code == 409
    assert Poll.objects.filter(pk=poll.pk).exists()
    Poll.objects.update(state="draft")
    assert client.post(page, {"post": "yes"}).status_code == 302
    assert not Poll.objects.exists()
    deleted = AuditEntry.objects.get(verb="deleted")
    assert (deleted.subject, deleted.actor) == (f"poll {poll.slug}", boss)
