import pytest

from community.core import clock
from meetups.models import CheckIn
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(client):
    meetup = MeetupFactory()
    headers = bearer(organizer(meetup.chapter))

    def send(body, headers=headers):
        return client.post(
            f"/api/v1/meetups/{meetup.slug}/check-ins/",
            body,
            content_type="application/json",
            headers=headers,
        )

    return meetup, headers, send


def going(meetup, **fields):
    return answer_rsvp(meetup=meetup, answer=Answer(), by=member(**fields))


def test_first_201_repeat_200_and_nothing_changed(door):
    meetup, _, send = door
    rsvp = going(meetup, name="Pat")
    first = send({"code": rsvp.code, "client_id": "a"})
    assert first.status_code == 201
    body = first.json()
    assert body == {
        "id": body["id"], "name": "Pat", "people": 1, "code": rsvp.code, "rsvp_status": "going",
        "walk_in": False, "client_id": "a", "came_at": body["came_at"], "said": "Pat is in.",
        "totals": {"came": 1, "walk_ins": 0, "going": 1, "missing": 0},
    }  # fmt: skip
    for repeat in ({"code": rsvp.code, "client_id": "a"}, {"code": rsvp.code, "client_id": "b"}):
        again = send(repeat)
        assert (again.status_code, again.json()["id"]) == (200, body["id"])
    assert CheckIn.objects.count() == 1


def test_an_idempotency_key_gives_the_same_answer_once_more(client, door):
    meetup, headers, _ = door
    headers = headers | {"Idempotency-Key": "k"}
    body = {"code": going(meetup).code, "client_id": "a"}
    url = f"/api/v1/meetups/{meetup.slug}/check-ins/"
    send = {"content_type": "application/json", "headers": headers}
    first, again = client.post(url, body, **send), client.post(url, body, **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = client.post(url, body | {"client_id": "b"}, **send)
    assert other.json()["code"] == "idempotency_key_reused"


def test_walk_ins_and_replays(door):
    _, _, send = door
    at = clock.now().replace(microsecond=0) - clock.seconds(600)
    walk_in = {
        "walk_in": True, "name": "Wim", "people": 3, "client_id": "w",
        "came_at": at.isoformat().replace("+00:00", "Z"),
    }  # fmt: skip
    first, again = send(walk_in), send(walk_in)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["came_at"] == walk_in["came_at"]
    assert again.json()["totals"] == {"came": 3, "walk_ins": 3, "going": 0, "missing": 0}
    assert CheckIn.objects.get().name == "Wim"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"code": "ZZZZ-ZZZZ", "client_id": "a"}, 404, "unknown_code"),
        ({"code": "ZZZZZZZZ"}, 422, "invalid"),
        ({"client_id": "a"}, 422, "invalid"),
        ({"client_id": "a", "walk_in": True, "code": "x"}, 422, "invalid"),
        ({"client_id": "a", "walk_in": True, "people": 0}, 422, "invalid"),
        ({"client_id": "a", "walk_in": True, "people": 10**9}, 422, "invalid"),
        ({"client_id": "x" * 65, "walk_in": True}, 422, "invalid"),
        ({"client_id": "a", "walk_in": True, "came_at": "yesterday"}, 422, "invalid"),
        ([], 422, "invalid"),
    ],
)
def test_what_makes_no_sense_counts_nobody(door, body, status, code):
    _, _, send = door
    answer = send(body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(client, door, rows, django_assert_num_queries):
    meetup, headers, send = door
    for number in range(rows):
        send({"code": going(meetup).code, "client_id": str(number)})
    with django_assert_num_queries(9):
        answer = client.get(f"/api/v1/meetups/{meetup.slug}/check-ins/", headers=headers).json()
    assert answer.keys() == {"count", "next", "previous", "results", "totals"}
    assert (answer["count"], answer["totals"]["came"]) == (rows, rows)


def test_undo(client, door):
    meetup, headers, send = door
    made = send({"code": going(meetup).code, "client_id": "a"}).json()
    url = f"/api/v1/meetups/{meetup.slug}/check-ins/{made['id']}/"
    assert client.get(url, headers=headers).json()["id"] == made["id"]
    elsewhere = MeetupFactory(chapter=meetup.chapter)
    foreign = f"/api/v1/meetups/{elsewhere.slug}/check-ins/{made['id']}/"
    assert client.delete(foreign, headers=headers).status_code == 404
    assert client.delete(url, headers=headers).status_code == 204
    assert client.delete(url, headers=headers).status_code == 404
    assert CheckIn.objects.count() == 0


def test_the_door_is_the_chapters_organizers(client, door):
    meetup, _, send = door
    rsvp = going(meetup)
    body = {"code": rsvp.code, "client_id": "a"}
    boston = bearer(organizer(ChapterFactory(slug="boston")))
    assert send(body, headers={}).status_code == 401
    assert send(body, headers=bearer(rsvp.user)).status_code == 403
    assert send(body, headers=boston).status_code == 403
    url = f"/api/v1/meetups/{meetup.slug}/check-ins/"
    assert client.get(url, headers=boston).status_code == 403
    meetup.is_published = False
    meetup.save()
    assert send(body, headers=boston).status_code == 404
    assert CheckIn.objects.count() == 0
    assert send(body).status_code == 201
