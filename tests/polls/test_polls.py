"""Polls from the draft to the close: by hand, and by themselves when their time comes."""

import datetime as dt

import pytest

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError, TransitionError
from community.models import AuditEntry
from community.services.personal import erase_account
from polls import states
from polls.exceptions import PollClosedError
from polls.models import Brainstorm, Idea, Poll, PollEntry
from polls.services.ballots import cast_ballot
from polls.services.moves import (
    cancel_poll,
    close_due_polls,
    close_poll,
    extend_poll,
    open_due_polls,
    open_poll,
    settle_poll,
)
from polls.services.polls import change_poll, create_poll
from polls.tasks import settle_polls
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def later(days=3):
    return clock.now() + days * DAY


def draft(boss=None, **fields):
    boss = boss or organizer()
    return create_poll(by=boss, title="What matters", options=["A", "B", "C"], **fields), boss


def events(poll):
    return list(PollEntry.objects.filter(poll=poll).values_list("event", "reason"))


def test_without_a_time_it_is_a_draft_for_organizers():
    poll, boss = draft()
    assert (poll.state, poll.slug, poll.opens_at) == ("draft", "what-matters", None)
    assert [option.title for option in poll.options.all()] == ["A", "B", "C"]
    assert list(Poll.objects.visible_to(boss)) == [poll]
    assert list(Poll.objects.visible_to(member())) == []
    assert draft(boss)[0].slug == "what-matters-2"


def test_with_a_time_that_has_come_it_opens_at_once():
    poll, _ = draft(opens_at=clock.now() - DAY, closes_at=later())
    assert poll.state == "open"
    assert poll.opens_at > clock.now() - dt.timedelta(minutes=1)
    assert events(poll) == [("open", "")]


def test_planned_it_is_seen_by_its_voters_and_opens_and_closes_by_itself(time_machine):
    poll, _ = draft(opens_at=later(1), closes_at=later(2))
    voter = member()
    assert poll.state == "draft"
    assert list(Poll.objects.visible_to(voter)) == [poll]
    assert (open_due_polls(), close_due_polls()) == (0, 0)
    time_machine.move_to(poll.opens_at)
    settle_polls()
    poll.refresh_from_db()
    assert poll.state == "open"
    cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=voter)
    time_machine.move_to(poll.closes_at)
    settle_polls()
    poll.refresh_from_db()
    assert (poll.state, poll.closed_at) == ("closed", poll.closes_at)
    assert (poll.result.ballots, poll.result.electorate) == (1, 2)
    assert [event for event, _ in events(poll)] == ["open", "close"]


def test_what_time_has_decided_is_done_before_the_beat_comes(time_machine):
    poll = PollFactory(options=2)
    voter = member(poll.chapter)
    time_machine.move_to(poll.closes_at + dt.timedelta(seconds=1))
    with pytest.raises(PollClosedError, match="closed"):
        cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=voter)
    poll.refresh_from_db()
    assert poll.state == "closed"
    assert settle_poll(poll).state == "closed"


def test_a_time_that_passed_unseen_is_no_vote(time_machine):
    poll, _ = draft(opens_at=later(1), closes_at=later(2))
    time_machine.move_to(poll.closes_at + DAY)
    assert settle_poll(poll).state == "cancelled"
    assert events(poll) == [("cancel", "Its time passed before anyone could vote.")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"opens_at": -1}, "closes_at"),
        ({"opens_at": -1, "closes_at": -1}, "closes_at"),
        ({"opens_at": 2, "closes_at": 1}, "closes_at"),
        ({"opens_at": -1, "closes_at": 2, "options": ["A"]}, "options"),
        ({"opens_at": -1, "closes_at": 2, "options": ["A", "A"]}, "options"),
        ({"options": ["A", " "]}, "options"),
        ({"options": ["A" * 241]}, "options"),
        ({"options": [str(number) for number in range(101)]}, "options"),
        ({"slug": "new"}, "slug"),
        ({"slug": "not a slug"}, "slug"),
        ({"electorate": "meetup"}, "electorate"),
        ({"electorate": "emails", "opens_at": -1, "closes_at": 2}, "electorate"),
        ({"electorate": "emails", "emails": ["nonsense"]}, "electorate"),
        ({"most_ranked": 0}, "most_ranked"),
        ({"dots": 0}, "dots"),
        ({"method": "dice"}, "method"),
        ({"title": " "}, "title"),
        ({"opens_at": -1, "closes_at": 365 * 300}, "closes_at"),
    ],
)
def test_what_makes_no_sense_is_refused_whole(fields, wrong):
    whole = {"title": "T", "options": ["A", "B"]} | fields
    for name in ("opens_at", "closes_at"):
        if name in whole:
            whole[name] = later(whole[name])
    with pytest.raises(InvalidError) as refusal:
        create_poll(by=organizer(), **whole)
    assert list(refusal.value.extra["errors"]) == [wrong]
    assert not Poll.objects.exists()


def test_things_of_another_chapter_are_refused():
    boston = ChapterFactory(slug="boston")
    boss = organizer()
    for fields in (
        {"meetup": MeetupFactory(chapter=boston), "electorate": "meetup"},
        {"brainstorm": BrainstormFactory(chapter=boston)},
    ):
        with pytest.raises(InvalidError):
            draft(boss, **fields)
    with pytest.raises(ForbiddenError):
        draft(boss, chapter=boston)
    with pytest.raises(ForbiddenError):
        draft(member())


def test_options_go_on_with_their_cards_while_it_is_a_draft():
    brainstorm = BrainstormFactory()
    card = Idea.objects.create(brainstorm=brainstorm, text="Docs", position="a")
    boss = organizer()
    poll = create_poll(
        by=boss,
        title="T",
        brainstorm=brainstorm,
        options=[{"title": "Docs", "description": "All of them", "ideas": [card]}, "API", "CI"],
    )
    docs, api, ci = poll.options.all()
    assert list(docs.ideas.all()) == [card]
    change_poll(poll=poll, by=boss, options=["CI", "Docs", "REST API", "New"])
    found = [(option.title, option.pk) for option in poll.options.all()]
    assert [title for title, _ in found] == ["CI", "Docs", "REST API", "New"]
    assert found[:2] == [("CI", ci.pk), ("Docs", docs.pk)]
    assert api.pk not in [pk for _, pk in found]  # its line now holds another one's title
    docs.refresh_from_db()
    assert (docs.description, list(docs.ideas.all())) == ("All of them", [card])
    change_poll(poll=poll, by=boss, options=["CI", "Documentation", "REST API"])
    docs.refresh_from_db()
    assert docs.title == "Documentation"
    other = Idea.objects.create(brainstorm=BrainstormFactory(), text="x", position="a")
    with pytest.raises(InvalidError, match="not one of the poll's brainstorm"):
        change_poll(poll=poll, by=boss, options=[{"title": "A", "ideas": [other]}])
    assert poll.options.count() == 3
    assert Brainstorm.objects.count() == 2


def test_once_open_nothing_of_the_question_changes():
    boss = organizer()
    poll = PollFactory(options=2)
    with pytest.raises(ConflictError) as refusal:
        change_poll(poll=poll, by=boss, title="Another", options=["X", "Y"])
    assert refusal.value.code == "wrong_state"
    assert [option.title for option in poll.options.all()] == ["Option 1", "Option 2"]


MOVES = {
    "open": lambda poll, boss: open_poll(poll=poll, by=boss),
    "extend": lambda poll, boss: extend_poll(poll=poll, closes_at=later(9), reason="r", by=boss),
    "close": lambda poll, boss: close_poll(poll=poll, reason="r", by=boss),
    "cancel": lambda poll, boss: cancel_poll(poll=poll, reason="r", by=boss),
}


@pytest.mark.parametrize("event", sorted(states.POLL.events))
@pytest.mark.parametrize("state", sorted(states.POLL.states))
def test_every_state_and_every_move(state, event):
    boss = organizer()
    fields = {"closed_at": clock.now()} if state == "closed" else {}
    poll = PollFactory(state=state, options=2, **fields)
    if state == "draft":
        Poll.objects.update(opens_at=None)
        poll.refresh_from_db()
    allowed = {("draft", "open"): "open", ("open", "extend"): "open", ("open", "close"): "closed",
               ("draft", "cancel"): "cancelled", ("open", "cancel"): "cancelled"}  # fmt: skip
    if (state, event) in allowed:
        assert MOVES[event](poll, boss).state == allowed[state, event]
        reason = "" if event == "open" else "r"
        assert events(poll) == [(event, reason)]
        assert AuditEntry.objects.filter(subject=f"poll {poll.slug}", actor=boss).count() == 1
    else:
        with pytest.raises(TransitionError):
            MOVES[event](poll, boss)
        poll.refresh_from_db()
        assert (poll.state, events(poll)) == (state, [])


def test_a_plan_that_cannot_be_kept_is_cancelled_and_holds_nobody_up(client, time_machine):
    """The only voter of the list deleted their account before it opened."""
    boss, voter = organizer(), member()
    poll = create_poll(
        by=boss, title="T", options=["a", "b"], electorate="emails", emails=[voter.email],
        opens_at=later(1), closes_at=later(3),
    )  # fmt: skip
    erase_account(email=voter.email, by=voter)
    time_machine.move_to(later(1) + dt.timedelta(hours=1))
    client.force_login(boss)
    assert client.get(f"/polls/{poll.slug}/").status_code == 200
    poll.refresh_from_db()
    assert poll.state == "cancelled"
    assert events(poll) == [("cancel", "The list of voters is empty.")]


def test_early_ends_and_more_time_need_a_reason_and_the_right():
    boss, stranger = organizer(), organizer(ChapterFactory(slug="boston"))
    poll = PollFactory(options=2)
    for reason in ("", " \n", "x" * 301):
        for move in (close_poll, cancel_poll):
            with pytest.raises(InvalidError):
                move(poll=poll, reason=reason, by=boss)
        with pytest.raises(InvalidError):
            extend_poll(poll=poll, closes_at=later(9), reason=reason, by=boss)
    with pytest.raises(InvalidError, match="later"):
        extend_poll(poll=poll, closes_at=poll.closes_at, reason="r", by=boss)
    for act in MOVES.values():
        with pytest.raises(ForbiddenError):
            act(poll, stranger)
    poll.refresh_from_db()
    assert (poll.state, events(poll)) == ("open", [])
