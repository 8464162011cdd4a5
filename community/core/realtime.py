"""Live streams: join, then read, then follow by number. One read and one encoding a process.

A `Topic` is one stream in this process. It listens to the channel layer for wake-ups, reads what
is new from the database once, encodes it once, and keeps the newest frames in a ring. Each
reader walks the ring at its own pace; one that has fallen behind the ring reads from the
database instead and never loses a line.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Protocol

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
TICK_S = 1.0  # how long a lost wake-up may cost
RING_FRAMES = 256
RIGHT_KEPT_S = 1.0


@dataclass(frozen=True)
class Frame:
    """An encoded message; `first` and `last` number its events, both 0 for a state frame."""

    text: str
    first: int = 0
    last: int = 0
    is_end: bool = False


class Source(Protocol):
    """Where a topic reads: the app's own queries, encoded."""

    group: str

    async def snapshot(self) -> Frame:
        """The thing as it is now; `last` is its newest event."""
        ...

    async def events(self, after: int) -> Frame | None:
        """The next batch of events above `after`, or None."""
        ...

    async def news(self) -> Frame | None:
        """A state frame where the state has changed since the last call, the end where it ended."""
        ...

    async def may_read(self, user: Any) -> bool:
        """Whether `user` may still read."""
        ...


class Topic:
    """One stream, shared by all its readers in this process."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.readers = 0
        self.seq: int | None = None  # the newest event in the ring, None before the first read
        self.state: Frame | None = None
        self.ring: deque[tuple[int, Frame]] = deque(maxlen=RING_FRAMES)
        self.head = 0  # the number of the next frame
        self._changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._rights: dict[Any, tuple[float, bool]] = {}
        self._pump: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def join(self) -> None:
        """Be listening before anything is read: what comes after this call is not missed."""
        self.readers += 1
        if self._pump is None:
            self._pump = asyncio.create_task(self._run(), name=f"topic {self.source.group}")
        await self._ready.wait()

    def leave(self) -> bool:
        """One reader less; whether it was the last."""
        self.readers -= 1
        if self.readers == 0 and self._pump is not None:
            self._pump.cancel()
        return self.readers == 0

    def next_change(self) -> "asyncio.Future[None]":
        """Done at the next news or tick after this call; shared, so shield it when awaiting."""
        return self._changed

    def _announce(self) -> None:
        future, self._changed = self._changed, asyncio.get_running_loop().create_future()
        if not future.done():
            future.set_result(None)

    async def may_read(self, user: Any) -> bool:
        """Whether `user` may read; asked of the database at most once a second each."""
        key = getattr(user, "pk", None)
        asked_at, answer = self._rights.get(key, (0.0, False))
        if time.monotonic() - asked_at >= RIGHT_KEPT_S:
            answer = await self.source.may_read(user)
            self._rights[key] = (time.monotonic(), answer)
        return answer

    async def _run(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        try:
            try:
                await layer.group_add(self.source.group, channel)
            except (RedisError, OSError):
                log.warning("no wake-ups for %s: reading by the tick", self.source.group)
            while True:
                await self._read_guarded()
                self._ready.set()
                self._announce()
                with contextlib.suppress(TimeoutError, RedisError, OSError):
                    await asyncio.wait_for(layer.receive(channel), TICK_S)
        finally:
            self._announce()
            with contextlib.suppress(Exception):
                await layer.group_discard(self.source.group, channel)

    async def _read_guarded(self) -> None:
        try:
            await self._read()
        except Exception:
            # The database may be away for a moment; the readers wait and the next tick tries.
            log.exception("reading %s failed", self.source.group)
            await asyncio.sleep(TICK_S)

    async def _read(self) -> None:
        if self.seq is None:
            self.seq = (await self.source.snapshot()).last
            self.state = await self.source.news()
            return
        # The state first: an end is told only after the events that led to it.
        state = await self.source.news()
        while (frame := await self.source.events(self.seq)) is not None:
            self._push(frame)
            self.seq = frame.last
        if state is not None:
            self.state = state
            self._push(state)

    def _push(self, frame: Frame) -> None:
        self.ring.append((self.head, frame))
        self.head += 1

    def frames_since(self, index: int) -> list[Frame] | None:
        """Frames from number `index` on; None where the ring no longer holds them."""
        if index == self.head:
            return []
        oldest = self.ring[0][0] if self.ring else self.head
        if index < oldest:
            return None
        return [frame for _, frame in list(self.ring)[index - oldest :]]


class Hub:
    """The topics of this process."""

    def __init__(self) -> None:
        self._topics: dict[str, Topic] = {}

    @contextlib.asynccontextmanager
    async def topic(self, source: Source) -> AsyncIterator[Topic]:
        """The shared topic of `source`, joined; it ends with its last reader."""
        topic = self._topics.setdefault(source.group, Topic(source))
        await topic.join()
        try:
            yield topic
        finally:
            if topic.leave() and self._topics.get(source.group) is topic:
                del self._topics[source.group]


hub = Hub()


class Reader:
    """One reader's walk along a topic: what to send next, in order, each once."""

    def __init__(self, topic: Topic, after: int) -> None:
        self.topic = topic
        self.seq = after
        self._index: int | None = None  # None: behind the ring, reading from the database

    def go_to(self, after: int) -> None:
        """Serve again from behind event `after`."""
        self.seq = after
        self._index = None

    async def next_frames(self) -> list[Frame]:
        """Frames to send now; empty when there is no news yet."""
        if self._index is None:
            return await self._catch_up()
        frames = self.topic.frames_since(self._index)
        if frames is None:
            self._index = None
            return await self._catch_up()
        self._index += len(frames)
        return self._in_sequence(frames) or await self._resume()

    def _in_sequence(self, frames: list[Frame]) -> list[Frame]:
        """Those of `frames` that come next.

        A read of the database may have run ahead of the ring; a frame that then begins before
        the reader's place is not taken apart but read anew from that place.
        """
        fresh = []
        for frame in frames:
            if frame.last:
                if frame.last <= self.seq:
                    continue
                if frame.first != self.seq + 1:
                    self._index = None
                    break
                self.seq = frame.last
            fresh.append(frame)
        return fresh

    async def _resume(self) -> list[Frame]:
        return await self._catch_up() if self._index is None else []

    async def _catch_up(self) -> list[Frame]:
        head, newest = self.topic.head, self.topic.seq or 0
        if self.seq >= newest:
            self._index = head
            return [self.topic.state] if self.topic.state else []
        frame = await self.topic.source.events(self.seq)
        if frame is None:
            return []
        self.seq = frame.last
        return [frame]
