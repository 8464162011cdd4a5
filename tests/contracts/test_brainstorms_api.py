"""Brainstorms and their cards for programs: every call, and every refusal."""

from functools import partial

import pytest

from meetups.models import Rsvp
from polls.models import Brainstorm, Idea
from polls.services import ideas as service
from polls.services.brainstorms import close_brainstorm
from polls.services.ideas import post_idea
from tests.contracts.calls import call, problem
from tests.factories.community import ChapterFactory, UserFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chapter():
    return ChapterFactory()


@pytest.fixture
def brainstorm():
    return BrainstormFactory(slug="topics", title="Topics")


@pytest.fixture
def max_():
    return member(name="Max Member")


@pytest.fixture
def boss():
    return organizer()


@pytest.fixture
def card(brainstorm, max_):
    return post_idea(brainstorm=brainstorm, text="split nova volume", by=max_)


@pytest.fixture
def ask(client):
    return partial(call, client)


class TestBrainstorms:
    def test_begun_read_changed_closed_opened(self, ask, boss, chapter):
        MeetupFactory(slug="may", chapter=chapter)
        body = {"title": "What for Folsom?", "meetup": "may", "everyone_sorts": True}
        made = ask("post", "brainstorms/", body, boss)
        assert made.status_code == 201
        created_at = Brainstorm.objects.get().created_at.isoformat()
        assert made.json() == {
            "slug": "what-for-folsom", "title": "What for Folsom?", "prompt": "",
            "chapter": "austin", "meetup": "may", "is_public": True, "allows_anonymous": True,
            "drops_authors": True, "everyone_sorts": True, "is_open": True,
            "created_at": created_at.replace("+00:00", "Z"), "closed_at": None, "last_seq": 0,
        }  # fmt: skip
        one = "brainstorms/what-for-folsom/"
        assert ask("get", one).json() == made.json()
        changed = ask("patch", one, {"prompt": "Rank them later.", "meetup": None}, boss).json()
        assert changed == made.json() | {"prompt": "Rank them later.", "meetup": None}
        closed = ask("post", f"{one}close/", {}, boss).json()
        assert (closed["is_open"], closed["closed_at"] is None) == (False, False)
        problem(ask("post", f"{one}close/", {}, boss), 409, "brainstorm_closed")
        assert ask("post", f"{one}reopen/", {}, boss).json()["is_open"] is True
        problem(ask("post", f"{one}reopen/", {}, boss), 409, "wrong_state")

    def test_a_pad_is_imported(self, ask, brainstorm, boss):
        made = ask("post", "brainstorms/topics/import/", {"text": "# a\n- b\n# c"}, boss)
        assert (made.status_code, made.json()) == (201, {"imported": 3})
        listed = ask("get", "brainstorms/topics/ideas/").json()["results"]
        assert [(row["text"], row["author"]) for row in listed] == [
            ("a", None), ("b", None), ("c", None),
        ]  # fmt: skip
        problem(ask("post", "brainstorms/topics/import/", {"text": "  "}, boss), 422, "invalid")
        problem(ask("post", "brainstorms/topics/import/", {}, boss), 422, "invalid")
        close_brainstorm(brainstorm=brainstorm, by=boss)
        late = ask("post", "brainstorms/topics/import/", {"text": "# a"}, boss)
        problem(late, 409, "brainstorm_closed")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({}, "title"),
            ({"title": ""}, "title"),
            ({"title": "x", "slug": "a b"}, "slug"),
            ({"title": "x", "slug": "new"}, "slug"),
            ({"title": "x", "slug": "topics"}, "slug"),
            ({"title": "x", "meetup": "no-such"}, "meetup"),
            ({"title": "x", "chapter": "no-such"}, "chapter"),
            ({"title": "x", "is_public": "perhaps"}, "is_public"),
        ],
    )
    def test_what_makes_no_sense(self, ask, brainstorm, boss, body, field):
        refused = problem(ask("post", "brainstorms/", body, boss), 422, "invalid")
        assert list(refused["errors"]) == [field]
        assert Brainstorm.objects.count() == 1

    def test_the_same_key_makes_one(self, ask, boss):
        key = {"Idempotency-Key": "one"}
        first = ask("post", "brainstorms/", {"title": "x"}, boss, **key)
        again = ask("post", "brainstorms/", {"title": "x"}, boss, **key)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert ask("post", "brainstorms/", {"title": "y"}, boss, **key).status_code == 422
        assert Brainstorm.objects.count() == 1

    def test_who_may_run_them(self, ask, brainstorm, max_):
        foreign = organizer(ChapterFactory(slug="boston"))
        one = "brainstorms/topics/"
        calls = [
            ("patch", one, {"title": "x"}), ("post", f"{one}close/", {}),
            ("post", f"{one}reopen/", {}), ("post", f"{one}import/", {"text": "# a"}),
            ("post", "brainstorms/", {"title": "x", "chapter": "austin"}),
        ]  # fmt: skip
        for verb, path, body in calls:
            assert ask(verb, path, body).status_code == 401, path
            problem(ask(verb, path, body, max_), 403, "permission_denied")
            problem(ask(verb, path, body, foreign), 403, "forbidden")
        Brainstorm.objects.update(is_public=False)
        for verb, path, body in calls[:-1]:
            problem(ask(verb, path, body, foreign), 404, "not_found")

    @pytest.mark.parametrize("rows", [1, 3])
    def test_the_lists_cost_the_same_for_three_as_for_one(
        self, ask, rows, django_assert_num_queries
    ):
        for _ in range(rows):
            brainstorm = BrainstormFactory(meetup=MeetupFactory())
        for _ in range(rows):
            card = post_idea(brainstorm=brainstorm, text="x", by=member())
            post_idea(brainstorm=brainstorm, text="note", by=member(), parent=card)
        with django_assert_num_queries(2):
            listed = ask("get", "brainstorms/").json()
        assert (listed["count"], listed["next"], listed["previous"]) == (rows, None, None)
        assert [row["meetup"] is None for row in listed["results"]] == [False] * rows
        with django_assert_num_queries(5):
            listed = ask("get", f"brainstorms/{brainstorm.slug}/ideas/").json()
        assert (listed["count"], len(listed["results"])) == (2 * rows, 2 * rows)
        with django_assert_num_queries(4):
            told = ask("get", f"brainstorms/{brainstorm.slug}/events/").json()
        assert len(told["events"]) == 2 * rows


class TestCards:
    PATH = "brainstorms/topics/ideas/"

    def test_posted_with_a_note_and_read(self, ask, brainstorm, max_):
        made = ask("post", self.PATH, {"text": " API  vs. Code ", "group": "APIs"}, max_)
        idea = Idea.objects.get()
        expected = {
            "id": idea.pk, "parent": None, "text": "API vs. Code", "link": "",
            "author": {"name": "Max Member", "initials": "MM", "hue": 1}, "group": "APIs",
            "position": idea.position, "revision": 1, "is_removed": False,
            "at": idea.created_at.isoformat().replace("+00:00", "Z"),
        }  # fmt: skip
        assert (made.status_code, made.json()) == (201, expected)
        note = ask("post", self.PATH, {"text": "logo", "parent": idea.pk}, max_).json()
        assert note["parent"] == idea.pk
        assert ask("get", f"{self.PATH}{idea.pk}/").json() == expected
        listed = ask("get", self.PATH).json()
        assert listed["results"] == [expected, note]
        told = ask("get", "brainstorms/topics/events/?after=1&limit=5").json()
        assert told == {
            "events": [{"seq": 2, "kind": "posted", "idea": note}], "last_seq": 2,
        }  # fmt: skip
        assert ask("get", "brainstorms/topics/events/?limit=1").json()["events"][0]["seq"] == 1

    def test_the_same_key_posts_one(self, ask, brainstorm, max_):
        key = {"Idempotency-Key": "one"}
        answers = [ask("post", self.PATH, {"text": "x"}, max_, **key) for _ in range(2)]
        assert answers[0].json() == answers[1].json()
        problem(ask("post", self.PATH, {"text": "y"}, max_, **key), 422, "idempotency_key_reused")
        assert Idea.objects.count() == 1
        ask("post", self.PATH, {"text": "x"}, member(), **key)  # another's key of that name
        assert Idea.objects.count() == 2

    def test_edited_merged_and_refused(self, ask, card, max_):
        one = f"{self.PATH}{card.pk}/"
        first = ask("patch", one, {"text": "split cinder volume", "revision": 1}, max_)
        assert (first.status_code, first.json()["revision"]) == (200, 2)
        other = {"text": "split nova volume soon", "revision": 1}
        assert ask("patch", one, other, member()).json()["text"] == "split cinder volume soon"
        same = {"text": "split swift volume", "revision": 1}
        refused = problem(ask("patch", one, same, member()), 409, "changed_meanwhile")
        assert refused["yours"] == "split swift volume"
        assert refused["idea"] == ask("get", one).json()
        again = {"text": "split cinder and swift", "revision": refused["idea"]["revision"]}
        assert ask("patch", one, again, member()).json()["revision"] == 4

    def test_taken_away_and_brought_back(self, ask, card, max_):
        one = f"{self.PATH}{card.pk}/"
        gone = ask("delete", one, user=max_)
        assert (gone.status_code, gone.content) == (204, b"")
        body = ask("get", one).json()
        assert (body["is_removed"], body["text"], body["author"]) == (True, "", None)
        assert ask("get", self.PATH).json()["count"] == 0
        refused = ask("patch", one, {"text": "mine", "revision": 1}, member())
        assert problem(refused, 409, "removed")["yours"] == "mine"
        problem(ask("delete", one, user=max_), 409, "removed")
        note = {"text": "x", "parent": card.pk}
        problem(ask("post", self.PATH, note, max_), 409, "removed")
        undo = "brainstorms/topics/events/2/undo/"
        back = ask("post", undo, {}, max_)
        assert (back.status_code, back.json()["text"]) == (200, "split nova volume")
        problem(ask("post", undo, {}, max_), 409, "already_undone")

    def test_moved_grouped_merged_and_split(self, ask, brainstorm, card, boss):
        other = post_idea(brainstorm=brainstorm, text="b", by=boss)
        moved = ask("post", f"{self.PATH}{other.pk}/move/", {"before": card.pk}, boss).json()
        assert moved["position"] < card.position
        grouped = ask("post", f"{self.PATH}{other.pk}/move/", {"group": "G"}, boss).json()
        assert (grouped["group"], grouped["position"] > card.position) == ("G", True)
        merged = ask("post", f"{self.PATH}{other.pk}/merge/", {"into": card.pk}, boss).json()
        assert merged["parent"] == card.pk
        back = ask("post", f"{self.PATH}{card.pk}/merge/", {"into": other.pk}, boss)
        problem(back, 409, "not_a_card")
        stale = ask("post", f"{self.PATH}{card.pk}/move/", {"before": other.pk}, boss)
        problem(stale, 409, "moved")
        assert ask("post", f"{self.PATH}{other.pk}/split/", {}, boss).json()["parent"] is None
        problem(ask("post", f"{self.PATH}{other.pk}/split/", {}, boss), 409, "not_a_note")

    @pytest.mark.parametrize(
        ("verb", "path", "body", "field"),
        [
            ("post", "", {}, "text"),
            ("post", "", {"text": " "}, "text"),
            ("post", "", {"text": "x" * 501}, "text"),
            ("post", "", {"text": "x", "parent": 0}, "parent"),
            ("post", "", {"text": "x", "parent": "theirs"}, "parent"),
            ("post", "", {"text": "x", "group": "g" * 81}, "group"),
            ("patch", "{pk}/", {"text": "x"}, "revision"),
            ("patch", "{pk}/", {"revision": 1}, "text"),
            ("patch", "{pk}/", {"text": "x", "revision": 0}, "revision"),
            ("patch", "{pk}/", {"text": "x", "revision": 9}, "revision"),
            ("post", "{pk}/move/", {"before": "theirs"}, "before"),
            ("post", "{pk}/move/", {"group": "g" * 81}, "group"),
            ("post", "{pk}/merge/", {}, "into"),
            ("post", "{pk}/merge/", {"into": "theirs"}, "into"),
        ],
    )
    def test_what_makes_no_sense(self, ask, card, boss, verb, path, body, field):
        theirs = post_idea(brainstorm=BrainstormFactory(), text="x", by=boss).pk
        body = {name: theirs if value == "theirs" else value for name, value in body.items()}
        refused = problem(
            ask(verb, self.PATH + path.format(pk=card.pk), body, boss), 422, "invalid"
        )
        assert list(refused["errors"]) == [field]

    @pytest.mark.parametrize("text", ["\\ud800", "\\u0000", "a\\u0000b"])
    def test_characters_that_cannot_be_stored(self, client, card, boss, text):
        for verb, path in (("post", self.PATH), ("patch", f"{self.PATH}{card.pk}/")):
            answer = getattr(client, verb)(
                f"/api/v1/{path}",
                f'{{"text": "{text}", "revision": 1}}',
                content_type="application/json",
                headers=bearer(boss),
            )
            assert answer.status_code in (400, 422), answer.content
        assert Idea.objects.get().text == "split nova volume"

    def test_names_may_be_asked_for(self, ask, card, max_):
        Brainstorm.objects.update(allows_anonymous=False)
        body = {"text": "x", "is_anonymous": True}
        refused = problem(ask("post", self.PATH, body, max_), 422, "invalid")
        assert list(refused["errors"]) == ["is_anonymous"]
        problem(
            ask("patch", f"{self.PATH}{card.pk}/", body | {"revision": 1}, max_), 422, "invalid"
        )

    def test_full_and_too_fast(self, ask, card, max_, monkeypatch):
        monkeypatch.setattr(service, "MOST_IDEAS", 1)
        problem(ask("post", self.PATH, {"text": "x"}, max_), 409, "full")
        monkeypatch.setattr(service, "MOST_A_MINUTE", 2)
        refused = ask("post", self.PATH, {"text": "x"}, max_)
        problem(refused, 429, "too_many_requests")
        assert refused["Retry-After"] == "60"

    def test_closed(self, ask, brainstorm, card, max_, boss):
        close_brainstorm(brainstorm=brainstorm, by=boss)
        for verb, path, body in self._calls(card):
            problem(ask(verb, path, body, boss), 409, "brainstorm_closed")
        assert ask("get", f"{self.PATH}{card.pk}/").json()["text"] == "split nova volume"

    def _calls(self, card):
        one = f"{self.PATH}{card.pk}/"
        return [
            ("post", self.PATH, {"text": "x"}),
            ("patch", one, {"text": "x", "revision": 1}),
            ("delete", one, None),
            ("post", f"{one}move/", {}),
            ("post", f"{one}merge/", {"into": card.pk}),
            ("post", f"{one}split/", {}),
            ("post", "brainstorms/topics/events/1/undo/", {}),
        ]

    def test_who_may_write(self, ask, card):
        outsiders = [UserFactory(), organizer(ChapterFactory(slug="boston"))]
        for verb, path, body in self._calls(card):
            problem(ask(verb, path, body), 401, "not_authenticated")
            for user in outsiders:
                problem(ask(verb, path, body, user), 403, "forbidden")
        Brainstorm.objects.update(is_public=False)
        for verb, path, body in self._calls(card):
            problem(ask(verb, path, body, outsiders[0]), 404, "not_found")
        reads = ("", "ideas/", f"ideas/{card.pk}/", "events/")
        for user in (None, *outsiders):
            for path in reads:
                problem(ask("get", f"brainstorms/topics/{path}", user=user), 404, "not_found")
            assert ask("get", "brainstorms/", user=user).json()["count"] == 0

    def test_others_words_are_theirs_and_sorting_the_organizers(self, ask, card):
        other = member()
        for verb, path, body in self._calls(card):
            if verb == "delete" or path.endswith(("move/", "merge/", "split/", "undo/")):
                problem(ask(verb, path, body, other), 403, "forbidden")
        one = f"{self.PATH}{card.pk}/"
        assert ask("patch", one, {"text": "x", "revision": 1}, other).status_code == 200

    def test_who_goes_to_its_meetup_writes(self, ask, brainstorm):
        guest = member(ChapterFactory(slug="boston"))
        meetup = MeetupFactory(chapter=brainstorm.chapter)
        Brainstorm.objects.update(meetup=meetup, is_public=False)
        problem(ask("post", self.PATH, {"text": "x"}, guest), 404, "not_found")
        Rsvp.objects.create(meetup=meetup, user=guest, status="going")
        assert ask("post", self.PATH, {"text": "x"}, guest).status_code == 201

    def test_not_there(self, ask, card, max_):
        theirs = post_idea(brainstorm=BrainstormFactory(), text="x", by=max_).pk
        for path in (f"ideas/{theirs}/", "ideas/0/"):
            problem(ask("get", f"brainstorms/topics/{path}"), 404, "not_found")
        for path in ("ideas/0/move/", f"ideas/{theirs}/split/", "events/99/undo/"):
            problem(ask("post", f"brainstorms/topics/{path}", {}, max_), 404, "not_found")
