"""The deployment socket, over real Valkey and PostgreSQL."""

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from community.core import realtime
from community.core.threads import in_thread
from community.project.asgi import application
from deploylab.consumers import DeploymentConsumer
from deploylab.events import Line, append_events, lock_deployment
from deploylab.live import DeploymentSource
from deploylab.models import Deployment
from tests.factories.community import bearer, organizer, participant
from tests.factories.deploylab import NodeFactory, deploy

pytestmark = pytest.mark.django_db(transaction=True)

TOTAL, BATCH = 2000, 20


def _made():
    NodeFactory()
    deployment = deploy()
    Deployment.objects.filter(pk=deployment.pk).update(is_public=True, state="running")
    return Deployment.objects.get(pk=deployment.pk)


def _set(deployment, fields):
    Deployment.objects.filter(pk=deployment.pk).update(**fields)


def _write(deployment, first, count):
    from django.db import transaction

    with transaction.atomic():
        lock_deployment(deployment.pk)
        append_events(
            deployment.pk, [Line(f"line {n}", kind="output") for n in range(first, first + count)]
        )


async def _write_all(deployment, total):
    for first in range(0, total, BATCH):
        await in_thread(_write, deployment, first, BATCH)
    await in_thread(_set, deployment, {"state": "successful"})


@asynccontextmanager
async def _socket(deployment, after=0, headers=(), host=b"127.0.0.1:8000"):
    path = f"/ws/v1/deployments/{deployment.pk}/?after={after}"
    pairs = [(b"host", host), *headers]
    socket = WebsocketCommunicator(application, path, headers=pairs)
    socket.accepted, _ = await socket.connect(timeout=10)
    try:
        yield socket
    finally:
        await socket.disconnect(timeout=10)


async def _messages(socket):
    while True:
        output = await socket.receive_output(timeout=10)
        if output["type"] == "websocket.close":
            return
        yield json.loads(output["text"])


async def _read_with_drops(deployment, *, every_s):
    """Read to the end, hanging up again and again; every event as it came."""
    seen, drops = [], 0
    while True:
        async with _socket(deployment, after=seen[-1] if seen else 0) as socket:
            until = asyncio.get_running_loop().time() + every_s
            async for message in _messages(socket):
                if message["type"] == "events":
                    seen += [event["seq"] for event in message["events"]]
                if message["type"] == "end":
                    return seen, message, drops
                if asyncio.get_running_loop().time() > until:
                    drops += 1
                    break


async def test_a_reader_that_drops_again_and_again_gets_each_event_once_in_order():
    deployment = await in_thread(_made)
    writing = asyncio.create_task(_write_all(deployment, TOTAL))
    seen, end, drops = await _read_with_drops(deployment, every_s=0.1)
    await writing
    assert seen == list(range(1, deployment.last_seq + TOTAL + 1))
    assert end["state"] == "successful"
    assert end["last_seq"] == len(seen)
    assert drops >= 3


async def test_control_a_snapshot_before_joining_loses_events(monkeypatch):
    """Read first, join afterwards: what is written in between is missed. The test above sees it."""

    class LateReader(realtime.Reader):
        async def next_frames(self):
            if self._index is None:  # goes live from the head, without looking behind it
                self.seq, self._index = self.topic.seq or 0, self.topic.head
                return []
            return await super().next_frames()

    monkeypatch.setattr("community.core.streams.Reader", LateReader)
    deployment = await in_thread(_made)
    await in_thread(_write, deployment, 0, 50)
    seen = []
    async with _socket(deployment) as socket:
        messages = _messages(socket)
        assert (await anext(messages))["type"] == "snapshot"
        writing = asyncio.create_task(_write_all(deployment, 200))
        async for message in messages:
            if message["type"] == "events":
                seen += [event["seq"] for event in message["events"]]
        await writing
    assert seen != list(range(1, deployment.last_seq + 250 + 1))


async def test_snapshot_first_then_events_then_the_end():
    deployment = await in_thread(_made)
    await in_thread(_write, deployment, 0, 3)
    await in_thread(_set, deployment, {"state": "failed"})
    async with _socket(deployment) as socket:
        messages = [message async for message in _messages(socket)]
    assert [message["type"] for message in messages] == ["snapshot", "events", "end"]
    assert messages[0]["deployment"]["last_seq"] == deployment.last_seq + 3
    assert messages[1]["events"][-1]["text"] == "line 2"
    assert messages[2]["state"] == "failed"


async def test_a_reader_may_ask_to_be_served_again():
    deployment = await in_thread(_made)
    await in_thread(_write, deployment, 0, 5)
    async with _socket(deployment, after=10**6) as socket:
        messages = _messages(socket)
        assert (await anext(messages))["type"] == "snapshot"
        await socket.send_json_to({"type": "after", "seq": 2})
        await socket.send_to(text_data="no json")
        async for message in messages:
            if message["type"] == "events":
                break
        assert message["events"][0]["seq"] == 3


async def test_a_lost_wake_up_costs_a_tick_and_no_event(monkeypatch):
    monkeypatch.setattr("deploylab.events.wake", lambda *_: None)
    monkeypatch.setattr(realtime, "TICK_S", 0.1)
    deployment = await in_thread(_made)
    writing = asyncio.create_task(_write_all(deployment, 100))
    seen, _, _ = await _read_with_drops(deployment, every_s=10)
    await writing
    assert seen == list(range(1, deployment.last_seq + 100 + 1))


async def test_one_read_serves_all_readers(monkeypatch):
    reads = []
    original = DeploymentSource.events

    async def counted(self, after):
        reads.append(after)
        return await original(self, after)

    deployment = await in_thread(_made)
    monkeypatch.setattr(DeploymentSource, "events", counted)

    async def read():
        return (await _read_with_drops(deployment, every_s=30))[0]

    readers = [asyncio.create_task(read()) for _ in range(10)]
    await asyncio.sleep(0)
    await _write_all(deployment, 200)
    results = await asyncio.gather(*readers)
    assert all(seen == list(range(1, deployment.last_seq + 200 + 1)) for seen in results)
    assert len(reads) < 100  # ten readers alone would read ten times as often


@pytest.mark.parametrize("public", [True, False])
async def test_who_may_read(public):
    deployment = await in_thread(_made)
    await in_thread(_set, deployment, {"is_public": public})
    holder = await in_thread(lambda: deployment.reservation.holder)
    stranger = await in_thread(participant)
    boss = await in_thread(lambda: organizer(deployment.reservation.chapter))
    for user, reads in ((None, public), (stranger, public), (holder, True), (boss, True)):
        headers = []
        if user is not None:
            token = (await in_thread(bearer, user))["Authorization"]
            headers = [(b"authorization", token.encode())]
        async with _socket(deployment, headers=headers) as socket:
            output = await socket.receive_output(timeout=10)
        if reads:
            assert json.loads(output["text"])["type"] == "snapshot"
        else:
            assert output["type"] == "websocket.close"
            assert output["code"] == (4404 if user else 4401)


async def test_a_browser_reads_with_its_session_until_it_signs_out(client):
    deployment = await in_thread(_made)
    await in_thread(_set, deployment, {"is_public": False})
    holder = await in_thread(lambda: deployment.reservation.holder)
    await in_thread(client.force_login, holder)
    headers = [(b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]
    async with _socket(deployment, headers=headers) as socket:
        assert (await socket.receive_output(timeout=10))["type"] == "websocket.send"
    await in_thread(client.logout)
    async with _socket(deployment, headers=headers) as socket:
        assert (await socket.receive_output(timeout=10))["code"] == 4401


async def test_one_question_for_the_right_of_all_readers(monkeypatch):
    asked = []
    original = DeploymentSource._may_read

    def counted(self, user):
        asked.append(user)
        return original(self, user)

    deployment = await in_thread(_made)
    monkeypatch.setattr(realtime, "RIGHT_KEPT_S", 0.0)
    users = [await in_thread(participant) for _ in range(3)]
    tokens = [(await in_thread(bearer, user))["Authorization"].encode() for user in users]
    async with AsyncExitStack() as stack:
        for token in tokens:
            socket = _socket(deployment, headers=[(b"authorization", token)])
            await stack.enter_async_context(socket)
        await asyncio.sleep(0.3)
        monkeypatch.setattr(DeploymentSource, "_may_read", counted)
        await in_thread(_write, deployment, 0, 1)
        await asyncio.sleep(1.2)
    assert asked
    assert all(user.is_anonymous for user in asked)


async def test_a_reader_that_takes_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr("community.core.streams.LONGEST_SEND_S", 0.2)
    deployment = await in_thread(_made)
    stuck = asyncio.Event()
    closed = []

    class Slow(DeploymentConsumer):
        async def close(self, code=None, reason=None):
            closed.append(code)

        async def accept(self, *args, **kwargs):
            await super().accept()

            async def send(message):
                await stuck.wait()

            self.base_send = send

    scope = {
        "type": "websocket",
        "query_string": b"",
        "user": AnonymousUser(),
        "url_route": {"kwargs": {"pk": deployment.pk}},
    }
    socket = WebsocketCommunicator(Slow.as_asgi(), "/")
    socket.scope.update(scope)
    await socket.connect(timeout=10)
    await asyncio.sleep(1.0)
    assert closed == [4408]
    assert realtime.hub._topics == {}
    await socket.disconnect(timeout=10)


async def test_an_unknown_deployment_is_closed_not_served():
    import uuid

    class Nothing:
        pk = uuid.uuid4()

    async with _socket(Nothing) as socket:
        output = await socket.receive_output(timeout=10)
    assert (output["type"], output["code"]) == ("websocket.close", 4401)


async def test_losing_the_right_closes_the_socket():
    deployment = await in_thread(_made)
    async with _socket(deployment) as socket:
        messages = _messages(socket)
        assert (await anext(messages))["type"] == "snapshot"
        await in_thread(_set, deployment, {"is_public": False})
        began = asyncio.get_running_loop().time()
        while True:
            output = await socket.receive_output(timeout=5)
            if output["type"] == "websocket.close":
                break
        assert output["code"] == 4403
        # The promise is 2 s; the rest is this machine's.
        assert asyncio.get_running_loop().time() - began < 4


async def test_a_foreign_origin_is_refused_in_the_handshake():
    deployment = await in_thread(_made)
    async with _socket(deployment, headers=[(b"origin", b"http://evil.example")]) as socket:
        assert socket.accepted is False
    async with _socket(deployment, headers=[(b"origin", b"http://127.0.0.1:8000")]) as socket:
        assert socket.accepted is True


@pytest.mark.parametrize("path", ["/ws/v1/deployments/no-id/", "/ws/v1/nothing/", "/", "/lab/"])
async def test_an_address_that_is_no_socket_is_closed_with_a_code(path):
    socket = WebsocketCommunicator(application, path, headers=[(b"host", b"127.0.0.1:8000")])
    accepted, _ = await socket.connect(timeout=10)
    output = await socket.receive_output(timeout=10)
    assert (accepted, output["type"], output["code"]) == (True, "websocket.close", 4404)
    await socket.disconnect()
