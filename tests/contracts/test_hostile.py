"""What a hostile or careless program sends: an answer below 500, in the API's own form."""

import pytest
from django.test import Client

from community.models import IdempotentAnswer
from deploylab.models import Reservation
from tests.concurrency.stampede import stampede
from tests.factories.community import bearer, organizer, participant
from tests.factories.deploylab import NodeFactory, deploy, hours_from_now

# The same code again and again, for everyone: measured elsewhere, twice as fast without.
pytestmark = pytest.mark.no_cover

METHODS = ("get", "post", "put", "patch", "delete", "options")
PATHS = (
    "meetups/", "meetups/none/", "meetups/none/rsvp/", "nodes/", "nodes/none/",
    "nodes/none/power/", "reservations/", "deployments/", "availability/", "blueprints/",
    "polls/", "polls/none/", "polls/none/ballot/", "polls/none/extend/",
    "outbox/", "agent/hello/", "agent/work/", "none/", "",
    "brainstorms/", "brainstorms/none/ideas/", "polls/", "polls/none/", "polls/none/ballot/",
    "priorities/", "priorities/none/items/1/carry/", "outlooks/", "outlooks/1/",
)  # fmt: skip
BODIES = ("[" * 100_000, "{", "null", "[]", '{"a": "\\u0000"}', '{"a": "\\ud800"}', "\x00")


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
def test_any_method_and_any_body_gets_an_answer(client, path):
    headers = bearer(organizer())
    for method in METHODS:
        for body in BODIES:
            send = {"data": body, "content_type": "application/json"} if method != "get" else {}
            answer = getattr(client, method)(f"/api/v1/{path}", headers=headers, **send)
            assert answer.status_code < 500, (method, path, body[:20])
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json", (method, path)


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "1e3", "NaN", ""])
def test_numbers_in_addresses(client, number):
    NodeFactory()
    deployment = deploy()
    headers = bearer(deployment.reservation.holder)
    path = f"/api/v1/deployments/{deployment.pk}/events/"
    assert client.get(path, {"after": number}, headers=headers).status_code in {200, 422}
    assert client.get(path, {"limit": number}, headers=headers).status_code in {200, 422}


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_key_sent_by_ten_at_once_is_done_once():
    NodeFactory()
    user = participant()
    headers = bearer(user) | {"Idempotency-Key": "again"}
    body = {"ends_at": hours_from_now(1).isoformat(), "count": 1}

    def post():
        answer = Client().post(
            "/api/v1/reservations/", body, content_type="application/json", headers=headers
        )
        return answer.status_code, answer.json()["id"]

    answers = stampede([post] * 10, width=10)
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert Reservation.objects.count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_refused_key_leaves_nothing_and_may_be_used_again():
    NodeFactory()
    headers = bearer(participant()) | {"Idempotency-Key": "again"}
    body = {"ends_at": hours_from_now(-1).isoformat(), "count": 1}

    def post():
        return (
            Client()
            .post("/api/v1/reservations/", body, content_type="application/json", headers=headers)
            .status_code
        )

    assert set(stampede([post] * 8, width=8)) == {422}
    assert IdempotentAnswer.objects.count() == 0
