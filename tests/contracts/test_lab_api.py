import datetime as dt
import uuid

import pytest

from community.core import clock
from deploylab.models import PowerCommand, Reservation
from deploylab.services.blueprints import sync_shipped_blueprints
from tests.factories.community import bearer, member, organizer, participant
from tests.factories.deploylab import NodeFactory, deploy, reserve

pytestmark = pytest.mark.django_db

JSON = {"content_type": "application/json"}


def at(hours):
    return (clock.now() + dt.timedelta(hours=hours)).isoformat()


def post(client, path, user, body=None, **headers):
    return client.post(f"/api/v1/{path}", body or {}, headers=bearer(user) | headers, **JSON)


def test_nodes_are_public_and_their_addresses_are_not(client):
    node = NodeFactory()
    answer = client.get(f"/api/v1/nodes/{node.name}/")
    assert answer.json().keys() >= {"name", "power_state", "health", "provision_state"}
    for secret in (node.bmc.host, str(node.bmc.port), "canary", node.bmc.sealed_password):
        assert secret not in answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("nodes/", 2), ("blueprints/", 2), ("deployments/", 1)]
)
def test_lists_ask_the_database_a_fixed_number_of_times(
    client, rows, path, queries, django_assert_num_queries
):
    NodeFactory.create_batch(rows)
    sync_shipped_blueprints()
    with django_assert_num_queries(queries):
        assert client.get(f"/api/v1/{path}").status_code == 200


def test_reserving_now(client):
    NodeFactory.create_batch(3)
    user = participant()
    answer = post(client, "reservations/", user, {"ends_at": at(2), "count": 2})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], len(body["nodes"])) == ("active", 2)
    assert uuid.UUID(body["id"])
    first = client.get(f"/api/v1/reservations/{body['id']}/", headers=bearer(user))
    assert first.json() == body
    for stranger in (participant(), member()):
        path = f"/api/v1/reservations/{body['id']}/"
        assert client.get(path, headers=bearer(stranger)).status_code == 404
    assert client.get(f"/api/v1/reservations/{body['id']}/").status_code == 401


def test_a_start_a_little_in_the_past_is_now(client):
    NodeFactory()
    start = (clock.now() - dt.timedelta(seconds=50)).isoformat()
    answer = post(
        client, "reservations/", participant(), {"starts_at": start, "ends_at": at(1), "count": 1}
    )
    assert (answer.status_code, answer.json()["state"]) == (201, "active")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"starts_at": -2, "ends_at": 1, "count": 1}, "in_the_past"),
        ({"starts_at": 2, "ends_at": 1, "count": 1}, "backwards"),
        ({"ends_at": 100, "count": 1}, "too_long"),
        ({"starts_at": 24 * 90, "ends_at": 24 * 90 + 1, "count": 1}, "too_far_ahead"),
        ({"ends_at": 1, "count": 0}, "count"),
        ({"ends_at": 1, "count": 4}, "count"),
        ({"ends_at": 1, "nodes": ["nothing"]}, "unknown_node"),
        ({"ends_at": 1}, "invalid"),
        ({"ends_at": 1, "count": 1, "nodes": ["a"]}, "invalid"),
        ({"count": 1}, "invalid"),
    ],
)
def test_windows_that_make_no_sense(client, body, code):
    NodeFactory.create_batch(3)
    body = {key: at(value) if key.endswith("_at") else value for key, value in body.items()}
    answer = post(client, "reservations/", participant(), body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert Reservation.objects.count() == 0


def test_taken_nodes_are_named_with_the_first_free_window(client):
    node = NodeFactory()
    reserve(names=[node.name])
    answer = post(client, "reservations/", participant(), {"ends_at": at(1), "nodes": [node.name]})
    assert (answer.status_code, answer.json()["code"]) == (409, "nodes_not_available")
    assert [row["node"] for row in answer.json()["conflicts"]] == [node.name]
    free = answer.json()["first_free"]
    later = {"starts_at": free["starts_at"], "ends_at": free["ends_at"], "nodes": [node.name]}
    assert post(client, "reservations/", participant(), later).status_code == 201


def test_extending_up_to_the_first_conflict(client):
    node = NodeFactory()
    user = participant()
    mine = reserve(by=user)
    body = {"starts_at": at(5), "ends_at": at(6), "nodes": [node.name]}
    assert post(client, "reservations/", participant(), body).status_code == 201
    path = f"/api/v1/reservations/{mine.pk}/"
    longer = client.patch(path, {"ends_at": at(4)}, headers=bearer(user), **JSON)
    assert longer.status_code == 200
    refused = client.patch(path, {"ends_at": at(5)}, headers=bearer(user), **JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "nodes_not_available")
    assert [row["node"] for row in refused.json()["conflicts"]][-1] == node.name


def test_releasing(client):
    NodeFactory()
    user = participant()
    mine = reserve(by=user)
    path = f"reservations/{mine.pk}/release/"
    assert post(client, path, participant()).status_code == 404
    answer = post(client, path, user)
    assert (answer.json()["state"], answer.json()["end_reason"]) == ("ended", "released")
    assert post(client, path, user).status_code == 409
    assert post(client, "reservations/", user, {"ends_at": at(1), "count": 1}).status_code == 201


def test_availability(client):
    NodeFactory.create_batch(3)
    reserve(count=2)
    soon = client.get("/api/v1/availability/?count=1&hours=4").json()
    assert len(soon["nodes"]) == 1
    later = client.get("/api/v1/availability/?count=3&hours=4").json()
    assert later["starts_at"] > soon["starts_at"]
    assert len(later["nodes"]) == 3
    assert client.get("/api/v1/availability/?count=9").status_code == 409
    assert client.get("/api/v1/availability/?count=x").status_code == 422


def test_power_needs_the_right(client):
    node = NodeFactory()
    path = f"nodes/{node.name}/power/"
    assert client.post(f"/api/v1/{path}", {"action": "on"}, **JSON).status_code == 401
    assert post(client, path, member(), {"action": "on"}).status_code == 403
    holder = participant()
    assert post(client, path, holder, {"action": "on"}).status_code == 403
    reserve(by=holder)
    answer = post(client, path, holder, {"action": "on"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    mine = f"/api/v1/power-commands/{answer.json()['id']}/"
    assert client.get(mine, headers=bearer(holder)).json()["state"] == "queued"
    assert client.get(mine, headers=bearer(participant())).status_code == 404
    assert client.get(mine, headers=bearer(organizer(node.chapter))).status_code == 200
    assert post(client, path, holder, {"action": "explode"}).status_code == 422
    assert post(client, "nodes/none/power/", holder, {"action": "on"}).status_code == 404
    assert PowerCommand.objects.count() == 1


def test_deployments_and_their_record(client):
    NodeFactory()
    deployment = deploy()
    holder = deployment.reservation.holder
    path = f"/api/v1/deployments/{deployment.pk}/"
    assert client.get(path).status_code == 404
    assert client.get(path, headers=bearer(participant())).status_code == 404
    body = client.get(path, headers=bearer(holder)).json()
    assert body.keys() >= {"id", "state", "steps", "last_seq"}
    assert body["steps"][0].keys() >= {"id", "name", "node", "state", "attempt", "error"}
    events = client.get(f"{path}events/?after=0&limit=1", headers=bearer(holder)).json()
    assert events["events"][0].keys() == {"seq", "at", "node", "step", "level", "kind", "text"}
    assert events["last_seq"] == deployment.last_seq
    assert client.get(f"{path}events/?after=x", headers=bearer(holder)).status_code == 422
    log = b"".join(client.get(f"{path}log/", headers=bearer(holder)).streaming_content).decode()
    assert log.splitlines()[0].endswith(events["events"][0]["text"])
    cancel = client.post(f"{path}cancel/", headers=bearer(holder), **JSON)
    assert cancel.json()["state"] == "cancelled"


def test_a_public_deployment_may_be_watched_and_not_stopped(client):
    NodeFactory()
    deployment = deploy()
    type(deployment).objects.update(is_public=True)
    path = f"deployments/{deployment.pk}/"
    assert client.get(f"/api/v1/{path}").status_code == 200
    assert post(client, f"{path}cancel/", participant()).status_code == 403


def test_deploying_onto_anothers_or_no_reservation(client):
    NodeFactory()
    sync_shipped_blueprints()
    mine = reserve()
    for wish in (
        {"reservation": str(mine.pk), "blueprint": "inspect"},
        {"reservation": str(uuid.uuid4()), "blueprint": "inspect"},
        {"reservation": "x", "blueprint": "inspect"},
    ):
        assert post(client, "deployments/", participant(), wish).status_code == 422
    unknown = {"reservation": str(mine.pk), "blueprint": "none"}
    assert post(client, "deployments/", mine.holder, unknown).json()["code"] == "unknown_blueprint"
    good = {"reservation": str(mine.pk), "blueprint": "trace", "parameters": {"lines": 5}}
    first = post(client, "deployments/", mine.holder, good)
    assert (first.status_code, first.json()["state"]) == (201, "pending")


def test_boot_scripts_are_for_the_labs_network(client, settings):
    node = NodeFactory()
    assert b"chain" in client.get("/boot/ipxe").content
    assert client.get(f"/boot/{node.service_tag}.ipxe").status_code == 404
    settings.LAB_NETWORKS = ["10.0.0.0/8"]
    assert client.get(f"/boot/{node.service_tag}.ipxe").status_code == 404


@pytest.mark.parametrize("path", ["hello/", f"work/{uuid.uuid4()}/output/"])
def test_an_agent_without_a_boot_is_refused(client, path):
    answer = client.post(f"/api/v1/agent/{path}", {}, headers={"Authorization": "Bearer x"}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (401, "boot_token")
    assert client.get("/api/v1/agent/work/").status_code == 401
