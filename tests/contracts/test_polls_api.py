"""Polls for programs, from the POST to the result, with every refusal of the contract."""

import datetime as dt

import pytest

from community.core import clock
from community.models import User
from polls.models import Ballot, Poll
from polls.services.ideas import post_idea
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory

pytestmark = pytest.mark.django_db


def send(client, verb, url, body=None, user=None, **headers):
    answer = getattr(client, verb)(
        f"/api/v1/polls/{url}",
        body,
        content_type="application/json",
        headers=(bearer(user) if user else {}) | headers,
    )
    return answer.status_code, answer.json() if answer.content else None


def at(**span):
    return (clock.now() + dt.timedelta(**span)).isoformat()


def body(**changes):
    whole = {
        "title": "What matters", "slug": "matters", "method": "ranked", "opens_at": at(seconds=-5),
        "closes_at": at(days=2), "options": ["A", {"title": "B", "description": "bee"}, "C"],
        "quorum": None,
    }  # fmt: skip
    return {name: value for name, value in (whole | changes).items() if value is not ...}


def test_from_the_post_to_the_result(client):
    boss, voters = organizer(), [member() for _ in range(3)]
    status, made = send(client, "post", "", body(most_ranked=2), boss)
    assert (status, made["state"], made["slug"]) == (201, "open", "matters")
    assert [option["title"] for option in made["options"]] == ["A", "B", "C"]
    assert made["options"][1]["description"] == "bee"
    a, b, c = (option["id"] for option in made["options"])
    for voter in voters:
        assert send(client, "put", "matters/ballot/", {"ranking": [b, a]}, voter) == (
            200, {"accepted": True},
        )  # fmt: skip
    assert send(client, "put", "matters/ballot/", {"ranking": [c]}, voters[0])[0] == 200
    assert send(client, "get", "matters/ballot/", user=voters[0]) == (200, {"ranking": [c]})
    assert send(client, "delete", "matters/ballot/", user=voters[2]) == (204, None)
    assert send(client, "delete", "matters/ballot/", user=voters[2])[0] == 404
    assert send(client, "get", "matters/ballot/", user=voters[2])[0] == 404
    seen = send(client, "get", "matters/", user=voters[0])[1]
    assert (seen["ballots"], seen["electorate"], seen["may_vote"]) == (2, 4, True)
    assert seen["your_ballot"] == {"ranking": [c]}
    assert sorted(option["id"] for option in seen["options"]) == [a, b, c]
    hidden = send(client, "get", "matters/results/", user=boss)
    assert (hidden[0], hidden[1]["code"]) == (403, "results_hidden")
    assert send(client, "get", "matters/ballots/", user=boss)[0] == 403
    status, closed = send(client, "post", "matters/close/", {}, boss)
    assert (status, closed["state"]) == (200, "closed")
    assert closed["log"][-1]["reason"]
    status, result = send(client, "get", "matters/results/")
    assert (status, result["method"], result["ballots"], result["electorate"]) == (
        200, "ranked", 2, 4,
    )  # fmt: skip
    assert {"id", "title", "percent", "rank", "margin"} <= set(result["options"][0])
    assert sum(row["percent"] for row in result["options"]) == pytest.approx(150, abs=0.2)
    assert set(result["tallies"]) == {"borda", "schulze", "score", "approval"}
    assert (result["quorum"], result["quorum_met"], len(result["digest"])) == (None, None, 64)
    assert send(client, "get", "matters/ballots/", user=voters[0])[0] == 403
    ballots = send(client, "get", "matters/ballots/", user=boss)[1]
    assert ballots["ballots"] == [{"ranking": [b, a]}, {"ranking": [c]}]
    assert ballots["digest"] == result["digest"]
    for verb in ("put", "delete"):
        status, problem = send(client, verb, "matters/ballot/", {"ranking": [a]}, voters[0])
        assert (status, problem["code"]) == (409, "poll_closed")
    status, problem = send(client, "post", "matters/close/", {}, boss)
    assert (status, problem["code"]) == (409, "wrong_state")


@pytest.mark.parametrize(
    ("method", "choices", "percent"),
    [
        ("score", {"scores": {"0": 5, "1": 0}}, [100.0, 0.0, 0.0]),
        ("approval", {"approved": [0, 2]}, [100.0, 100.0, 0.0]),
        ("dots", {"dots": {"0": 3, "1": 1}}, [75.0, 25.0, 0.0]),
    ],
)
def test_the_other_methods(client, method, choices, percent):
    boss = organizer()
    _, made = send(client, "post", "", body(method=method), boss)
    ids = [option["id"] for option in made["options"]]
    ((key, given),) = choices.items()
    real = (
        [ids[place] for place in given]
        if isinstance(given, list)
        else {str(ids[int(place)]): number for place, number in given.items()}
    )
    assert send(client, "put", "matters/ballot/", {key: real}, boss)[0] == 200
    send(client, "post", "matters/close/", {}, boss)
    result = send(client, "get", "matters/results/")[1]
    assert [row["percent"] for row in result["options"]] == percent


def test_refusals_of_ballots(client):
    poll = PollFactory(options=3, most_ranked=2)
    other = PollFactory(options=1)
    url, ids = f"{poll.slug}/ballot/", list(poll.options.values_list("pk", flat=True))
    user = member()
    assert send(client, "put", url, {"ranking": ids[:1]})[0] == 401
    status, problem = send(
        client, "put", url, {"ranking": ids[:1]}, member(ChapterFactory(slug="boston"))
    )
    assert (status, problem["code"]) == (403, "not_in_electorate")
    wrong = [
        {"ranking": [other.options.get().pk]}, {"ranking": [ids[0], ids[0]]}, {"ranking": ids},
        {"ranking": []}, {"ranking": [True]}, {"ranking": [float(ids[0])]}, {"ranking": "x"},
        {"ranking": [str(ids[0])]}, {"scores": {str(ids[0]): 3}}, {}, [], [ids[0]],
        {"ranking": ids[:1], "scores": {}}, {"ranking": [10**30]}, {"ranking": [-1]},
    ]  # fmt: skip
    for choices in wrong:
        status, problem = send(client, "put", url, choices, user)
        assert (status, problem["code"]) == (422, "invalid_ballot"), choices
        assert problem["errors"]["ranking"], choices
    for text in ("null", '"x"', "5", "{", ""):
        answer = client.put(
            f"/api/v1/polls/{url}", text, content_type="application/json", headers=bearer(user)
        )
        assert answer.status_code in {400, 422}, text
        assert answer["Content-Type"] == "application/problem+json"
    assert not Ballot.objects.exists()
    planned = PollFactory(state="draft", options=2, opens_at=clock.now() + dt.timedelta(hours=1))
    first = planned.options.first().pk
    status, problem = send(client, "put", f"{planned.slug}/ballot/", {"ranking": [first]}, user)
    assert (status, problem["code"]) == (409, "poll_closed")
    assert "opens at" in problem["detail"]
    Poll.objects.filter(pk=poll.pk).update(is_public=False)
    stranger = member(ChapterFactory(slug="boston"))
    for verb, path in (("put", url), ("get", f"{poll.slug}/"), ("get", f"{poll.slug}/results/")):
        assert send(client, verb, path, {}, stranger)[0] == 404
    assert send(client, "get", f"{poll.slug}/")[0] == 404


def test_electorates(client):
    boss = organizer()
    meetup = MeetupFactory()
    boston = ChapterFactory(slug="boston")
    elsewhere = MeetupFactory(chapter=boston)
    hidden = MeetupFactory(chapter=boston, is_published=False)
    good = {
        "left-out": (..., "chapter", 1),
        "chapter": ({"chapter": "austin"}, "chapter", 1),
        "meetup": ({"meetup": meetup.slug}, "meetup", 0),
        "emails": ({"emails": ["A@example.org", "a@example.org", boss.email]}, "emails", 2),
    }
    for slug, (electorate, kind, size) in good.items():
        status, made = send(client, "post", "", body(slug=slug, electorate=electorate), boss)
        assert (status, made["electorate_kind"], made["electorate"]) == (201, kind, size), slug
    wrong = [
        ({}, 422), ({"chapter": "austin", "emails": []}, 422), ({"everyone": True}, 422),
        ({"emails": []}, 422), ({"emails": ["nonsense"]}, 422), ({"chapter": "none"}, 422),
        ({"meetup": hidden.slug}, 422), ("austin", 422), ([], 422),
        ({"chapter": "boston"}, 403), ({"meetup": elsewhere.slug}, 403),
    ]  # fmt: skip
    for electorate, expected in wrong:
        made = send(client, "post", "", body(slug="no", electorate=electorate), boss)
        assert made[0] == expected, electorate
    assert not Poll.objects.filter(slug="no").exists()


def test_refusals_of_polls(client):
    boss = organizer()
    for user, status in ((None, 401), (member(), 403)):
        assert send(client, "post", "", body(), user)[0] == status
    for changes in (
        {"title": ""}, {"title": ...}, {"method": "dice"}, {"options": ["A"]}, {"options": "A"},
        {"options": ["A", "A"]}, {"options": [{"text": "A"}, "B"]}, {"options": [1, 2]},
        {"closes_at": ...}, {"closes_at": at(days=-1)}, {"closes_at": "soon"}, {"quorum": -1},
        {"most_ranked": 0}, {"dots": 0}, {"slug": "new"}, {"slug": "no slug"},
        {"brainstorm": "none"}, {"purpose": "fun"}, {"opens_at": at(days=3)},
        {"closes_at": "9999-12-31T23:59:59Z"},
    ):  # fmt: skip
        status, problem = send(client, "post", "", body(**changes), boss)
        assert (status, problem["status"]) == (422, 422), changes
    assert not Poll.objects.exists()
    assert send(client, "post", "", body(), boss)[0] == 201
    status, problem = send(client, "post", "", body(), boss)
    assert (status, list(problem["errors"])) == (422, ["slug"])


def test_drafts_are_changed_and_open_ones_are_not(client):
    boss = organizer()
    brainstorm = BrainstormFactory()
    _, made = send(
        client, "post", "", body(opens_at=..., slug=..., brainstorm=brainstorm.slug), boss
    )
    url = f"{made['slug']}/"
    assert (made["state"], made["slug"], made["brainstorm"]) == (
        "draft", "what-matters", brainstorm.slug,
    )  # fmt: skip
    assert send(client, "get", url, user=member())[0] == 404
    assert send(client, "patch", url, {"title": "x"}, member())[0] == 403
    kept = made["options"][0]["id"]
    status, changed = send(
        client, "patch", url, {"title": "Now", "options": ["C", "A"], "quorum": 3}, boss
    )
    assert (status, changed["title"], changed["quorum"]) == (200, "Now", 3)
    assert [option["title"] for option in changed["options"]] == ["C", "A"]
    assert changed["options"][1]["id"] == kept
    refused = {"electorate": {"chapter": ChapterFactory(slug="boston").slug}}
    assert send(client, "patch", url, refused, boss)[0] == 422
    assert send(client, "post", f"{url}open/", {}, boss)[1]["state"] == "open"
    status, problem = send(client, "patch", url, {"title": "Later"}, boss)
    assert (status, problem["code"]) == (409, "wrong_state")
    assert send(client, "post", f"{url}open/", {}, boss)[0] == 409
    assert send(client, "get", url, user=member())[1]["title"] == "Now"


def test_moves_with_reasons(client):
    boss = organizer()
    poll = PollFactory(options=2)
    url = f"{poll.slug}/"
    more = {"closes_at": at(days=9), "reason": "A holiday."}
    for name, whole in (("extend/", more), ("cancel/", {"reason": "x"}), ("remind/", {})):
        assert send(client, "post", url + name, whole)[0] == 401
        assert send(client, "post", url + name, whole, member())[0] == 403
        other = organizer(ChapterFactory(slug="boston"))
        assert send(client, "post", url + name, whole, other)[0] == 403
    assert send(client, "post", f"{url}extend/", {"closes_at": at(days=9)}, boss)[0] == 422
    assert send(client, "post", f"{url}extend/", more | {"closes_at": at(days=1)}, boss)[0] == 422
    status, told = send(client, "post", f"{url}extend/", more, boss)
    assert (status, told["log"][-1]["reason"]) == (200, "A holiday.")
    status, told = send(client, "post", f"{url}remind/", {}, boss)
    assert (status, told) == (200, {"mails": User.objects.filter(
        memberships__chapter=poll.chapter).count()})  # fmt: skip
    status, problem = send(client, "post", f"{url}remind/", {}, boss)
    assert (status, problem["code"]) == (429, "too_many_requests")
    for reason in ({}, {"reason": ""}, {"reason": "x" * 301}):
        assert send(client, "post", f"{url}cancel/", reason, boss)[0] == 422
    assert send(client, "post", f"{url}cancel/", {"reason": "A mistake."}, boss)[0] == 200
    status, problem = send(client, "get", f"{url}results/")
    assert (status, problem["code"]) == (403, "results_hidden")


def test_the_same_key_makes_one_poll(client):
    boss = organizer()
    headers = {"Idempotency-Key": "again"}
    whole = body()
    first = send(client, "post", "", whole, boss, **headers)
    assert send(client, "post", "", whole, boss, **headers) == first
    assert Poll.objects.count() == 1
    assert send(client, "post", "", whole | {"title": "x"}, boss, **headers)[0] == 422


@pytest.mark.parametrize("count", [1, 3])
def test_the_list(client, count, django_assert_num_queries):
    polls = [PollFactory(options=2, meetup=MeetupFactory()) for _ in range(count)]
    PollFactory(state="draft", opens_at=None)
    with django_assert_num_queries(2):
        listed = client.get("/api/v1/polls/").json()
    assert [row["slug"] for row in listed["results"]] == [poll.slug for poll in polls[::-1]]
    assert client.get("/api/v1/polls/?state=closed").json()["count"] == 0
    assert client.get("/api/v1/polls/?state=open").json()["count"] == count
    assert client.get("/api/v1/polls/?state=x").status_code == 422


def test_options_made_from_cards_and_a_meetup_that_shows_the_poll(client):
    boss = organizer()
    meetup = MeetupFactory(chapter=boss.memberships.get().chapter)
    brainstorm = BrainstormFactory(chapter=meetup.chapter)
    first, second = (post_idea(brainstorm=brainstorm, text=text, by=boss) for text in "ab")
    other = post_idea(brainstorm=BrainstormFactory(chapter=meetup.chapter), text="x", by=boss)
    body = {"title": "From cards", "brainstorm": brainstorm.slug, "meetup": meetup.slug}
    body["options"] = [{"title": "A or B", "ideas": [first.pk, second.pk]}, "C"]
    url, headers = "/api/v1/polls/", bearer(boss)
    made = client.post(url, body, content_type="application/json", headers=headers)
    assert made.status_code == 201
    assert made.json()["meetup"] == meetup.slug
    assert [option["ideas"] for option in made.json()["options"]] == [[first.pk, second.pk], []]
    for wrong in ([other.pk], [2**40], ["1"], [True], "1"):
        body["options"][0]["ideas"] = wrong
        refused = client.post(url, body, content_type="application/json", headers=headers)
        assert refused.status_code == 422, wrong
    assert Poll.objects.count() == 1
