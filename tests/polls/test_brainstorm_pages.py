"""The brainstorms' pages: who sees what, at which cost, and what a form answers."""

import zoneinfo

import pytest
from django.urls import reverse

from polls.models import Idea, IdeaEvent
from polls.selectors import idea_events
from polls.services.ideas import edit_idea, post_idea, remove_idea
from polls.services.sorting import merge_idea
from polls.views import brainstorms
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def brainstorm():
    return BrainstormFactory(slug="pad", title="What matters")


@pytest.fixture
def as_(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


def _cards(brainstorm, count, by):
    for number in range(count):
        card = post_idea(brainstorm=brainstorm, text=f"card {number}", by=by)
        post_idea(brainstorm=brainstorm, text="note", by=by, parent=card)


class TestReading:
    def test_a_private_one_is_not_there_for_others(self, as_, client):
        BrainstormFactory(slug="hush-hush", is_public=False)
        pages = [
            reverse(f"polls:brainstorm_{name}", args=["hush-hush"])
            for name in ("detail", "wall", "history", "pad")
        ]
        assert [client.get(page).status_code for page in pages] == [404] * 4
        assert [as_(member()).get(page).status_code for page in pages] == [200] * 4
        stranger = member(ChapterFactory(slug="boston"))
        assert [as_(stranger).get(page).status_code for page in pages] == [404] * 4
        assert b"hush-hush" not in client.get("/brainstorms/").content

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_page_asks_the_same_however_many_cards(
        self, as_, brainstorm, count, django_assert_num_queries
    ):
        writer = member()
        _cards(brainstorm, count, writer)
        client = as_(writer)
        with django_assert_num_queries(9):
            client.get("/brainstorms/pad/")

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_list_asks_the_same_however_many(self, client, count, django_assert_num_queries):
        for _ in range(count):
            BrainstormFactory()
        with django_assert_num_queries(2):
            client.get("/brainstorms/")

    @pytest.mark.parametrize("count", [1, 3])
    def test_the_history_asks_the_same_however_much_happened(
        self, as_, brainstorm, count, django_assert_num_queries
    ):
        writer = member()
        _cards(brainstorm, count, writer)
        client = as_(writer)
        with django_assert_num_queries(8):
            client.get("/brainstorms/pad/history/")

    def test_times_are_the_groups(self, as_, brainstorm):
        card = post_idea(brainstorm=brainstorm, text="when", by=member())
        brainstorm.chapter.timezone = "Asia/Kathmandu"
        brainstorm.chapter.save()
        at = IdeaEvent.objects.get().at.astimezone(zoneinfo.ZoneInfo("Asia/Kathmandu"))
        for page in ("history/", f"ideas/{card.pk}/"):
            body = as_(member()).get(f"/brainstorms/pad/{page}").content.decode()
            assert f"{at:%H:%M} +0545" in body

    def test_what_was_taken_away_is_read_by_organizers_alone(self, as_, brainstorm):
        writer = member()
        card = post_idea(brainstorm=brainstorm, text="a slip of the pen", by=writer)
        note = post_idea(brainstorm=brainstorm, text="under the slip", by=writer, parent=card)
        remove_idea(idea=card, by=writer)
        pages = [
            "/brainstorms/pad/",
            "/brainstorms/pad/history/",
            f"/brainstorms/pad/ideas/{card.pk}/",
            f"/brainstorms/pad/ideas/{note.pk}/",
            "/brainstorms/pad/wall/",
            "/brainstorms/pad/pad.md",
        ]
        client = as_(member())
        for page in pages:
            text = client.get(page).content.decode()
            assert "slip" not in text.replace("“", ""), page
        assert b"slip of the pen" in as_(organizer()).get(pages[1]).content

    def test_no_page_names_who_asked_not_to_be_named(self, as_, brainstorm):
        writer = member(name="Quiet Author", email="quiet@example.org")
        card = post_idea(brainstorm=brainstorm, text="unnamed", by=writer, is_anonymous=True)
        edit_idea(idea=card, text="unnamed still", revision=1, by=writer)
        organizer_ = organizer()
        for user in (None, member(), organizer_, UserFactory(is_superuser=True)):
            client = as_(user) if user else as_(member())
            for page in ("", "history/", "wall/", "pad.md", f"ideas/{card.pk}/"):
                text = client.get(f"/brainstorms/pad/{page}").content.decode()
                assert "Quiet" not in text, page
        named = as_(writer).get("/brainstorms/pad/").content.decode()
        assert "data-mine" in named  # they themselves may mend it


class TestForms:
    def test_words_that_are_none_are_refused_and_kept(self, as_, brainstorm):
        answer = as_(member()).post("/brainstorms/pad/ideas/new/", {"text": "x" * 600})
        assert answer.status_code == 422
        assert b"x" * 600 in answer.content
        assert Idea.objects.count() == 0

    def test_who_is_no_member_is_told_so(self, as_, brainstorm):
        stranger = member(ChapterFactory(slug="boston"))
        answer = as_(stranger).post("/brainstorms/pad/ideas/new/", {"text": "hello"})
        assert (answer.status_code, b"Members of Austin" in answer.content) == (403, True)

    def test_strangers_sign_in_first(self, client, brainstorm):
        answer = client.post("/brainstorms/pad/ideas/new/", {"text": "hello"})
        assert (answer.status_code, "/accounts/login/" in answer["Location"]) == (302, True)

    def test_members_do_not_run_it(self, as_, brainstorm):
        client = as_(member())
        for page in ("edit/", "import/"):
            assert client.get(f"/brainstorms/pad/{page}").status_code == 403
        for page in ("close/", "reopen/"):
            assert client.post(f"/brainstorms/pad/{page}").status_code == 403

    def test_a_taken_address_is_said_in_the_form(self, as_, brainstorm):
        client = as_(organizer())
        body = {"title": "Again", "slug": "pad", "chapter": brainstorm.chapter_id}
        answer = client.post("/brainstorms/new/", body)
        assert (answer.status_code, "already" in answer.content.decode()) == (422, True)

    def test_sorting_by_forms(self, as_, brainstorm):
        boss = organizer()
        first, second = (post_idea(brainstorm=brainstorm, text=text, by=boss) for text in "ab")
        client = as_(boss)
        at = f"/brainstorms/pad/ideas/{second.pk}"
        assert client.post(f"{at}/sort/", {"before": first.pk, "group": "G"}).status_code == 302
        assert client.post(f"{at}/sort/", {"before": "999"}).status_code == 422
        assert client.post(f"{at}/merge/", {"into": first.pk}).status_code == 302
        assert "into: a" in client.get("/brainstorms/pad/history/").content.decode()
        assert client.post(f"{at}/split/").status_code == 302
        assert "into: a" not in client.get("/brainstorms/pad/history/").content.decode()
        second.refresh_from_db()
        assert (second.parent, second.group) == (None, "G")
        kinds = list(IdeaEvent.objects.filter(idea=second).values_list("kind", flat=True))
        assert kinds == ["posted", "grouped", "merged", "split"]

    def test_an_undo_that_is_too_late_says_so(self, as_, brainstorm):
        boss = organizer()
        first, second = (post_idea(brainstorm=brainstorm, text=text, by=boss) for text in "ab")
        merge_idea(idea=second, into=first, by=boss)
        client = as_(boss)
        assert client.post("/brainstorms/pad/history/3/undo/").status_code == 302
        back = {"HTTP_REFERER": "http://testserver/brainstorms/pad/history/"}
        answer = client.post("/brainstorms/pad/history/3/undo/", **back, follow=True)
        assert "undone already" in answer.content.decode()


def test_the_whole_history_is_read_page_by_page(client, brainstorm, monkeypatch):
    for module in (idea_events, brainstorms):
        monkeypatch.setattr(module, "HISTORY", 2)
    writer = member()
    for text in ("alpha", "beta", "gamma"):
        post_idea(brainstorm=brainstorm, text=text, by=writer)
    newest = client.get("/brainstorms/pad/history/").content.decode()
    assert ("gamma" in newest, "beta" in newest, "alpha" in newest) == (True, True, False)
    assert 'href="?before=2"' in newest
    oldest = client.get("/brainstorms/pad/history/?before=2").content.decode()
    assert ("gamma" in oldest, "beta" in oldest, "alpha" in oldest) == (False, False, True)
    assert 'href="?before=' not in oldest
    far = client.get(f"/brainstorms/pad/history/?before={10**40}").content.decode()
    assert "gamma" in far
