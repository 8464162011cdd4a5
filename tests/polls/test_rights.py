"""Every page and call of the voice in the wrong hands: 404 unseen, 403 not allowed, 401 unknown."""

import re

import pytest

from community.core.permissions import Level
from community.project.permission_page import addresses
from polls.models import Assessment, Idea, IdeaEvent, Priority
from polls.services.ideas import post_idea
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

# The same code again and again, for everyone: measured elsewhere, twice as fast without.
pytestmark = [pytest.mark.no_cover, pytest.mark.django_db]
KINDS = ("brainstorms", "polls", "priorities")
VERBS = ("get", "post", "put", "patch", "delete")


# Of every form of the voice, and what nobody should write there.
FIELDS = (
    "title", "slug", "chapter", "description", "options", "purpose", "method", "most_ranked",
    "dots", "electorate", "meetup", "emails", "is_public", "opens_at", "closes_at", "quorum",
    "brainstorm", "reason", "text", "revision", "is_anonymous", "group", "before", "into", "note",
    "prompt", "to", "option", "list", "happened", "outlook", "own_words", "links", "observers",
    "addressed_to", "summit", "summit_on", "introduction", "verdict", "scored_by", "version",
    "outlooks-TOTAL_FORMS", "outlooks-INITIAL_FORMS", "outlooks-0-id", "outlooks-0-word",
    "items-TOTAL_FORMS", "items-INITIAL_FORMS", "items-0-id", "items-0-title", "items-0-percent",
    "note-text", "begin", "ranking", "approved", "action",
)  # fmt: skip
JUNK = ("", "9" * 5000, "9" * 19, "²", "\x00", "0001-01-01T00:00", "brainstorm:", "a\nA")


class Things:
    """What Austin has; unless it is public nobody outside may see it."""

    def __init__(self, *, is_public):
        self.boss = organizer()
        self.member = member()
        brainstorm = BrainstormFactory(is_public=is_public)
        card = post_idea(brainstorm=brainstorm, text="A card", by=self.boss)
        poll = PollFactory(options=2, is_public=is_public)
        issues = PriorityListFactory(**({} if is_public else {"published_at": None}))
        issue = Priority.objects.create(list=issues, position=1, rank=1, title="I")
        self.slugs = {"brainstorms": brainstorm.slug, "polls": poll.slug, "priorities": issues.slug}
        self.numbers = {"brainstorms": card.pk, "priorities": issue.pk, "polls": 0}

    def filled(self):
        """Each address below one of the things, and what answers there."""
        for pattern, callback in addresses():
            kind = pattern.removeprefix("api/v1/").partition("/")[0]
            if kind not in KINDS or "<slug:slug>" not in pattern:
                continue
            values = {"slug": self.slugs[kind], "int": self.numbers[kind]}
            if "<int:seq>" in pattern:
                values["int"] = 1
            path = re.sub(r"<(\w+):\w+>", lambda found, v=values: str(v[found[1]]), pattern)
            yield f"/{path}", getattr(callback, "view_class", None) or callback.cls


def send(client, verb, path, user=None):
    """The answer's status; on a page as a browser would, with a session."""
    client.logout()
    if path.startswith("/api/"):
        headers = bearer(user) if user else {}
        return getattr(client, verb)(path, headers=headers, content_type="application/json")
    if user:
        client.force_login(user)
    return getattr(client, verb)(path)


def answers(client, things, user):
    """Every address and verb with its status."""
    return {
        (path, verb): send(client, verb, path, user).status_code
        for path, view in things.filled()
        for verb in VERBS
        if hasattr(view, verb)
    }


def snapshot():
    return [list(rows.objects.order_by("pk").values()) for rows in (Idea, IdeaEvent, Assessment)]


def test_what_is_not_seen_is_not_there(client):
    """Whoever organizes another group reaches nothing; redirects to nowhere tell nothing."""
    things, before = Things(is_public=False), snapshot()
    found = answers(client, things, organizer(ChapterFactory(slug="dallas")))
    bare = {
        key for key, status in found.items()
        if status != 404 and not (status == 302 and key[1] == "get")
    }  # fmt: skip
    assert bare == set()
    assert len(found) > 80
    assert snapshot() == before


def right_for(view, verb):
    """The row of the table that the address names for this verb."""
    return getattr(view, "access", None) or getattr(view, "read" if verb == "get" else "write")


def test_what_is_seen_and_not_ones_own_is_forbidden(client):
    things = Things(is_public=True)
    before, views = snapshot(), dict(things.filled())
    for user in (organizer(ChapterFactory(slug="dallas")), things.member):
        for (path, verb), status in answers(client, things, user).items():
            if right_for(views[path], verb).least < Level.ORGANIZER:
                continue
            if path.endswith("/carry/") and user != things.member:
                continue  # one carries to a place of one's own, from any published list
            is_way_back = status == 302 and verb == "get"
            assert status == 403 or is_way_back, (path, verb, status)
    assert snapshot() == before


def test_who_is_not_known_signs_in_first(client):
    things = Things(is_public=True)
    views = dict(things.filled())
    for (path, verb), status in answers(client, things, None).items():
        if right_for(views[path], verb).least > Level.ANONYMOUS:
            assert status == (401 if path.startswith("/api/") else 302), (path, verb)


def test_junk_in_every_form_is_answered(client):
    """By who may: nothing breaks, whatever stands in the fields."""
    things = Things(is_public=True)
    client.force_login(things.boss)
    more = ["/brainstorms/new/", "/polls/new/", "/priorities/new/", "/priorities/outlooks/"]
    paths = [path for path, view in things.filled() if hasattr(view, "post")]
    for path in [*more, *(path for path in paths if not path.startswith("/api/"))]:
        for junk in JUNK:
            answer = client.post(path, dict.fromkeys(FIELDS, junk))
            assert answer.status_code < 500, (path, junk[:20])
            if answer.status_code == 302:  # something was done; it must be readable
                assert client.get(answer["Location"]).status_code < 500, (path, junk[:20])
