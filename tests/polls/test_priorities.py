"""Lists of priorities: from a poll's result or by hand, published, mended, taken back."""

from decimal import Decimal

import pytest

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import AuditEntry
from meetups.exceptions import ChangedMeanwhileError
from polls.exceptions import (
    AssessedError,
    NotPublishedError,
    PublishedError,
    QuorumError,
    ResultsHiddenError,
)
from polls.models import Idea, PollResult, PriorityList
from polls.selectors.priorities import list_version
from polls.selectors.scorecards import left_out
from polls.services.assessments import assess_priority
from polls.services.priorities import (
    change_item,
    change_list,
    create_list,
    publish_list,
    withdraw_list,
)
from polls.services.priority_items import ranks_of
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = pytest.mark.django_db


def closed_poll(percents=(41.2, 68.0, 68.0), *, ballots=34, **fields):
    """A closed poll of the chapter whose options have these percentages."""
    poll = PollFactory(
        options=len(percents), state="closed", closed_at=clock.now(), **fields
    )  # fmt: skip
    options = list(poll.options.order_by("position"))
    rows = [
        {
            "id": option.pk,
            "percent": percent,
            "rank": 1 + sum(other > percent for other in percents),
            "margin": 4.5,
            "is_apart": False,
        }
        for option, percent in zip(options, percents, strict=True)
    ]
    content = {
        "version": 1, "method": "ranked", "ballots": ballots, "digest": "0", "options": rows,
        "tallies": {},
    }  # fmt: skip
    PollResult.objects.create(
        poll=poll, version=1, digest="0", ballots=ballots, electorate=60, content=content,
        counted_at=clock.now(),
    )  # fmt: skip
    return poll


def by_hand(boss, *titles, **fields):
    items = [{"title": title} for title in titles]
    return create_list(by=boss, title="By hand", slug="by-hand", items=items, **fields)


def titles(priority_list):
    return list(priority_list.items.order_by("position").values_list("title", flat=True))


def test_a_closed_polls_options_in_the_order_of_the_result_with_their_cards():
    storm = BrainstormFactory()
    poll = closed_poll(brainstorm=storm)
    card = Idea.objects.create(brainstorm=storm, text="a card", position="a0")
    poll.options.get(position=2).ideas.add(card)
    made = create_list(by=organizer(), title="What matters", poll=poll)
    issues = list(made.items.order_by("position"))
    assert [(i.position, i.rank, i.title, i.percent, i.margin) for i in issues] == [
        (1, 1, "Option 2", Decimal("68.0"), Decimal("4.5")),
        (2, 1, "Option 3", Decimal("68.0"), Decimal("4.5")),
        (3, 3, "Option 1", Decimal("41.2"), Decimal("4.5")),
    ]
    assert [list(issue.ideas.all()) for issue in issues] == [[card], [], []]
    assert (made.slug, made.voters, made.brainstorm) == ("what-matters", 34, storm)
    assert made.method == "ranked ballots, normalised Borda"
    assert not made.is_published
    assert not PriorityList.objects.visible_to(member()).exists()


def test_nothing_follows_from_a_poll_that_is_open_or_had_too_few_ballots():
    boss = organizer()
    with pytest.raises(ResultsHiddenError):
        create_list(by=boss, title="Early", poll=PollFactory(options=2))
    with pytest.raises(QuorumError):
        create_list(by=boss, title="Few", poll=closed_poll(quorum=35))
    with pytest.raises(ConflictError, match="Nobody voted"):
        create_list(by=boss, title="None", poll=closed_poll(ballots=0))
    assert not PriorityList.objects.exists()
    assert create_list(by=boss, title="Enough", poll=closed_poll(quorum=34)).items.count() == 3


def test_only_the_chapters_organizers_write():
    poll = closed_poll()
    stranger = organizer(ChapterFactory(slug="boston"))
    made = PriorityListFactory(published_at=None)
    for user in (stranger, member()):
        for act in (
            lambda by: create_list(by=by, title="Mine", poll=poll),
            lambda by: change_list(priority_list=made, by=by, title="Mine"),
            lambda by: publish_list(priority_list=made, by=by),
            lambda by: withdraw_list(priority_list=made, by=by),
        ):
            with pytest.raises(ForbiddenError):
                act(user)


@pytest.mark.parametrize("slug", ["new", "outlooks", "taken"])
def test_addresses_that_no_list_can_have(slug):
    PriorityListFactory(slug="taken")
    with pytest.raises(InvalidError):
        create_list(by=organizer(), title="A list", slug=slug)


def test_ranks_are_shared_where_percentages_are_equal():
    numbers = [Decimal(n) for n in (68, 68, 68, 59)]
    assert ranks_of(numbers) == [1, 1, 1, 4]
    assert ranks_of([None, Decimal(5), Decimal(7)]) == [1, 2, 1]


def test_a_draft_by_hand_is_rewritten_whole_and_a_polls_keeps_its_order():
    boss = organizer()
    made = by_hand(boss, "one", "two")
    one, two = made.items.order_by("position")
    change_list(
        priority_list=made,
        by=boss,
        items=[
            {"id": two.pk, "title": "two!", "percent": Decimal("50.05")},
            {"title": "new", "percent": None},
        ],
    )
    assert titles(made) == ["two!", "new"]
    two.refresh_from_db()
    assert (two.position, two.rank, two.percent) == (1, 1, Decimal("50.0"))
    entry = AuditEntry.objects.filter(verb="changed").latest("pk")
    assert entry.detail["removed"] == ["one"]
    assert one.pk not in made.items.values_list("pk", flat=True)

    polled = create_list(by=boss, title="Polled", poll=closed_poll())
    first, second, third = polled.items.order_by("position").values_list("pk", flat=True)
    swapped = [{"id": second, "percent": Decimal(99)}, {"id": first}, {"id": third}]
    change_list(priority_list=polled, by=boss, items=swapped)
    assert titles(polled) == ["Option 3", "Option 2", "Option 1"]
    assert polled.items.get(pk=second).percent == 68  # the poll's, whatever is sent
    with pytest.raises(InvalidError, match="share a rank"):
        change_list(priority_list=polled, by=boss, items=[{"id": third}, {"id": first}])
    change_list(priority_list=polled, by=boss, items=[{"id": first}, {"id": third}])
    assert left_out(polled, boss).titles == ["Option 3"]


def test_published_order_and_percentages_stay_and_words_are_mended_with_a_trace():
    boss = organizer()
    made = by_hand(boss, "tpyo", "two")
    one, two = made.items.order_by("position").values_list("pk", flat=True)
    publish_list(priority_list=made, by=boss)
    for items in (
        [{"id": two}, {"id": one}],
        [{"id": one}],
        [{"id": one}, {"id": two}, {"title": "new"}],
        [{"id": one, "percent": 9}, {"id": two}],
    ):
        with pytest.raises(PublishedError):
            change_list(priority_list=made, by=boss, items=items)
    change_item(priority=made.items.get(pk=one), by=boss, title="typo")
    assert titles(made) == ["typo", "two"]
    assert AuditEntry.objects.latest("pk").detail["mended"] == [["tpyo", "typo"]]
    with pytest.raises(PublishedError):
        publish_list(priority_list=made, by=boss)


def test_a_list_without_issues_is_not_published_and_an_assessed_one_not_withdrawn():
    boss = organizer()
    empty = create_list(by=boss, title="Empty")
    with pytest.raises(ConflictError, match="needs an issue"):
        publish_list(priority_list=empty, by=boss)
    made = by_hand(boss, "one")
    with pytest.raises(NotPublishedError):
        withdraw_list(priority_list=made, by=boss)
    publish_list(priority_list=made, by=boss)
    assert not withdraw_list(priority_list=made, by=boss).is_published
    publish_list(priority_list=made, by=boss)
    assess_priority(priority=made.items.get(), by=boss, happened="It was heard.")
    with pytest.raises(AssessedError):
        withdraw_list(priority_list=made, by=boss)
    made.refresh_from_db()
    assert made.is_published


def test_observers_are_members_by_their_addresses():
    boss, seen = organizer(), member()
    made = by_hand(boss, "one", observers=[seen.email.upper(), ""])
    assert list(made.observers.all()) == [seen]
    with pytest.raises(InvalidError, match="No member"):
        change_list(priority_list=made, by=boss, observers=[seen.email, "who@example.org"])
    outsider = member(ChapterFactory(slug="boston"))
    with pytest.raises(InvalidError, match="No member"):
        change_list(priority_list=made, by=boss, observers=[outsider.email])
    change_list(priority_list=made, by=boss, observers=[])
    assert not made.observers.exists()


def test_nobody_writes_over_what_another_changed_meanwhile():
    boss = organizer()
    made = by_hand(boss, "one")
    seen = list_version(made)
    change_list(priority_list=made, by=boss, title="First", version=seen)
    with pytest.raises(ChangedMeanwhileError):
        change_list(priority_list=made, by=boss, title="Second", version=seen)
    assert PriorityList.objects.get(pk=made.pk).title == "First"
