"""The brainstorm's socket, over real Valkey and PostgreSQL."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from functools import partial

import pytest
from channels.testing import WebsocketCommunicator

from community.core.realtime import Frame
from community.core.threads import in_thread
from community.models import Membership
from community.project.asgi import application
from polls import consumers, live
from polls.models import Brainstorm
from polls.services.brainstorms import change_brainstorm, close_brainstorm
from polls.services.ideas import edit_idea, post_idea, remove_idea
from tests.factories.community import UserFactory, bearer, member, organizer
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db(transaction=True)

QUIET_S = 0.4  # long enough for a word to pass


@asynccontextmanager
async def _socket(slug, after=0, user=None):
    headers = [(b"host", b"127.0.0.1:8000")]
    if user is not None:
        token = (await in_thread(bearer, user))["Authorization"]
        headers.append((b"authorization", token.encode()))
    path = f"/ws/v1/brainstorms/{slug}/?after={after}"
    socket = WebsocketCommunicator(application, path, headers=headers)
    await socket.connect(timeout=10)
    try:
        yield socket
    finally:
        await socket.disconnect(timeout=10)


async def _until(socket, kind, check=lambda _: True):
    while True:
        message = json.loads((await socket.receive_output(timeout=10))["text"])
        if message["type"] == kind and check(message):
            return message


async def _events(socket, last):
    seen = []
    async with asyncio.timeout(20):
        while not seen or seen[-1]["seq"] < last:
            seen += (await _until(socket, "events"))["events"]
    return seen


async def _heard(socket):
    """Everything of the next moment but what says how the brainstorm is."""
    messages = []
    while not await socket.receive_nothing(timeout=QUIET_S):
        messages.append(json.loads((await socket.receive_output(timeout=1))["text"]))
    return [message for message in messages if message["type"] != "state"]


async def _post(brainstorm, by, text, **fields):
    return await in_thread(partial(post_idea, brainstorm=brainstorm, by=by, text=text, **fields))


async def _made(**fields):
    brainstorm = await in_thread(partial(BrainstormFactory, **fields))
    return brainstorm, await in_thread(partial(member, name="Max Member"))


async def _closed_with(slug, user):
    async with _socket(slug, user=user) as socket:
        output = await socket.receive_output(timeout=10)
    assert output["type"] == "websocket.close"
    return output["code"]


async def _say(socket, **message):
    await socket.send_to(text_data=json.dumps(message))


async def test_the_snapshot_then_every_change_by_number_within_a_second():
    brainstorm, max_ = await _made(title="Topics")
    card = await _post(brainstorm, max_, "one")
    async with _socket(brainstorm.slug) as socket:
        facts = {
            "slug": brainstorm.slug, "title": "Topics", "is_open": True, "everyone_sorts": False,
            "allows_anonymous": True,
        }  # fmt: skip
        assert json.loads((await socket.receive_output(timeout=10))["text"]) == {
            "type": "snapshot", "brainstorm": facts | {"last_seq": 1},
        }  # fmt: skip
        (posted,) = await _events(socket, 1)
        assert posted["idea"]["author"] == {"name": "Max Member", "initials": "MM", "hue": 1}
        began = time.monotonic()
        await in_thread(partial(edit_idea, idea=card, text="two", revision=1, by=max_))
        (edited,) = await _events(socket, 2)
        assert time.monotonic() - began < 1
        assert (edited["seq"], edited["kind"]) == (2, "edited")
        assert (edited["idea"]["text"], edited["idea"]["revision"]) == ("two", 2)
        boss = await in_thread(organizer)
        await in_thread(partial(change_brainstorm, brainstorm=brainstorm, by=boss, title="New"))
        state = await _until(socket, "state", lambda told: told["brainstorm"]["title"] == "New")
        assert state["brainstorm"] == facts | {"title": "New"}
        await in_thread(partial(close_brainstorm, brainstorm=brainstorm, by=boss))
        await _until(socket, "state", lambda told: not told["brainstorm"]["is_open"])


async def test_a_reader_goes_on_from_where_it_was():
    brainstorm, max_ = await _made()
    for text in ("one", "two", "three"):
        await _post(brainstorm, max_, text)
    async with _socket(brainstorm.slug, after=2) as socket:
        assert [event["idea"]["text"] for event in await _events(socket, 3)] == ["three"]
        await _say(socket, type="after", seq=1)
        assert [event["seq"] for event in await _events(socket, 3)] == [2, 3]


async def test_a_removed_cards_words_do_not_go_out_any_more():
    brainstorm, max_ = await _made()
    card = await _post(brainstorm, max_, "unkind words")
    async with _socket(brainstorm.slug) as early:
        assert "unkind" in json.dumps(await _events(early, 1))
        await in_thread(partial(remove_idea, idea=card, by=max_))
        (event,) = await _events(early, 2)
        assert (event["kind"], event["idea"]["text"]) == ("removed", "")
        async with _socket(brainstorm.slug) as late:  # through the topic that `early` keeps alive
            told = await _events(late, 2)
        assert [event["idea"]["is_removed"] for event in told] == [True, True]
        assert "unkind" not in json.dumps(told)
        assert "Max" not in json.dumps(told)


async def test_control_pages_kept_for_late_readers_would_tell(monkeypatch):
    monkeypatch.setattr(
        live, "Frame", lambda *args, **fields: Frame(*args, **fields | {"is_lasting": True})
    )
    brainstorm, max_ = await _made()
    card = await _post(brainstorm, max_, "unkind words")
    async with _socket(brainstorm.slug) as early:
        await _events(early, 1)
        await in_thread(partial(remove_idea, idea=card, by=max_))
        await _events(early, 2)
        async with _socket(brainstorm.slug) as late:
            assert "unkind" in json.dumps(await _events(late, 2))


async def test_a_private_one_is_read_by_those_who_may():
    brainstorm, max_ = await _made(is_public=False)
    assert await _closed_with(brainstorm.slug, None) == 4401
    assert await _closed_with(brainstorm.slug, await in_thread(UserFactory)) == 4404
    assert await _closed_with("no-such-brainstorm", max_) == 4404
    async with _socket(brainstorm.slug, user=max_) as socket:
        await _until(socket, "snapshot")
        await in_thread(lambda: Membership.objects.filter(user=max_).delete())
        while (output := await socket.receive_output(timeout=5))["type"] != "websocket.close":
            pass
    assert output["code"] == 4403


class TestTyping:
    @pytest.fixture
    async def here(self):
        """A brainstorm with a writer's and a reader's socket, both up to date."""
        brainstorm, max_ = await _made(allows_anonymous=False)
        async with _socket(brainstorm.slug, user=max_) as writer, _socket(brainstorm.slug) as other:
            for socket in (writer, other):
                await _until(socket, "snapshot")
            yield brainstorm, writer, other

    async def test_the_others_see_it_and_the_writer_knows_the_mark(self, here):
        _, writer, other = here
        await _say(writer, type="typing", idea=None, mark="m" * 40)
        said = {
            "type": "typing",
            "idea": None,
            "author": {"name": "Max Member", "initials": "MM", "hue": 0},
            "mark": "m" * 32,
        }
        assert await _until(other, "typing") == await _until(writer, "typing") == said

    async def test_not_more_than_once_a_second(self, here, monkeypatch):
        _, writer, other = here
        for _ in range(5):
            await _say(writer, type="typing", idea=7)
        assert len(await _heard(other)) == 1
        monkeypatch.setattr(consumers, "TYPING_EVERY_S", 0.0)  # the control
        for _ in range(5):
            await _say(writer, type="typing", idea=7)
        assert len(await _heard(other)) == 5

    async def test_where_cards_may_go_without_a_name_no_typist_is_named(self):
        brainstorm, max_ = await _made(allows_anonymous=True)
        async with _socket(brainstorm.slug, user=max_) as writer, _socket(brainstorm.slug) as other:
            for socket in (writer, other):
                await _until(socket, "snapshot")
            await _say(writer, type="typing", idea=None)
            assert (await _until(other, "typing"))["author"] is None

    async def test_nonsense_is_not_passed_on(self, here):
        _, writer, other = here
        for text in (
            "nonsense", "[]", "1", "null", '{"type": "typing"', '{"type": 5}', '{"type": []}',
            '{"type": "typing", "idea": true}', '{"type": "typing", "idea": "1"}',
            '{"type": "typing", "mark": 5}', '{"type": "shouting"}', '{"type": "after"}',
            '{"type": "after", "seq": "x"}', '{"type": "typing", "mark": "' + "x" * 1000 + '"}',
            "[" * 900,
        ):  # fmt: skip
            await writer.send_to(text_data=text)
        await writer.send_to(bytes_data=b'{"type": "typing", "idea": null}')
        assert await _heard(other) == []
        await _say(writer, type="typing", idea=None)  # it is still served
        await _until(other, "typing")

    async def test_half_a_character_breaks_nobodys_line(self, here, monkeypatch):
        _, writer, other = here
        monkeypatch.setattr(consumers, "TYPING_EVERY_S", 0.0)
        await writer.send_to(text_data='{"type": "typing", "idea": null, "mark": "\\ud800"}')
        assert await _heard(other) == []
        await _say(writer, type="typing", idea=None)
        await _until(other, "typing")
        await _until(writer, "typing")

    async def test_who_may_not_write_is_not_heard(self, here):
        brainstorm, _, other = here
        async with _socket(brainstorm.slug, user=await in_thread(UserFactory)) as outsider:
            for socket in (outsider, other):
                await _say(socket, type="typing", idea=None)
            assert await _heard(other) == []

    async def test_nor_anybody_where_it_is_closed(self, here):
        brainstorm, writer, other = here
        await in_thread(lambda: Brainstorm.objects.update(closed_at=brainstorm.created_at))
        await _say(writer, type="typing", idea=None)
        assert await _heard(other) == []
