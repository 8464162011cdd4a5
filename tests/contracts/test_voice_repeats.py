"""A POST that creates, sent again under its key, gives the same answer and creates once."""

import pytest

from meetups.models import Topic
from polls.models import Idea, Priority
from polls.services.moves import close_poll
from tests.contracts.calls import call
from tests.factories.community import organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = pytest.mark.django_db


def import_pad(boss):
    BrainstormFactory(slug="b")
    return "brainstorms/b/import/", {"text": "# One\n\n- a note\n"}, Idea.objects, 2


def carry(boss):
    issue = Priority.objects.create(list=PriorityListFactory(), position=1, rank=1, title="I")
    BrainstormFactory(slug="b")
    path = f"priorities/{issue.list.slug}/items/{issue.pk}/carry/"
    return path, {"brainstorm": "b"}, Idea.objects, 1


def plan(boss):
    poll = PollFactory(options=2, purpose="topics")
    close_poll(poll=poll, reason="r", by=boss)
    body = {"option": poll.options.first().pk, "meetup": MeetupFactory().slug}
    return f"polls/{poll.slug}/topics/", body, Topic.objects, 1


@pytest.mark.parametrize("deed", [import_pad, carry, plan])
def test_a_repeat_is_the_same_deed(client, deed):
    boss = organizer()
    path, body, rows, count = deed(boss)
    key = {"Idempotency-Key": "again"}
    first, second = (call(client, "post", path, body, boss, **key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert rows.count() == count
