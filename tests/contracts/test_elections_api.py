"""Elections for programs: information, nominations, and those held elsewhere."""

import datetime as dt

import pytest

from community.core import clock
from polls.models import Election, RollEntry
from tests.factories.community import ChapterFactory, UserFactory, bearer, member, organizer
from tests.factories.elections import external, nominating

pytestmark = pytest.mark.django_db


def send(client, verb, url, body=None, user=None, **headers):
    answer = getattr(client, verb)(
        f"/api/v1/elections/{url}",
        body,
        content_type="application/json",
        headers=(bearer(user) if user else {}) | headers,
    )
    return answer.status_code, answer.json() if answer.content else None


def at(**span):
    return (clock.now() + dt.timedelta(**span)).isoformat()


def body(**changes):
    whole = {
        "title": "Board", "slug": "board", "method": "cumulative", "seats": 8,
        "votes_per_voter": 8, "whole_votes": True, "opens_at": at(days=1), "closes_at": at(days=5),
        "results_at": "certification",
        "electorate": [{"email": "Voter@example.org", "reason": "individual member"}],
        "candidates": [
            {"name": "Rob", "affiliation": "Dell", "statement": "Users first."},
            {"name": "Monty", "affiliation": "HP", "statement": ""},
        ],
        "affiliation_cap": {"max": 2, "sitting": [{"name": "John", "affiliation": "Dell"}]},
        "inspectors": [], "publish_ballots": False,
    }  # fmt: skip
    return whole | changes


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"candidates": [{"name": "Rob"}, {}]}, "candidates.1.name: This field is required."),
        ({"inspectors": ["x"]}, "inspectors.0: Enter a valid email address."),
        (
            {"affiliation_cap": []},
            "affiliation_cap: Invalid data. Expected a dictionary, but got list.",
        ),
        ({"seats": 0}, "seats: Ensure this value is greater than or equal to 1."),
    ],
)
def test_what_is_wrong_inside_a_body_is_said_in_a_sentence(client, changes, said):
    status, problem = send(client, "post", "", body(**changes), organizer())
    assert (status, problem["detail"]) == (422, said)


def test_the_whole_body_makes_and_announces(client):
    boss, watcher, voter = organizer(), member(), member(email="voter@example.org")
    sent = body(inspectors=[watcher.email])
    key = {"Idempotency-Key": "once"}
    status, made = send(client, "post", "", sent, boss, **key)
    assert (status, made["slug"], made["state"]) == (201, "board", "draft")
    assert made["announced_at"]
    assert made["affiliation_cap"] == sent["affiliation_cap"]
    names = {one["name"]: one for one in made["candidates"]}
    assert names["Rob"]["statement"] == "Users first."
    assert isinstance(names["Rob"]["id"], int)
    assert [one["name"] for one in made["inspectors"]] == [watcher.display_name]
    assert made["standing"] == {"on_roll": False, "reason": "", "has_voted": False}
    assert send(client, "post", "", sent, boss, **key) == (status, made)
    assert Election.objects.count() == 1
    assert RollEntry.objects.get().reason == "individual member"
    _, own = send(client, "get", "board/", user=voter)
    assert own["standing"] == {
        "on_roll": True, "reason": "individual member", "has_voted": False,
    }  # fmt: skip
    status, shown = send(client, "get", "board/")
    assert (status, shown["standing"]) == (200, None)
    assert "voter@example.org" not in str(shown)
    listed = send(client, "get", "")[1]
    assert (listed["count"], listed["results"][0]["slug"]) == (1, "board")
    assert send(client, "get", "?state=open")[1]["count"] == 0
    assert send(client, "get", "?state=no")[0] == 422


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"votes_per_voter": 0}, "votes_per_voter"),
        ({"seats": 0}, "seats"),
        ({"method": "lottery"}, "method"),
        ({"closes_at": at(hours=1)}, "closes_at"),
        ({"affiliation_cap": {"max": 2, "sitting": [{"name": "A"}]}}, "cap_sitting"),
        ({"affiliation_cap": {"sitting": []}}, "affiliation_cap"),
        ({"inspectors": ["nobody@example.org"]}, "inspectors"),
        ({"electorate": [{"email": "no", "reason": "x"}]}, "electorate"),
        ({"electorate": [{"email": "a@b.org"}]}, "electorate"),
        ({"candidates": [{"name": ""}]}, "candidates"),
        ({"title": ""}, "title"),
    ],
)
def test_what_makes_no_sense_is_422_and_saves_nothing(client, changes, field):
    status, said = send(client, "post", "", body(**changes), organizer())
    assert status == 422
    assert field in said["errors"]
    assert not Election.objects.exists()


def test_who_may(client):
    boss, other = organizer(), organizer(ChapterFactory(slug="boston"))
    assert send(client, "post", "", body())[0] == 401
    assert send(client, "post", "", body(), member())[0] == 403
    assert send(client, "post", "", body(chapter="austin"), other)[0] == 403
    assert send(client, "post", "", body(draft=True), boss)[0] == 201
    for user in (None, member(), other):
        assert send(client, "get", "board/", user=user)[0] == 404
    assert send(client, "patch", "board/", {"seats": 3}, other)[0] == 404
    assert send(client, "post", "board/announce/", user=boss)[0] == 200
    assert send(client, "patch", "board/", {"seats": 3}, other)[0] == 403
    assert send(client, "post", "board/announce/", user=boss)[0] == 409
    status, changed = send(
        client, "patch", "board/", {"seats": 3, "questions": ["Why?"], "about": "x"}, boss
    )
    assert (status, changed["seats"], changed["questions"][0]["text"]) == (200, 3, "Why?")
    assert changed["affiliation_cap"]["max"] == 2
    assert send(client, "delete", "board/", user=boss)[0] == 409
    assert send(client, "post", "", body(slug="b2", draft=True), boss)[0] == 201
    assert send(client, "delete", "b2/", user=boss)[0] == 204


def test_from_the_nomination_to_the_words(client):
    boss, rob, ann, outsider = organizer(), member(name="Rob"), member(), UserFactory()
    url = f"{nominating(boss, endorsements_needed=1, questions=['Why?']).slug}/candidates/"
    assert send(client, "post", url, {}, None)[0] == 401
    assert send(client, "post", url, {}, outsider)[0] == 403
    assert send(client, "post", url, {"name": "X"}, ann)[0] == 403
    status, made = send(client, "post", url, {"email": rob.email}, ann)
    assert (status, made["state"], made["endorsements"]) == (201, "nominated", 0)
    one = f"{url}{made['id']}/"
    assert send(client, "get", one)[0] == 404  # not answered yet: members' alone
    assert send(client, "post", url, {"email": rob.email}, ann)[1]["code"] == "already_nominated"
    for _ in range(2):
        assert send(client, "post", f"{one}endorsement/", {}, ann)[1]["endorsements"] == 1
    assert send(client, "delete", f"{one}endorsement/", {}, ann)[1]["endorsements"] == 0
    assert send(client, "post", f"{one}accept/", {}, ann)[0] == 403
    assert send(client, "post", f"{one}accept/", {}, rob)[1]["state"] == "accepted"
    assert send(client, "get", one)[0] == 200
    election = Election.objects.get()
    words = {
        "statement": "Users first.", "links": "https://a.example/",
        "answers": {str(election.questions.get().pk): "Because."},
    }  # fmt: skip
    status, said = send(client, "patch", one, words, rob)
    assert (status, said["links"]) == (200, ["https://a.example/"])
    assert list(said["answers"].values()) == ["Because."]
    assert send(client, "patch", one, {"links": "no"}, rob)[0] == 422
    assert send(client, "patch", one, {"answers": {"x": "y"}}, rob)[0] == 422
    assert send(client, "patch", one, words, ann)[0] == 403
    assert send(client, "post", f"{one}rule-out/", {}, boss)[0] == 422
    assert send(client, "post", f"{one}rule-out/", {"reason": "x"}, ann)[0] == 403
    ruled = send(client, "post", f"{one}rule-out/", {"reason": "Not a member."}, boss)[1]
    assert (ruled["state"], ruled["state_reason"]) == ("ruled_out", "Not a member.")
    assert send(client, "post", f"{one}accept/", {}, rob)[0] == 409
    assert send(client, "post", f"{one}reinstate/", {"reason": "x"}, boss)[1]["state"] == (
        "nominated"
    )
    assert send(client, "post", f"{one}decline/", {}, rob)[1]["state"] == "declined"
    assert send(client, "post", f"{one}withdraw/", {}, rob)[0] == 409
    Election.objects.update(nominations_close_at=clock.now())
    assert send(client, "post", url, {}, ann)[1]["code"] == "nominations_closed"


def test_campaigns_and_inspectors(client):
    boss = organizer()
    election = nominating(boss, candidates=[{"name": "Rob"}, {"name": "Joe"}])
    ids = list(election.candidates.values_list("pk", flat=True))
    url = f"{election.slug}/campaigns/"
    assert send(client, "post", url, {"title": "Both", "members": ids[:1]}, boss)[0] == 422
    assert send(client, "post", url, {"title": "B", "members": [ids[0], 0]}, boss)[0] == 422
    status, made = send(client, "post", url, {"title": "Both", "members": ids}, boss)
    assert status == 201
    shown = send(client, "get", f"{election.slug}/")[1]
    assert {one["campaign"] for one in shown["candidates"]} == {made["id"]}
    assert send(client, "delete", f"{url}{made['id']}/", user=boss)[0] == 204
    url, watcher = f"{election.slug}/inspectors/", member()
    assert send(client, "post", url, {"email": "nobody@example.org"}, boss)[0] == 422
    status, named = send(client, "post", url, {"email": watcher.email}, boss)
    assert status == 201
    assert send(client, "post", f"{url}{named['id']}/release/", {}, boss)[0] == 422
    assert send(client, "post", f"{url}{named['id']}/release/", {"reason": "x"}, boss)[0] == 204


def test_one_held_elsewhere_with_its_result(client):
    boss = organizer()
    status, made = send(client, "post", "", body(is_external=True, electorate=[]), boss)
    assert (status, made["state"], made["is_external"]) == (201, "external", True)
    assert made["outside_results"] == []
    rob = next(one["id"] for one in made["candidates"] if one["name"] == "Rob")
    url = "board/outside-results/"
    rows = [
        {"candidate": rob, "rank": 1, "votes": "2195.00", "is_seated": True},
        {"name": "Hui Cheng", "affiliation": "SINA", "is_seated": True, "is_inferred": True},
    ]
    assert send(client, "put", url, {"source": "", "rows": rows}, boss)[0] == 422
    for wrong in ({"candidate": 0}, {"candidate": rob + 999}, {"candidate": rob, "votes": "-1"}):
        assert send(client, "put", url, {"source": "s", "rows": [wrong]}, boss)[0] == 422
    assert send(client, "put", url, {"source": "s", "rows": rows}, member())[0] == 403
    status, shown = send(client, "put", url, {"source": "Inspectors", "rows": rows}, boss)
    first, second = shown["outside_results"]
    assert (status, first["votes"], first["is_seated"]) == (200, "2195.00", True)
    assert (second["name"], second["votes"], second["is_inferred"]) == ("Hui Cheng", None, True)
    assert (shown["are_results_out"], shown["result_source"]) == (True, "Inspectors")
    here = nominating(boss)
    assert send(client, "put", f"{here.slug}/outside-results/", {"source": "s", "rows": []}, boss)[
        0
    ] == (409)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_and_the_detail_cost_the_same_however_long(
    client, count, django_assert_num_queries
):
    boss = organizer()
    for number in range(count):
        external(boss, title=f"Election {number}")
    for number in range(count):
        nominating(boss, title=f"N {number}", candidates=[{"name": f"C{n}"} for n in range(count)])
    with django_assert_num_queries(2):
        client.get("/api/v1/elections/")
    with django_assert_num_queries(6):
        client.get("/api/v1/elections/n-0/")
