"""Issues that go on to the next season, with their history."""

import pytest
from django.db import IntegrityError, transaction

from community.core import clock
from community.core.errors import ForbiddenError, InvalidError
from community.models import AuditEntry
from polls.exceptions import (
    BrainstormClosedError,
    CarriedError,
    NotPublishedError,
    PublishedError,
)
from polls.models import Idea, Priority
from polls.selectors.scorecards import issue_history
from polls.services.carrying import carry_over
from polls.services.priorities import create_list, publish_list
from tests.concurrency.stampede import stampede
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import BrainstormFactory
from tests.polls.test_priorities import closed_poll


def made(boss, title, *issues, published=True):
    items = [{"title": issue} for issue in issues]
    one = create_list(by=boss, title=title, items=items)
    return publish_list(priority_list=one, by=boss) if published else one


@pytest.mark.django_db
def test_into_a_draft_once_with_the_whole_chain_of_history():
    boss = organizer()
    first = made(boss, "First", "one", "other")
    issue = first.items.get(title="one")
    draft = made(boss, "Second", "new", published=False)
    carried = carry_over(priority=issue, into_list=draft, by=boss)
    assert (carried.position, carried.title, carried.carried_from) == (2, "one", issue)
    assert AuditEntry.objects.latest("pk").detail == {"to": "priorities second"}
    with pytest.raises(CarriedError):
        carry_over(priority=issue, into_list=draft, by=boss)
    with pytest.raises(IntegrityError), transaction.atomic():  # the constraint behind it
        Priority.objects.create(
            list=draft, position=9, rank=9, title="again", carried_from=issue
        )  # fmt: skip
    publish_list(priority_list=draft, by=boss)
    third = made(boss, "Third", published=False)
    last = carry_over(priority=carried, into_list=third, by=boss)
    for one in (issue, carried, last):
        assert [row.issue for row in issue_history(one, boss)] == [issue, carried, last]
        # The draft is nobody else's to see.
        assert [row.issue for row in issue_history(one, member())] == [issue, carried]
    assert len(issue_history(first.items.get(title="other"), boss)) == 1


@pytest.mark.django_db
def test_where_an_issue_cannot_go():
    boss = organizer()
    first = made(boss, "First", "one")
    issue = first.items.get()
    draft = made(boss, "Draft", "two", published=False)
    published = made(boss, "Out", "three")
    for target, wrong in ((published, PublishedError), (first, InvalidError)):
        with pytest.raises(wrong):
            carry_over(priority=issue, into_list=target, by=boss)
    with pytest.raises(NotPublishedError):
        carry_over(priority=draft.items.get(), into_list=made(boss, "B", published=False), by=boss)
    for user in (member(), organizer(ChapterFactory(slug="boston"))):
        with pytest.raises(ForbiddenError):
            carry_over(priority=issue, into_list=draft, by=user)
    with pytest.raises(InvalidError):
        carry_over(priority=issue, by=boss)
    with pytest.raises(InvalidError):
        carry_over(priority=issue, into_list=draft, brainstorm=BrainstormFactory(), by=boss)


@pytest.mark.django_db
def test_into_a_brainstorm_as_a_card_and_from_its_poll_into_the_next_list():
    boss = organizer()
    issue = made(boss, "First", "one").items.get()
    storm = BrainstormFactory()
    card = carry_over(priority=issue, brainstorm=storm, by=boss)
    storm.refresh_from_db()
    assert (card.text, card.carried_from, card.author, storm.last_seq) == ("one", issue, boss, 1)
    with pytest.raises(CarriedError):
        carry_over(priority=issue, brainstorm=storm, by=boss)
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.create(brainstorm=storm, text="again", position="b", carried_from=issue)
    closed = BrainstormFactory(closed_at=clock.now())
    with pytest.raises(BrainstormClosedError):
        carry_over(priority=issue, brainstorm=closed, by=boss)

    poll = closed_poll(brainstorm=storm)
    for option in poll.options.filter(position__in=(1, 2)):  # one card in two options
        option.ideas.add(card)
    second = create_list(by=boss, title="Second", poll=poll)
    past = second.items.order_by("position").values_list("title", "carried_from")
    assert list(past) == [("Option 2", issue.pk), ("Option 3", None), ("Option 1", None)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_pressed_by_eight_at_once_it_is_carried_once():
    boss = organizer()
    issue = made(boss, "First", "one").items.get()
    draft = made(boss, "Draft", published=False)

    def carry():
        try:
            carry_over(priority=issue, into_list=draft, by=boss)
        except CarriedError:
            return False
        return True

    assert sorted(stampede([carry] * 8, width=8)) == [False] * 7 + [True]
    assert draft.items.count() == 1
