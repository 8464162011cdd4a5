"""The notes' socket, over real Valkey and PostgreSQL."""

import asyncio
import datetime as dt
import itertools
import json
import threading
import time
from contextlib import asynccontextmanager
from functools import partial

import pytest
from channels.testing import WebsocketCommunicator

from community.core import clock
from community.core.threads import in_thread
from community.project.asgi import application
from meetups.models import Meetup, Note
from meetups.services import notes as service
from meetups.services.notes import close_notes, hide_note, post_note, restore_note
from tests.concurrency.stampede import stampede
from tests.factories.community import bearer, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db(transaction=True)

POSTERS, EACH = 8, 10


def _running(**fields):
    return MeetupFactory(starts_at=clock.now() - dt.timedelta(minutes=10), **fields)


@asynccontextmanager
async def _socket(slug, after=0, user=None):
    headers = [(b"host", b"127.0.0.1:8000")]
    if user is not None:
        token = (await in_thread(bearer, user))["Authorization"]
        headers.append((b"authorization", token.encode()))
    path = f"/ws/v1/meetups/{slug}/notes/?after={after}"
    socket = WebsocketCommunicator(application, path, headers=headers)
    await socket.connect(timeout=10)
    try:
        yield socket
    finally:
        await socket.disconnect(timeout=10)


async def _until(socket, kind, check=lambda _: True):
    while True:
        output = await socket.receive_output(timeout=10)
        message = json.loads(output["text"])
        if message["type"] == kind and check(message):
            return message


async def _events(socket, last, timeout_s=20):
    """Every event up to number `last`, as it came."""
    seen = []
    async with asyncio.timeout(timeout_s):
        while not seen or seen[-1]["seq"] < last:
            seen += (await _until(socket, "events"))["events"]
    return seen


async def _read(slug, last):
    async with _socket(slug) as socket:
        return await _events(socket, last)


def _everyone_posts(meetup, posters):
    calls = [
        partial(post_note, meetup=meetup, text=f"note {number} of {person.pk}", by=person)
        for number in range(EACH)
        for person in posters
    ]
    return stampede(calls, width=POSTERS)


def _posters(meetup):
    return [organizer(meetup.chapter) for _ in range(POSTERS)]


async def test_many_write_at_once_and_every_reader_gets_each_note_once_in_order():
    meetup = await in_thread(_running)
    posters = await in_thread(_posters, meetup)
    total = POSTERS * EACH
    readers = [asyncio.create_task(_read(meetup.slug, total)) for _ in range(3)]
    await asyncio.sleep(0.2)
    answers = await in_thread(_everyone_posts, meetup, posters)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    heard = await asyncio.gather(*readers)
    heard.append(await _read(meetup.slug, total))  # one who comes late
    stored = await in_thread(lambda: list(Note.objects.order_by("pk").values_list("pk", flat=True)))
    for seen in heard:
        assert [event["seq"] for event in seen] == list(range(1, total + 1))
        assert [event["note"]["id"] for event in seen] == stored


async def test_control_numbers_without_the_lock_lose_notes(monkeypatch):
    """Numbers from a counter are given before they are committed: a reader passes one by."""
    counter, gate = itertools.count(1), threading.Lock()

    def unlocked(meetup_id):
        with gate:
            number = next(counter)
        if number == 1:
            time.sleep(1.5)
        return number

    meetup = await in_thread(_running)
    posters = await in_thread(_posters, meetup)
    await in_thread(partial(close_notes, meetup=meetup, by=posters[0]))
    await in_thread(partial(service.open_notes, meetup=meetup, by=posters[0]))
    monkeypatch.setattr(service, "_next_number", unlocked)
    async with _socket(meetup.slug) as socket:
        writing = asyncio.create_task(in_thread(_everyone_posts, meetup, posters))
        seen = await _events(socket, POSTERS * EACH)
        await writing
    assert 1 not in [event["seq"] for event in seen]
    assert await in_thread(Note.objects.count) == POSTERS * EACH


async def test_hiding_reaches_open_readers_within_a_second_and_late_ones_never_get_the_words():
    meetup = await in_thread(_running)
    boss = await in_thread(organizer, meetup.chapter)
    _, note, _ = [
        await in_thread(partial(post_note, meetup=meetup, text=text, by=boss))
        for text in ("kept", "unkind words", "also kept")
    ]
    async with _socket(meetup.slug) as early:
        seen = await _events(early, 3)
        assert "unkind words" in [event["note"]["text"] for event in seen]
        async with _socket(meetup.slug) as other:  # the same page of events, once more
            await _events(other, 3)
        await in_thread(partial(hide_note, note=note, by=boss))
        began = time.monotonic()
        (event,) = await _events(early, 4)
        assert time.monotonic() - began < 1
        assert (event["kind"], event["note"]["id"]) == ("hidden", note.pk)
        async with _socket(meetup.slug) as late:  # through the topic that `early` keeps alive
            told = await _events(late, 4)
        assert "unkind" not in json.dumps(told)
        assert [event["note"]["text"] for event in told] == ["kept", "", "also kept", ""]
        assert told[1]["note"]["author"] == ""
        await in_thread(partial(restore_note, note=note, by=boss))
        (event,) = await _events(early, 5)
        assert (event["kind"], event["note"]["text"]) == ("restored", "unkind words")


async def test_control_pages_kept_for_late_readers_would_tell(monkeypatch):
    """With pages kept as for lines that never change, the words go out after the hiding."""
    from meetups import live

    monkeypatch.setattr(
        live, "Frame", lambda *args, **fields: live_frame(*args, **fields | {"is_lasting": True})
    )
    meetup = await in_thread(_running)
    boss = await in_thread(organizer, meetup.chapter)
    note = await in_thread(partial(post_note, meetup=meetup, text="unkind words", by=boss))
    async with _socket(meetup.slug) as early:
        await _events(early, 1)
        await in_thread(partial(hide_note, note=note, by=boss))
        await _events(early, 2)
        async with _socket(meetup.slug) as late:
            assert "unkind" in json.dumps(await _events(late, 2))


def live_frame(*args, **fields):
    from community.core.realtime import Frame

    return Frame(*args, **fields)


async def test_a_reader_goes_on_from_where_it_was_and_hears_of_the_closing():
    meetup = await in_thread(_running)
    boss = await in_thread(organizer, meetup.chapter)
    for number in range(3):
        await in_thread(partial(post_note, meetup=meetup, text=f"note {number}", by=boss))
    async with _socket(meetup.slug, after=2) as socket:
        assert (await _until(socket, "snapshot")) == {
            "type": "snapshot", "last_seq": 3, "is_open": True,
        }  # fmt: skip
        (event,) = await _events(socket, 3)
        assert event["note"]["text"] == "note 2"
        await in_thread(partial(close_notes, meetup=meetup, by=boss))
        assert (await _until(socket, "state", lambda state: not state["is_open"])) == {
            "type": "state", "is_open": False,
        }  # fmt: skip


async def test_a_draft_is_read_by_its_organizers_alone():
    meetup = await in_thread(partial(_running, is_published=False))
    boss, stranger = await in_thread(organizer, meetup.chapter), await in_thread(member)
    for user, code in ((None, 4401), (stranger, 4404)):
        async with _socket(meetup.slug, user=user) as socket:
            output = await socket.receive_output(timeout=10)
        assert (output["type"], output["code"]) == ("websocket.close", code)
    async with _socket(meetup.slug, user=boss) as socket:
        await _until(socket, "snapshot")
    async with _socket("no-such-meetup", user=boss) as socket:
        assert (await socket.receive_output(timeout=10))["code"] == 4404


async def test_unpublishing_closes_the_socket():
    meetup = await in_thread(_running)
    async with _socket(meetup.slug) as socket:
        await _until(socket, "snapshot")
        await in_thread(lambda: Meetup.objects.update(is_published=False))
        while (output := await socket.receive_output(timeout=5))["type"] != "websocket.close":
            pass
    assert output["code"] == 4403
