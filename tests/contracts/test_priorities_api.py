"""Priorities, assessments and outlooks for programs."""

import pytest

from community.models import AuditEntry
from meetups.services.season import load_season
from polls.models import Assessment, Outlook, PriorityList
from tests.contracts.test_group_api import send
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.polls import BrainstormFactory, PollFactory
from tests.meetups.season_files import DOCUMENTS, FILES, SEASON
from tests.polls.test_priorities import closed_poll

pytestmark = pytest.mark.django_db
ITEMS = [{"title": "one", "percent": 68}, {"title": "two", "percent": "68.0"}, {"title": "three"}]


@pytest.fixture
def boss():
    return organizer(name="Boss")


def make(client, boss, **body):
    body = {"title": "By hand", "slug": "by-hand", "items": ITEMS} | body
    return send(client, "post", "priorities/", body, boss)


def code(answer):
    return answer.status_code, answer.json()["code"]


def test_a_list_by_hand_from_the_draft_to_the_scorecard(client, boss):
    observer = member(name="Olga")
    made = make(client, boss, observers=[observer.email], addressed_to="the summit")
    assert made.status_code == 201
    body = made.json()
    assert (body["published"], body["published_at"], body["method"], body["voters"]) == (
        False, None, None, None,
    )  # fmt: skip
    assert [(i["rank"], i["is_shared"], i["percent"], i["margin"]) for i in body["items"]] == [
        (1, True, 68.0, None), (1, True, 68.0, None), (3, False, None, None),
    ]  # fmt: skip
    assert client.get("/api/v1/priorities/").json()["count"] == 0
    assert client.get("/api/v1/priorities/by-hand/").status_code == 404
    assert client.get("/api/v1/priorities/", headers=bearer(boss)).json()["count"] == 1

    published = send(client, "post", "priorities/by-hand/publish/", {}, boss)
    assert (published.status_code, published.json()["published"]) == (200, True)
    assert code(send(client, "post", "priorities/by-hand/publish/", {}, boss)) == (409, "published")
    assert set(client.get("/api/v1/priorities/").json()) == {"count", "next", "previous", "results"}

    item = f"priorities/by-hand/items/{body['items'][0]['id']}/"
    url = f"{item}assessment/"
    said = {
        "happened": "Two sessions.", "own_words": "Good",
        "links": [{"url": "https://example.org/", "title": "A session"}, {"url": "/meetups/"}],
    }  # fmt: skip
    assert client.put(f"/api/v1/{url}", said).status_code == 401
    assert code(send(client, "put", url, said, member())) == (403, "forbidden")
    answer = send(client, "put", url, said, observer)
    assert answer.status_code == 200
    assert answer.json() | {"changed_at": ""} == {
        "observer": "Olga", "happened": "Two sessions.", "outlook": None, "own_words": "Good",
        "changed_at": "",
        "links": [
            {"title": "A session", "url": "https://example.org/"},
            {"title": "/meetups/", "url": "/meetups/"},
        ],
    }  # fmt: skip
    send(client, "put", url, {"own_words": "Better"}, observer)
    shown = client.get(f"/api/v1/{item}").json()["assessments"]
    assert [(one["happened"], one["own_words"]) for one in shown] == [("", "Better")]
    assert code(send(client, "post", "priorities/by-hand/withdraw/", {}, boss)) == (409, "assessed")
    assert send(client, "delete", url, {}, observer).status_code == 204
    assert send(client, "delete", url, {}, observer).status_code == 404
    assert send(client, "post", "priorities/by-hand/withdraw/", {}, boss).status_code == 200
    assert code(send(client, "put", url, said, boss)) == (409, "not_published")
    assert send(client, "put", url, said, observer).status_code == 404  # a draft again


def test_a_list_from_a_poll_and_the_polls_that_give_none(client, boss):
    made = make(client, boss, items=[], poll=closed_poll().slug, slug="polled", published=True)
    assert made.status_code == 201
    assert [(i["title"], i["rank"], i["margin"]) for i in made.json()["items"]] == [
        ("Option 2", 1, 4.5), ("Option 3", 1, 4.5), ("Option 1", 3, 4.5),
    ]  # fmt: skip
    for poll, wanted in (
        (PollFactory(options=2), (403, "results_hidden")),
        (closed_poll(quorum=99), (409, "quorum_not_reached")),
        (closed_poll(chapter=ChapterFactory(slug="boston")), (403, "forbidden")),
        (closed_poll(chapter=ChapterFactory(slug="boston"), is_public=False), (422, "invalid")),
    ):
        assert code(make(client, boss, items=[], poll=poll.slug, slug="x")) == wanted
    assert code(make(client, boss, poll=closed_poll().slug, slug="x")) == (422, "invalid")
    assert PriorityList.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {"title": ""}, {"slug": "new"}, {"items": "x"}, {"items": [{"title": ""}]}, {"voters": -1},
        {"items": [{"title": "a", "percent": 101}]}, {"observers": ["who@example.org"]},
        {"summit": "none"}, {"summit_on": "soon"}, {"items": [{"id": 1, "title": "a"}]},
    ],
)  # fmt: skip
def test_bodies_that_make_no_sense(client, boss, body):
    assert make(client, boss, **body).status_code == 422
    assert not PriorityList.objects.exists()


def test_changes_and_what_is_fixed_once_published(client, boss):
    items = make(client, boss).json()["items"]
    changed = send(
        client, "patch", "priorities/by-hand/",
        {"title": "Better", "voters": 30, "items": [items[2], {"title": "new", "percent": 9.5}]},
        boss,
    )  # fmt: skip
    body = changed.json()
    assert (changed.status_code, body["title"], body["voters"]) == (200, "Better", 30)
    assert [item["title"] for item in body["items"]] == ["three", "new"]
    item = f"priorities/by-hand/items/{body['items'][1]['id']}/"
    assert send(client, "patch", item, {"percent": 12}, boss).json()["percent"] == 12.0
    send(client, "post", "priorities/by-hand/publish/", {}, boss)
    assert code(send(client, "patch", item, {"percent": 13}, boss)) == (409, "published")
    assert send(client, "patch", item, {"title": "newer"}, boss).json()["title"] == "newer"
    assert AuditEntry.objects.latest("pk").detail["mended"] == [["new", "newer"]]
    other = organizer(ChapterFactory(slug="boston"))
    for url in ("priorities/by-hand/", item):
        assert send(client, "patch", url, {"title": "x"}, other).status_code == 403
        assert send(client, "patch", url, {"title": "x"}, member()).status_code == 403


def test_carrying_over_once_to_each_place(client, boss):
    number = make(client, boss, published=True).json()["items"][0]["id"]
    make(client, boss, slug="draft", items=[])
    storm = BrainstormFactory()
    url = f"priorities/by-hand/items/{number}/carry/"
    carried = send(client, "post", url, {"list": "draft"}, boss)
    item = PriorityList.objects.get(slug="draft").items.get()
    assert (carried.status_code, carried.json()) == (
        201, {"list": "draft", "item": item.pk, "brainstorm": None, "idea": None},
    )  # fmt: skip
    assert item.carried_from_id == number
    again = send(client, "post", url, {"list": "draft"}, boss)
    assert code(again) == (409, "already_carried")
    card = send(client, "post", url, {"brainstorm": storm.slug}, boss)
    assert card.json()["idea"] == storm.ideas.get().pk
    again = send(client, "post", url, {"brainstorm": storm.slug}, boss)
    assert code(again) == (409, "already_carried")
    assert code(send(client, "post", url, {"list": "by-hand"}, boss)) == (422, "invalid")
    assert code(send(client, "post", url, {}, boss)) == (422, "invalid")
    assert send(client, "post", url, {"list": "none"}, boss).status_code == 404
    assert send(client, "post", url, {"list": "draft"}, member()).status_code == 403


def test_the_words_of_a_group(client, boss):
    made = send(client, "post", "outlooks/", {"word": "Strong", "tone": "good"}, boss)
    assert made.status_code == 201
    body = made.json()
    assert body | {"id": 0} == {
        "id": 0, "chapter": "austin", "word": "Strong", "tone": "good", "position": 0,
        "is_offered": True,
    }  # fmt: skip
    assert send(client, "post", "outlooks/", {"word": "strong"}, boss).status_code == 422
    assert send(client, "post", "outlooks/", {"word": "Weak"}, member()).status_code == 403
    assert client.get("/api/v1/outlooks/?chapter=austin").json()["results"] == [body]
    assert client.get("/api/v1/outlooks/?chapter=boston").json()["count"] == 0
    number = make(client, boss, published=True).json()["items"][0]["id"]
    url = f"priorities/by-hand/items/{number}/assessment/"
    assert send(client, "put", url, {"outlook": "Unheard"}, boss).status_code == 422
    assert send(client, "put", url, {"outlook": "Strong"}, boss).json()["outlook"] == "Strong"
    one = f"outlooks/{body['id']}/"
    assert code(send(client, "patch", one, {"word": "Weak"}, boss)) == (409, "outlook_used")
    retired = send(client, "patch", one, {"is_offered": False}, boss)
    assert retired.json()["is_offered"] is False
    assert Outlook.objects.count() == 1
    assert Assessment.objects.get().outlook_word == "Strong"
    other = organizer(ChapterFactory(slug="boston"))
    assert send(client, "patch", one, {"tone": "bad"}, other).status_code == 403


def test_the_list_of_2012_on_record(client):
    season = load_season(FILES)
    boss = organizer(season.chapter)
    body = client.get("/api/v1/priorities/priorities-2012/").json()
    assert (body["method"], body["voters"], body["published_at"]) == (None, None, None)
    assert body["is_recorded"] is True
    assert [(i["title"], i["percent"]) for i in body["items"]] == [
        (item["title"], item["percent"]) for item in DOCUMENTS[SEASON]["priorities"]["items"]
    ]
    refused = send(client, "patch", "priorities/priorities-2012/", {"title": "x"}, boss)
    assert code(refused) == (409, "recorded")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_as_often_for_three_as_for_one(client, boss, rows, django_assert_num_queries):
    for number in range(rows):
        items = [{"title": f"issue {place}"} for place in range(rows)]
        make(client, boss, slug=f"list-{number}", items=items, published=True)
    with django_assert_num_queries(2):
        assert client.get("/api/v1/priorities/").json()["count"] == rows
    with django_assert_num_queries(3):
        assert len(client.get("/api/v1/priorities/list-0/").json()["items"]) == rows
    for word in range(rows):
        Outlook.objects.create(chapter=boss.memberships.get().chapter, word=f"word {word}")
    with django_assert_num_queries(2):
        assert client.get("/api/v1/outlooks/").json()["count"] == rows
