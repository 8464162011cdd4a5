"""Assessments: one each, by those named for the list; and the words a group has for them."""

import contextlib
import functools

import pytest
from django.db import IntegrityError, transaction

from community.core.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from community.services.personal import erase_account, personal_data
from polls.exceptions import AssessedError, NotPublishedError
from polls.models import Assessment, Outlook
from polls.services.assessments import MOST_LINKS, assess_priority, remove_assessment
from polls.services.outlooks import (
    NEUTRAL,
    add_outlook,
    begin_outlooks,
    change_outlook,
    save_outlooks,
)
from polls.services.priorities import create_list, publish_list, withdraw_list
from tests.concurrency.stampede import stampede
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.polls.test_priorities import by_hand

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return organizer()


@pytest.fixture
def observer():
    return member(name="Olga")


@pytest.fixture
def issue(boss, observer):
    made = by_hand(boss, "one", observers=[observer.email])
    publish_list(priority_list=made, by=boss)
    return made.items.get()


def test_each_observer_has_one_and_changes_it_in_place(issue, boss, observer):
    assess_priority(priority=issue, by=observer, happened="  Two sessions.  ")
    assess_priority(priority=issue, by=boss, own_words="Uneven")
    changed = assess_priority(priority=issue, by=observer, happened="Three.", own_words="Good")
    assert sorted(issue.assessments.values_list("happened", "own_words")) == [
        ("", "Uneven"), ("Three.", "Good"),
    ]  # fmt: skip
    assert changed.observer_name == "Olga"
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(priority=issue, observer=observer, happened="Again.")
    remove_assessment(priority=issue, by=observer)
    with pytest.raises(NotFoundError):
        remove_assessment(priority=issue, by=observer)
    assert issue.assessments.get().observer == boss


def test_only_observers_and_organizers_and_only_what_is_published(boss, observer, issue):
    for stranger in (member(), organizer(ChapterFactory(slug="boston"))):
        with pytest.raises(ForbiddenError):
            assess_priority(priority=issue, by=stranger, happened="Mine.")
    draft = create_list(
        by=boss, title="Draft", items=[{"title": "one"}], observers=[observer.email]
    )  # fmt: skip
    with pytest.raises(NotPublishedError):
        assess_priority(priority=draft.items.get(), by=observer, happened="Early.")
    assert not Assessment.objects.exists()


def test_something_must_be_said_and_the_outlook_once(issue, boss):
    word = add_outlook(chapter=issue.list.chapter, word="Strong", tone="good", by=boss)
    for said in (
        {},
        {"happened": "  "},
        {"outlook": word, "own_words": "both"},
        {"own_words": "x" * 81},
        {"happened": "x" * 5001},
    ):
        with pytest.raises(InvalidError):
            assess_priority(priority=issue, by=boss, **said)
    assert assess_priority(priority=issue, by=boss, outlook=word).outlook_word == "Strong"


def test_words_of_another_group_and_retired_ones_cannot_be_chosen(issue, boss):
    boston = ChapterFactory(slug="boston")
    other = add_outlook(chapter=boston, word="Theirs", by=organizer(boston))
    word = add_outlook(chapter=issue.list.chapter, word="Strong", by=boss)
    assess_priority(priority=issue, by=boss, outlook=word)
    change_outlook(outlook=word, by=boss, is_offered=False)
    for chosen, by in ((other, boss), (word, organizer())):
        with pytest.raises(InvalidError, match="not offered"):
            assess_priority(priority=issue, by=by, outlook=chosen)
    kept = assess_priority(priority=issue, by=boss, outlook=word, happened="Still so.")
    assert kept.outlook == word  # who chose it before keeps it


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "//evil.example/", "ftp://example.org/", "notes", "/a b", "",
        "/\\evil.example", "https://", "data:text/html,x", f"https://example.org/{'x' * 500}",
    ],
)  # fmt: skip
def test_links_that_are_none(issue, boss, url):
    with pytest.raises(InvalidError):
        assess_priority(priority=issue, by=boss, happened="x", links=[{"url": url, "title": ""}])


def test_links_on_the_web_and_on_this_site(issue, boss):
    links = [
        {"url": "/meetups/next-meetup/", "title": ""},
        {"url": "https://example.org/a", "title": " A  talk "},
    ]
    said = assess_priority(priority=issue, by=boss, happened="x", links=links)
    assert said.links == [
        {"url": "/meetups/next-meetup/", "title": "/meetups/next-meetup/"},
        {"url": "https://example.org/a", "title": "A talk"},
    ]
    with pytest.raises(InvalidError, match="At most"):
        assess_priority(priority=issue, by=boss, happened="x", links=links[:1] * (MOST_LINKS + 1))


def test_the_groups_own_words(issue, boss):
    chapter = issue.list.chapter
    assert [row.word for row in begin_outlooks(chapter=chapter, by=boss)] == [w for w, _ in NEUTRAL]
    with pytest.raises(ConflictError):
        begin_outlooks(chapter=chapter, by=boss)
    strong, moving, *rest = chapter.outlooks.all()
    assess_priority(priority=issue, by=boss, outlook=strong)
    with pytest.raises(ConflictError, match="is used"):
        change_outlook(outlook=strong, by=boss, word="Weak")
    assert change_outlook(outlook=moving, by=boss, word="Going on").word == "Going on"
    rows = [{"id": moving.pk}, {"id": strong.pk, "is_offered": False}, {"word": "New"}]
    save_outlooks(chapter=chapter, rows=rows, by=boss)
    assert [row.word for row in chapter.outlooks.all()][:2] == ["Going on", "Strong"]
    assert {row.pk for row in rest} <= set(chapter.outlooks.values_list("pk", flat=True))
    for word in ("new", "", "x" * 61):
        with pytest.raises(InvalidError):
            add_outlook(chapter=chapter, word=word, by=boss)
    with pytest.raises(ForbiddenError):
        add_outlook(chapter=chapter, word="Mine", by=member())
    with pytest.raises(ForbiddenError):
        change_outlook(outlook=strong, by=organizer(ChapterFactory(slug="boston")), tone="bad")
    assert Outlook.objects.get(pk=strong.pk).tone == "good"


def test_after_the_account_is_gone_the_words_stay_without_the_name(issue, observer):
    assess_priority(
        priority=issue, by=observer, happened=f"Olga ({observer.email}) was there.", own_words="Ok"
    )
    data = personal_data(by=observer)["assessments"]
    assert [(row["issue"], row["outlook"]) for row in data] == [("one", "Ok")]
    other = UserFactory()
    assert personal_data(by=other)["assessments"] == []
    erase_account(email=observer.email, by=observer)
    said = issue.assessments.get()
    assert (said.happened, said.observer, said.observer_name) == (
        "someone (someone) was there.", None, "",
    )  # fmt: skip
    assert not issue.list.observers.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_nothing_that_is_assessed_is_withdrawn_at_the_same_time():
    boss = organizer()
    people = [member() for _ in range(3)]
    for number in range(4):
        made = create_list(
            by=boss, title=f"List {number}", items=[{"title": "one"}],
            observers=[person.email for person in people],
        )  # fmt: skip
        publish_list(priority_list=made, by=boss)
        issue = made.items.get()

        def withdraw(made=made):
            with contextlib.suppress(AssessedError):
                withdraw_list(priority_list=made, by=boss)

        def assess(person, issue=issue):
            with contextlib.suppress(NotPublishedError):
                assess_priority(priority=issue, by=person, happened="Seen.")

        acts = [functools.partial(assess, person) for person in people]
        stampede([acts[0], withdraw, *acts[1:]], width=4)
        made.refresh_from_db()
        assert made.is_published == issue.assessments.exists()
