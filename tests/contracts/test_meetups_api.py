import pytest

from community.core import clock
from community.models import Mail
from community.services.mail import write_mail
from meetups.models import Meetup
from tests.factories.community import (
    ChapterFactory,
    OrganizationFactory,
    bearer,
    member,
    organizer,
    participant,
)
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db

GOING = {"status": "going"}


def put(client, meetup, user, body):
    return client.put(
        f"/api/v1/meetups/{meetup.slug}/rsvp/",
        body,
        content_type="application/json",
        headers=bearer(user),
    )


def test_the_list_and_the_detail_have_the_contracts_members(client):
    meetup = MeetupFactory(capacity=60)
    MeetupFactory(is_published=False)
    listed = client.get("/api/v1/meetups/").json()
    assert listed.keys() == {"count", "next", "previous", "results"}
    assert [row["slug"] for row in listed["results"]] == [meetup.slug]
    detail = client.get(f"/api/v1/meetups/{meetup.slug}/").json()
    assert detail.items() >= listed["results"][0].items()
    assert detail.keys() >= {
        "slug", "title", "kind", "chapter", "starts_at", "ends_at", "date_label",
        "date_precision", "timezone", "venue", "capacity", "online_capacity", "going",
        "waitlisted", "sites",
    }  # fmt: skip
    assert (detail["capacity"], detail["online_capacity"], detail["venue"]) == (60, None, None)
    assert detail["starts_at"].endswith("Z")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    client, rows, django_assert_num_queries
):
    MeetupFactory.create_batch(rows)
    with django_assert_num_queries(3):
        client.get("/api/v1/meetups/")


def test_rsvp_and_its_mail(client, django_capture_on_commit_callbacks):
    meetup, user = MeetupFactory(capacity=3), member()
    with django_capture_on_commit_callbacks():
        answer = put(client, meetup, user, {"status": "going", "guests": 1})
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "going", "guests": 1, "mode": "in_person", "site": None, "diet": "",
        "waitlist_position": None, "offer_expires_at": None, "reconfirmed_at": None,
        "code": meetup.rsvps.get().code,
    }  # fmt: skip
    assert client.get(f"/api/v1/meetups/{meetup.slug}/").json()["going"] == 2
    mail = Mail.objects.get(to=user.email)
    write_mail(mail)
    assert (mail.purpose, mail.calendar_method) == ("meetups/rsvp_going", "REQUEST")
    put(client, meetup, user, {"status": "going", "guests": 1})  # the same again: no second mail
    assert Mail.objects.count() == 1


def test_the_head_of_the_waitlist_blocks(client):
    meetup = MeetupFactory(capacity=2)
    first, pair, single = member(), member(), member()
    assert put(client, meetup, first, GOING).json()["status"] == "going"
    waiting = put(client, meetup, pair, {"status": "going", "guests": 1}).json()
    assert (waiting["status"], waiting["waitlist_position"]) == ("waitlisted", 1)
    behind = put(client, meetup, single, GOING).json()
    assert (behind["status"], behind["waitlist_position"]) == ("waitlisted", 2)
    put(client, meetup, first, {"status": "not_going"})
    got = [
        client.get(f"/api/v1/meetups/{meetup.slug}/rsvp/", headers=bearer(user)).json()["status"]
        for user in (pair, single)
    ]
    assert got == ["going", "waitlisted"]
    assert Mail.objects.filter(to=pair.email, purpose="meetups/rsvp_going").count() == 1


def test_who_has_a_place_keeps_it(client):
    meetup = MeetupFactory(capacity=2)
    user = member()
    put(client, meetup, user, GOING)
    put(client, meetup, member(), GOING)
    refused = put(client, meetup, user, {"status": "going", "guests": 2})
    assert refused.status_code == 422
    refused = put(client, meetup, user, {"status": "going", "guests": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "not_enough_places")
    assert meetup.rsvps.get(user=user).guests == 0


def test_more_capacity_moves_the_waitlist_up(client):
    meetup = MeetupFactory(capacity=1)
    boss, users = organizer(meetup.chapter), [member() for _ in range(3)]
    for user in users:
        put(client, meetup, user, GOING)
    answer = client.patch(
        f"/api/v1/meetups/{meetup.slug}/",
        {"capacity": 2},
        content_type="application/json",
        headers=bearer(boss),
    )
    assert (answer.status_code, answer.json()["going"], answer.json()["waitlisted"]) == (200, 2, 1)
    refused = client.patch(
        f"/api/v1/meetups/{meetup.slug}/",
        {"capacity": 1},
        content_type="application/json",
        headers=bearer(boss),
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "capacity_below_going")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"status": "going", "guests": 3}, 422, "party_too_large"),
        ({"status": "going", "guests": 6}, 422, "invalid"),
        ({"status": "going", "guests": -1}, 422, "invalid"),
        ({"status": "perhaps"}, 422, "invalid"),
        ({}, 422, "invalid"),
        ([], 422, "invalid"),
        ({"status": "going", "mode": "online"}, 422, "no_online"),
        ({"status": "going", "site": 999}, 422, "invalid"),
    ],
)
def test_bad_answers_write_nothing(client, body, status, code):
    meetup = MeetupFactory(capacity=2)
    answer = put(client, meetup, member(), body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert meetup.rsvps.count() == 0


def test_malformed_json_is_400(client):
    meetup = MeetupFactory()
    answer = client.put(
        f"/api/v1/meetups/{meetup.slug}/rsvp/",
        "{",
        content_type="application/json",
        headers=bearer(member()),
    )
    assert answer.status_code == 400
    assert answer.json().keys() >= {"type", "title", "status", "detail", "code"}


def test_a_closed_rsvp_and_the_code_of_conduct(client):
    from community.core import clock

    closed = MeetupFactory(rsvp_closes_at=clock.now())
    answer = put(client, closed, member(), GOING)
    assert (answer.status_code, answer.json()["code"]) == (409, "rsvp_closed")
    newcomer, meetup = member(code_of_conduct_at=None), MeetupFactory()
    answer = put(client, meetup, newcomer, GOING)
    assert (answer.status_code, answer.json()["code"]) == (422, "code_of_conduct")
    assert meetup.rsvps.count() == 0
    accepted = put(client, meetup, newcomer, GOING | {"accept_code_of_conduct": True})
    assert accepted.status_code == 200


def test_who_may_what(client):
    austin, boston = ChapterFactory(slug="austin"), ChapterFactory(slug="boston")
    draft = MeetupFactory(chapter=austin, is_published=False)
    url = f"/api/v1/meetups/{draft.slug}/"
    boss, other = organizer(austin), organizer(boston)
    patch = {"content_type": "application/json"}
    assert client.get(url).status_code == 404
    assert client.get(url, headers=bearer(other)).status_code == 404
    assert client.get(url, headers=bearer(boss)).status_code == 200
    assert client.patch(url, {}, **patch).status_code == 401
    assert client.patch(url, {}, headers=bearer(participant()), **patch).status_code == 403
    Meetup.objects.update(is_published=True)
    assert client.patch(url, {"title": "x"}, headers=bearer(other), **patch).status_code == 403
    assert client.get(url, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert client.put(f"{url}rsvp/", {}, **patch).status_code == 401


def test_organizers_create_once_for_one_key(client):
    boss = organizer()
    body = {
        "title": "Spring", "slug": "spring", "kind": "meetup", "timezone": "America/Chicago",
        "starts_at": "2030-04-12T23:30:00Z", "ends_at": "2030-04-13T01:30:00Z",
        "venue": "Austin TechRanch", "capacity": 60, "published": True,
    }  # fmt: skip
    headers = bearer(boss) | {"Idempotency-Key": "k" * 300}
    send = {"content_type": "application/json", "headers": headers}
    first = client.post("/api/v1/meetups/", body, **send)
    again = client.post("/api/v1/meetups/", body, **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (first.json()["venue"], Meetup.objects.count()) == ("Austin TechRanch", 1)
    other = client.post("/api/v1/meetups/", body | {"title": "Autumn"}, **send)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    backwards = body | {"slug": "b", "ends_at": "2030-04-01T00:00:00Z"}
    answer = client.post(
        "/api/v1/meetups/", backwards, content_type="application/json", headers=bearer(boss)
    )
    assert answer.status_code == 422
    assert Meetup.objects.count() == 1


def test_the_agenda_and_the_minutes_are_read_with_the_meetup(client):
    meetup = MeetupFactory()
    meetup.sessions.create(title="DevStack", kind="demo", speakers=["Olive"])
    meetup.minutes.create(number=1, text="It took ten minutes.")
    meetup.topics.create(stage="held", text="Essex")
    meetup.sponsorships.create(organization=OrganizationFactory(name="Dell"), provides="food")
    assert client.get(f"/api/v1/meetups/{meetup.slug}/").json()["minutes"] == []
    Meetup.objects.update(minutes_published_at=clock.now())
    detail = client.get(f"/api/v1/meetups/{meetup.slug}/").json()
    assert detail["sessions"][0].items() >= {"title": "DevStack", "speakers": ["Olive"]}.items()
    assert detail["minutes"][0]["text"] == "It took ten minutes."
    assert detail["topics"] == [{"stage": "held", "text": "Essex"}]
    assert detail["sponsors"] == [{"organization": "Dell", "provides": "food"}]


def test_not_going_keeps_nothing_and_tells_nobody_who_never_came(client):
    meetup, other = MeetupFactory(), MeetupFactory()
    site = other.sites.create(name="Elsewhere")
    body = {"status": "not_going", "guests": 4, "site": site.pk, "diet": "all"}
    answer = put(client, meetup, member(), body).json()
    assert (answer["status"], answer["guests"], answer["site"], answer["diet"]) == (
        "not_going", 0, None, "",
    )  # fmt: skip
    assert Mail.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": "9999-12-31T23:59:59Z", "timezone": "Asia/Tokyo"},
        {"timezone": "Mars/Olympus"},
        {"slug": "taken"},
        {"title": "a\x00b"},
    ],
)
def test_what_would_break_the_lists_is_refused(client, fields):
    MeetupFactory(slug="taken")
    body = {"title": "x", "slug": "x"} | fields
    answer = client.post(
        "/api/v1/meetups/", body, content_type="application/json", headers=bearer(organizer())
    )
    assert answer.status_code in {400, 422}
    assert Meetup.objects.count() == 1
    assert client.get("/meetups/").status_code == 200


def test_a_meetup_without_a_start_says_so(client):
    body = {"title": "x", "slug": "x"}
    answer = client.post(
        "/api/v1/meetups/", body, content_type="application/json", headers=bearer(organizer())
    )
    assert (answer.json()["starts_at"], answer.json()["date_precision"]) == (None, "none")
