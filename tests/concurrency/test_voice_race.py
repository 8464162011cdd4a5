"""What an account does while it is erased, and organizers who move the same thing at once."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.db import connection

from community.core import clock
from community.core.errors import ProductError
from community.services.personal import erase_account
from polls.models import (
    Assessment,
    Author,
    Ballot,
    Idea,
    IdeaEvent,
    Poll,
    PollEntry,
    PollResult,
    Priority,
)  # fmt: skip
from polls.services import assessments, ballots, idea_log
from polls.services.assessments import assess_priority
from polls.services.ballots import cast_ballot
from polls.services.ideas import post_idea
from polls.services.moves import (
    cancel_poll,
    close_due_polls,
    close_poll,
    extend_poll,
    open_due_polls,
    open_poll,
)  # fmt: skip
from polls.services.polls import change_poll
from polls.services.priorities import change_list, publish_list
from polls.services.topics import plan_option
from tests.concurrency.stampede import stampede
from tests.factories.community import member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ENOUGH_S = 0.6  # for an erasure that nothing holds up


@pytest.fixture
def erased_after(monkeypatch):
    """Erase an account right after the check `name` of `module` has passed."""
    threads = []

    def arrange(module, name, user):
        check = getattr(module, name)

        def erase():
            try:
                erase_account(email=user.email, by=user)
            finally:
                connection.close()

        def checked(*args):
            passed = check(*args)
            threads.append(threading.Thread(target=erase))
            threads[-1].start()
            threads[-1].join(ENOUGH_S)
            return passed

        monkeypatch.setattr(module, name, checked)

    yield arrange
    for thread in threads:
        thread.join()


def wait_for_erasure(user):
    deadline = clock.now() + dt.timedelta(seconds=10)
    while clock.now() < deadline:
        user.refresh_from_db()
        if user.erased_at:
            return
    pytest.fail("never erased")


def test_no_ballot_of_an_erased_account_is_counted(erased_after):
    poll, voter = PollFactory(options=2), member()
    erased_after(ballots, "may_vote", voter)
    cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=voter)
    wait_for_erasure(voter)
    assert not Ballot.objects.exists()


def test_no_card_of_an_erased_account_keeps_its_author(erased_after):
    brainstorm, writer = BrainstormFactory(), member()
    erased_after(idea_log, "takes_part", writer)
    post_idea(brainstorm=brainstorm, text="My own words", by=writer)
    wait_for_erasure(writer)
    assert Idea.objects.get().author is None
    assert IdeaEvent.objects.get().by is None
    assert not Author.objects.exists()


def test_no_assessment_of_an_erased_account_keeps_its_observer(erased_after):
    issues, observer = PriorityListFactory(), member()
    issues.observers.add(observer)
    issue = Priority.objects.create(list=issues, position=1, rank=1, title="I")
    erased_after(assessments, "may_assess", observer)
    assess_priority(priority=issue, happened="A lot", by=observer)
    wait_for_erasure(observer)
    assert Assessment.objects.get().observer is None


@pytest.mark.parametrize("round_number", range(3))
def test_organizers_and_the_clock_move_one_poll_at_once(round_number):
    """Whoever comes first wins, the rest are refused, and there is at most one result."""
    boss = organizer()
    poll = PollFactory(options=2)
    for _ in range(3):
        cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=member())
    later = clock.now() + dt.timedelta(days=9)
    calls = [
        lambda: close_poll(poll=poll, reason="r", by=boss),
        lambda: cancel_poll(poll=poll, reason="r", by=boss),
        lambda: extend_poll(poll=poll, closes_at=later, reason="r", by=boss),
        lambda: open_poll(poll=poll, by=boss),
        close_due_polls,
    ] * 2
    told = stampede(calls[round_number:] + calls[:round_number], width=10)
    assert all(isinstance(one, ProductError | Poll | int) for one in told), told
    events = Counter(PollEntry.objects.values_list("event", flat=True))
    assert events["close"] + events["cancel"] == 1
    assert PollResult.objects.count() == events["close"]
    assert Poll.objects.get().state == ("closed" if events["close"] else "cancelled")


def test_a_draft_changed_while_it_opens_by_itself_is_one_or_the_other():
    boss = organizer()
    poll = PollFactory(options=2, state="draft")
    calls = [open_due_polls, lambda: change_poll(poll=poll, by=boss, options=["X", "Y", "Z"])] * 4
    told = stampede(calls, width=8)
    assert all(isinstance(one, ProductError | Poll | int) for one in told), told
    assert list(PollEntry.objects.values_list("event", flat=True)) == ["open"]
    titles = [option.title for option in Poll.objects.get().options.all()]
    assert titles in (["Option 1", "Option 2"], ["X", "Y", "Z"])


def test_one_option_planned_by_ten_at_once_is_one_topic():
    boss = organizer()
    meetups = [MeetupFactory() for _ in range(2)]
    poll = PollFactory(options=2, purpose="topics")
    close_poll(poll=poll, reason="r", by=boss)
    option = poll.options.first()
    calls = [
        lambda meetup=meetup: plan_option(option=option, meetup=meetup, by=boss)
        for meetup in meetups * 5
    ]
    told = stampede(calls, width=10)
    assert sum(isinstance(one, ProductError) for one in told) == 9
    assert sum(meetup.topics.count() for meetup in meetups) == 1


def test_a_list_published_while_its_issues_change_is_whole():
    boss = organizer()
    issues = PriorityListFactory(published_at=None)
    change_list(priority_list=issues, by=boss, items=[{"title": "A"}, {"title": "B"}])
    new = [{"title": "C"}, {"title": "D"}, {"title": "E"}]
    told = stampede(
        [
            lambda: publish_list(priority_list=issues, by=boss),
            lambda: change_list(priority_list=issues, by=boss, items=new),
        ]
        * 4,
        width=8,
    )
    assert sum(isinstance(one, ProductError) for one in told) >= 3
    titles = list(issues.items.order_by("position").values_list("title", flat=True))
    assert titles in (["A", "B"], ["C", "D", "E"])
