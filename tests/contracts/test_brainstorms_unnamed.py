"""Who wrote a card without a name is in no answer, whoever asks."""

import json
from functools import partial

import pytest

from polls.models import Idea, IdeaEvent
from polls.services.brainstorms import close_brainstorm
from polls.services.ideas import post_idea, remove_idea
from tests.contracts.calls import call
from tests.factories.community import UserFactory, member, organizer
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db

PATH = "brainstorms/topics/ideas/"
NAME, EMAIL = "Zacharias Quill", "zq.canary@example.org"


@pytest.fixture
def brainstorm():
    return BrainstormFactory(slug="topics")


@pytest.fixture
def boss():
    return organizer()


@pytest.fixture
def ask(client):
    return partial(call, client)


@pytest.fixture
def quill():
    # An id that no card has, so that it can be looked for.
    return member(name=NAME, email=EMAIL, pk=987_654_321)


def _answers(ask, card, user):
    """Every answer that `user` gets around the card."""
    path = "brainstorms/topics/"
    one = f"{path}ideas/{card.pk}/"
    reads = ("brainstorms/", path, f"{path}ideas/", one, f"{path}events/")
    yield from (ask("get", read, user=user) for read in reads)
    revision = Idea.objects.get(pk=card.pk).revision
    yield ask("patch", one, {"text": "a collision", "revision": 1}, user)
    yield ask("patch", one, {"text": f"quiet {revision}", "revision": revision}, user)
    for act, body in (("move", {}), ("merge", {"into": card.pk}), ("split", {})):
        yield ask("post", f"{one}{act}/", body, user)
    yield ask("delete", one, user=user)
    last = IdeaEvent.objects.latest("seq").seq
    yield ask("post", f"{path}events/{last}/undo/", {}, user)
    yield ask("post", f"{path}ideas/", {"text": "note", "parent": card.pk}, user)


def test_nobody_learns_it(ask, brainstorm, quill, boss):
    body = {"text": "quiet", "is_anonymous": True}
    made = ask("post", PATH, body, quill)
    assert made.json()["author"] is None
    card = Idea.objects.get()
    root = UserFactory(is_superuser=True, is_staff=True)
    seen = [made]
    for user in (None, UserFactory(), member(), boss, root):
        seen += _answers(ask, card, user)
    one = f"{PATH}{card.pk}/"
    card.refresh_from_db()
    seen.append(ask("patch", one, {"text": "mine", "revision": card.revision}, quill))
    seen.append(ask("delete", one, user=quill))
    close_brainstorm(brainstorm=brainstorm, by=boss)
    seen += _answers(ask, card, boss)
    text = "\n".join(answer.content.decode() for answer in seen)
    assert len(seen) > 60
    for needle in (NAME, "Quill", "ZQ", EMAIL, str(quill.uuid)):
        assert needle not in text
    numbers = [_numbers(json.loads(answer.content or b"null")) for answer in seen]
    assert quill.pk not in set().union(*numbers)


def _numbers(value):
    """Every number of a document."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return {number for one in inside for number in _numbers(one)}
    return {value}


def test_control_a_named_card_does_tell(ask, brainstorm, quill, boss):
    post_idea(brainstorm=brainstorm, text="loud", by=quill)
    assert NAME in ask("get", PATH).content.decode()


def test_a_removed_card_tells_neither_words_nor_name(ask, brainstorm, quill, boss):
    card = post_idea(brainstorm=brainstorm, text="unkind", by=quill)
    remove_idea(idea=card, by=boss)
    for path in ("ideas/", f"ideas/{card.pk}/", "events/"):
        answer = ask("get", f"brainstorms/topics/{path}", user=boss).content.decode()
        assert "unkind" not in answer
        assert NAME not in answer
