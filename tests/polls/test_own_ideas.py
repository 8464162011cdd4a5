"""What brainstorms hold on a person: to take along, and its end."""

import json

import pytest

from community.services.personal import erase_account, personal_data
from polls.models import Author, Idea, IdeaEvent
from polls.selectors.idea_events import idea_events_after
from polls.services import own_ideas
from polls.services.ideas import edit_idea, post_idea, remove_idea
from tests.factories.community import member, organizer
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db

NAME, EMAIL = "Zacharias Quill", "zq.canary@example.org"


@pytest.fixture
def brainstorm():
    return BrainstormFactory(title="Topics")


@pytest.fixture
def person():
    return member(name=NAME, email=EMAIL)


@pytest.fixture
def cards(brainstorm, person):
    """A named card with a note without a name, one removed, and one of somebody else's."""
    card = post_idea(brainstorm=brainstorm, text=f"Ask {NAME}", by=person, group="Docs")
    note = post_idea(brainstorm=brainstorm, text="quiet", by=person, parent=card, is_anonymous=True)
    gone = post_idea(brainstorm=brainstorm, text="gone", by=person)
    remove_idea(idea=gone, by=person)
    other = post_idea(brainstorm=brainstorm, text=f"mail {EMAIL.upper()}", by=member())
    edit_idea(idea=other, text=f"mail {EMAIL} or {NAME}", revision=1, by=person)
    return card, note, gone, other


def stored():
    """Every text of cards and events, as it stands in the database."""
    texts = Idea.objects.values_list("text", "group")
    return json.dumps([list(texts), list(IdeaEvent.objects.values_list("before", "after"))])


def test_all_of_it_to_take_along(person, cards):
    card, note, gone, _ = cards
    taken = personal_data(by=person)
    assert [
        (row["text"], row["note_under"], row["group"], row["without_a_name"])
        for row in taken["ideas"]
    ] == [
        (card.text, None, "Docs", False), ("quiet", card.text, "", True), ("gone", None, "", False)
    ]  # fmt: skip
    gone.refresh_from_db()
    assert [row["brainstorm"] for row in taken["ideas"]] == [card.brainstorm.slug] * 3
    assert taken["ideas"][1]["written_at"] == note.created_at
    assert taken["ideas"][2]["removed_at"] == gone.removed_at
    assert [(row["kind"], row["text"]) for row in taken["idea_changes"]] == [
        ("posted", card.text), ("posted", "quiet"), ("posted", "gone"), ("removed", None),
        ("edited", f"mail {EMAIL} or {NAME}"),
    ]  # fmt: skip
    assert personal_data(by=member())["ideas"] == []


def test_the_words_stay_and_the_name_goes(brainstorm, person, cards):
    assert NAME in stored()
    erase_account(email=EMAIL, by=person)
    assert list(Idea.objects.order_by("pk").values_list("text", flat=True)) == [
        "Ask someone", "quiet", "gone", "mail someone or someone",
    ]  # fmt: skip
    assert NAME not in stored()
    assert EMAIL not in stored().lower()
    assert Idea.objects.exclude(author=None).get() == cards[3]
    assert not IdeaEvent.objects.filter(by=person).exists()
    assert not Author.objects.filter(user=person).exists()
    events = idea_events_after(brainstorm.pk, 0, 100)
    assert [event["seq"] for event in events] == list(range(1, 7))
    assert events[0]["idea"]["author"] is None


def test_control_without_the_eraser_it_stays(person, cards, monkeypatch):
    from community.services import personal

    erasers = [eraser for eraser in personal._erasers if eraser != own_ideas.erase_ideas_data]
    monkeypatch.setattr(personal, "_erasers", erasers)
    erase_account(email=EMAIL, by=person)
    assert NAME in stored()


def test_who_edits_afterwards_still_merges(person, cards):
    """The words an edit was written over are found with the name replaced in both."""
    erase_account(email=EMAIL, by=person)
    boss = organizer()
    card = cards[0]
    edit_idea(idea=card, text="Ask someone soon", revision=1, by=boss)
    assert edit_idea(idea=card, text="Do ask someone", revision=1, by=member()).text == (
        "Do ask someone soon"
    )
