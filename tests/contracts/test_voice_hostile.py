"""Nonsense sent to brainstorms, polls and priorities: a clear sentence, and nothing written."""

import pytest

from polls.models import Ballot, Brainstorm, Idea, Poll, PriorityList
from polls.services.ideas import post_idea
from polls.services.sorting import merge_idea
from tests.factories.community import bearer, organizer
from tests.factories.polls import BrainstormFactory, PollFactory

pytestmark = pytest.mark.django_db
HUGE = 10**4000
NONSENSE = (None, True, 0, -1, 1.5, HUGE, "", "x", "\u202e", "²", [], {}, [[]], [None], {"a": 1})
TIMES = (
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "2026-03-29T02:30", "2026-11-01",
    "2026-11-01T01:30:00[America/Chicago]", "now", 1793491200, [], {},
)  # fmt: skip
PATHS = {
    "polls/": ("title", "slug", "method", "purpose", "electorate", "options", "quorum",
               "most_ranked", "dots", "is_public", "description", "brainstorm"),
    "brainstorms/": ("title", "slug", "prompt", "chapter", "meetup", "is_public",
                     "allows_anonymous", "drops_authors", "everyone_sorts"),
    "priorities/": ("title", "slug", "chapter", "poll", "summit", "summit_on", "voters", "items",
                    "observers", "published", "method"),
}  # fmt: skip


@pytest.fixture
def post(client):
    headers = bearer(organizer())

    def call(path, body, method="post"):
        send = getattr(client, method)
        return send(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    return call


def is_clear(answer):
    problem = answer.json()
    return 400 <= answer.status_code < 500 and len(problem["detail"]) > 5


@pytest.mark.parametrize("path", PATHS)
def test_fields_of_every_kind(post, client, path):
    for field in PATHS[path]:
        for value in NONSENSE:
            answer = post(path, {"title": "T", "options": ["a", "b"]} | {field: value})
            assert answer.status_code == 201 or is_clear(answer), (field, value)
    assert client.get(f"/api/v1/{path}").status_code == 200


@pytest.mark.parametrize("at", TIMES)
def test_times_of_every_kind(post, client, at):
    for field in ("opens_at", "closes_at"):
        answer = post("polls/", {"title": "T", "options": ["a", "b"], field: at})
        assert answer.status_code == 201 or is_clear(answer), field
    client.force_login(organizer())
    for poll in Poll.objects.all():
        assert client.get(f"/polls/{poll.slug}/").status_code == 200
        assert client.get(f"/polls/{poll.slug}/edit/").status_code == 200
    assert client.get("/polls/").status_code == 200
    poll = PollFactory(options=2)
    answer = post(f"polls/{poll.slug}/extend/", {"closes_at": at, "reason": "r"})
    assert is_clear(answer)
    assert Poll.objects.get(pk=poll.pk).closes_at == poll.closes_at


SAME = [("Bare metal", "bare metal"), ("a b", "a  b"), ("straße", "STRASSE"), ("ﬁx", "fix"),
        ("a\u200bb", "ab"), ("a\u00a0b", "a b")]  # fmt: skip


@pytest.mark.parametrize("pair", SAME)
def test_options_that_only_look_different(post, pair):
    answer = post("polls/", {"title": "T", "options": [*pair, "other"]})
    assert answer.status_code == 422
    assert "twice" in answer.json()["detail"]
    assert not Poll.objects.exists()


@pytest.mark.parametrize("blank", ["", " ", "\u200b", "\u2060\u00ad", "\u3164"])
def test_words_that_cannot_be_seen(post, blank):
    brainstorm = BrainstormFactory()
    bodies = {
        "polls/": {"title": "T", "options": [blank, "a", "b"]},
        "brainstorms/": {"title": blank, "slug": "b"},
        "priorities/": {"title": blank, "slug": "l"},
        f"brainstorms/{brainstorm.slug}/ideas/": {"text": blank},
    }
    for path, body in bodies.items():
        assert post(path, body).status_code == 422, path
    assert not Poll.objects.exists()
    assert not Idea.objects.exists()


def test_ten_thousand_of_everything(post):
    many = [f"option {number}" for number in range(10_000)]
    poll = PollFactory(options=2)
    bodies = {
        "polls/": {"title": "T", "options": many},
        f"polls/{poll.slug}/ballot/": {"ranking": list(range(10_000))},
        "priorities/": {"title": "T", "items": [{"title": one} for one in many]},
    }
    for path, body in bodies.items():
        answer = post(path, body, "put" if path.endswith("ballot/") else "post")
        assert is_clear(answer), path
        assert len(answer.content) < 5000, path
    assert (Poll.objects.count(), PriorityList.objects.count(), Ballot.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize(
    ("method", "key"), [("ranked", "ranking"), ("score", "scores"), ("dots", "dots")]
)
def test_ballots_of_every_kind(post, method, key):
    poll = PollFactory(options=2, method=method)
    a, b = poll.options.values_list("pk", flat=True)
    values = [*NONSENSE, [a, a], [str(a)], [a, HUGE], {str(a): HUGE, str(b): 9 * HUGE},
              {str(a): 1.0}, {str(a): True}, {f"0{a}": 1}, {f" {a}": 1}]  # fmt: skip
    for value in values:
        answer = post(f"polls/{poll.slug}/ballot/", {key: value}, "put")
        assert is_clear(answer), value
    top = int("9" * 4300)
    assert is_clear(post(f"polls/{poll.slug}/ballot/", {key: {str(a): top, str(b): top}}, "put"))
    for value in (*NONSENSE, {}, {"ranking": [a], "scores": {}}):
        assert is_clear(post(f"polls/{poll.slug}/ballot/", value, "put")), value
    assert not Ballot.objects.exists()


def test_cards_of_every_kind(post, client):
    brainstorm = BrainstormFactory()
    by = organizer()
    idea = post_idea(brainstorm=brainstorm, text="one", by=by)
    path = f"brainstorms/{brainstorm.slug}/ideas/"
    for value in NONSENSE:
        for body in ({"text": "t", "parent": value}, {"text": "t", "group": value}):
            answer = post(path, body)
            assert answer.status_code == 201 or is_clear(answer), body
        assert is_clear(post(f"{path}{idea.pk}/", {"text": "two", "revision": value}, "patch"))
        for call in ("move/", "merge/"):
            answer = post(f"{path}{idea.pk}/{call}", {"before": value, "into": value})
            assert answer.status_code == 200 or is_clear(answer), (call, value)
    assert is_clear(post(f"{path}{HUGE}/move/", {}))
    for after in ("9" * 30, "-1", "x", "9" * 5000):
        assert client.get(f"/api/v1/brainstorms/{brainstorm.slug}/events/?after={after}")


def test_notes_under_notes_a_thousand_deep(client):
    """However deep the cards stand, the page can be read."""
    brainstorm, by = BrainstormFactory(), organizer()
    first = post_idea(brainstorm=brainstorm, text="0", by=by)
    ideas = [Idea(brainstorm=brainstorm, text=str(n), position=f"a{n:05}") for n in range(1200)]
    Idea.objects.bulk_create(ideas)
    for above, idea in zip([first, *ideas], ideas, strict=False):
        idea.parent = above
    Idea.objects.bulk_update(ideas, ["parent"])
    page = client.get(f"/brainstorms/{brainstorm.slug}/")
    assert page.status_code == 200
    assert "1199" in page.content.decode()
    assert client.get(f"/brainstorms/{brainstorm.slug}/pad.md").status_code == 200
    into = post_idea(brainstorm=brainstorm, text="into", by=by)
    merge_idea(idea=first, into=into, by=by)
    assert Brainstorm.objects.get().last_seq == 3
