"""What was there when the page was read, and is not there any more when the button is pressed."""

import pytest

from community.core.errors import NotFoundError
from polls.models import Assessment, Idea, Priority
from polls.services.assessments import assess_priority
from polls.services.carrying import carry_over
from tests.factories.community import organizer
from tests.factories.polls import BrainstormFactory, PriorityListFactory

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
