"""Live streams: join, then read, then follow by number. One read and one encoding a process.

A `Topic` is one stream in this process. It listens to the channel layer for wake-ups, reads what
is new from the database once, encodes it once, and keeps the newest frames in a ring. Each
reader walks the ring at its own pace; one that has fallen behind the ring reads from the
database instead and never loses a line. Whatever a thousand readers would each ask for, a right
or a page of what has been, is asked for once by their topic.
"""

import asyncio
import contextlib
import logging
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
TICK_S = 1.0  # how long a lost wake-up may cost
RING_FRAMES = 256
PAGES = 64
RIGHT_KEPT_S = 1.0
SAY = "say"  # a passing word to who reads now; it is stored nowhere
SPACING_S = 0.05  # between two reads: what many writers add meanwhile goes out as one frame


@dataclass(frozen=True)
class Frame:
    """An encoded message; `first` and `last` number its events, both 0 for a state frame."""

    text: str
    first: int = 0
    last: int = 0
    is_end: bool = False
    has_more: bool = False  # the batch was full: there may be more behind it
    tells_of_state: bool = False  # its events say that the state may have changed
    is_lasting: bool = True  # reading the same events later gives the same text


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

    async def readers_among(self, users: Sequence[Any]) -> list[Any]:
        """Those of `users` who may read now."""
        ...


class Topic:
    """One stream, shared by all its readers in this process."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.seq: int | None = None  # the newest event in the ring, None before the first read
        self.state: Frame | None = None
        self.ring: deque[Frame] = deque(maxlen=RING_FRAMES)
        self.head = 0  # the number of the next frame
        self.version = 0  # grows whenever readers have something to look at
        self.without_right: set[Any] = set()  # keys of readers who may read no longer
        self._people: dict[Any, Any] = {}
        self._sockets: Counter[Any] = Counter()
        self._asked_at = self._state_at = time.monotonic()
        self._waiting: list[asyncio.Future[None]] = []
        self._pages: dict[int, Frame] = {}
        self._reading = asyncio.Lock()
        self._snapshot: tuple[float, Frame] | None = None
        self._pump: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def join(self, user: Any) -> None:
        """Be listening before anything is read: what comes after this call is not missed."""
        key = key_of(user)
        self._sockets[key] += 1
        self._people[key] = user
        self.without_right.discard(key)  # who joins has just been asked for it
        if self._pump is None:
            self._pump = asyncio.create_task(self._run(), name=f"topic {self.source.group}")
        await self._ready.wait()

    def leave(self, user: Any) -> bool:
        """One reader less; whether it was the last."""
        key = key_of(user)
        self._sockets[key] -= 1
        if not self._sockets[key]:
            del self._sockets[key], self._people[key]
        if not self._sockets and self._pump is not None:
            self._pump.cancel()
        return not self._sockets

    def waiter(self) -> "asyncio.Future[None]":
        """Done at the next news; a reader's own, which costs less than waking many from one."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        return future

    def _announce(self) -> None:
        self.version += 1
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def snapshot(self) -> Frame:
        """The thing as it was at most a tick ago; the state that follows makes it new."""
        async with self._reading:
            kept = self._snapshot
            if kept is None or time.monotonic() - kept[0] > TICK_S:
                kept = self._snapshot = (time.monotonic(), await self.source.snapshot())
        return kept[1]

    async def page(self, after: int) -> Frame | None:
        """Events above `after`, read once for all who come by where they never change."""
        async with self._reading:
            frame = self._pages.get(after) or await self.source.events(after)
            if frame is not None and frame.is_lasting:
                self._pages[after] = frame
                if len(self._pages) > PAGES:
                    del self._pages[next(iter(self._pages))]
        return frame

    async def _run(self) -> None:
        layer, channel = get_channel_layer(), None
        try:
            while True:
                channel = channel or await self._listen(layer)
                version, began = self.head, time.monotonic()
                await self._guarded(self._read)
                await self._guarded(self._ask_rights)
                self._ready.set()
                if self.head != version:
                    self._announce()
                await asyncio.sleep(max(0.0, began + SPACING_S - time.monotonic()))
                await self._sleep(layer, channel)
        finally:
            with contextlib.suppress(Exception):
                await layer.group_discard(self.source.group, channel)

    async def _listen(self, layer: Any) -> str | None:
        """Our channel in the group; None while the channel layer is away."""
        try:
            channel = str(await layer.new_channel())
            await layer.group_add(self.source.group, channel)
        except (RedisError, OSError):
            log.warning("no wake-ups for %s: reading by the tick", self.source.group)
            return None
        return channel

    async def _sleep(self, layer: Any, channel: str | None) -> None:
        """Until a wake-up tells of events not yet read, at most for a tick."""
        with contextlib.suppress(TimeoutError, RedisError, OSError):
            async with asyncio.timeout(TICK_S):
                while channel is not None:
                    message = await layer.receive(channel)
                    if message["type"] == SAY:
                        self._push(Frame(message["text"]))
                        self._announce()
                    elif message["last_seq"] > (self.seq or 0):
                        return
                await asyncio.sleep(TICK_S)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except Exception:
            # The database may be away for a moment; the readers wait and the next tick tries.
            log.exception("reading %s failed", self.source.group)
            await asyncio.sleep(TICK_S)

    async def _ask_rights(self) -> None:
        if time.monotonic() - self._asked_at < RIGHT_KEPT_S:
            return
        people = dict(self._people)
        readers = await self.source.readers_among(list(people.values()))
        self._asked_at = time.monotonic()
        self.without_right = people.keys() - {key_of(user) for user in readers}
        if self.without_right:
            self._announce()

    async def _read(self) -> None:
        if self.seq is None:
            self.seq = (await self.source.snapshot()).last
            self.state = await self.source.news()
            return
        stale = time.monotonic() - self._state_at >= TICK_S
        if not (stale | await self._read_events(self.seq)):
            return
        self._state_at = time.monotonic()
        state = await self.source.news()
        if state is not None:
            # What led to a state is told before it: an end comes after the last event.
            await self._read_events(self.seq)
            self.state = state
            self._push(state)

    async def _read_events(self, seq: int) -> bool:
        """Put what is new into the ring; whether it tells of a change of state."""
        tells_of_state = False
        while (frame := await self.source.events(seq)) is not None:
            self._push(frame)
            self.seq = seq = frame.last
            tells_of_state |= frame.tells_of_state
            if not frame.has_more:
                break
        return tells_of_state

    def _push(self, frame: Frame) -> None:
        self.ring.append(frame)
        self.head += 1

    def frames_since(self, index: int) -> list[Frame] | None:
        """Frames from number `index` on; None where the ring no longer holds them."""
        behind = self.head - index
        if behind > len(self.ring):
            return None
        return [self.ring[-number] for number in range(behind, 0, -1)]


def key_of(user: Any) -> Any:
    """What tells one reader's rights from another's; None for all strangers."""
    return getattr(user, "pk", None)


class Hub:
    """The topics of this process."""

    def __init__(self) -> None:
        self._topics: dict[str, Topic] = {}

    @contextlib.asynccontextmanager
    async def topic(self, source: Source, user: Any) -> AsyncIterator[Topic]:
        """The shared topic of `source`, joined; it ends with its last reader."""
        topic = self._topics.setdefault(source.group, Topic(source))
        try:
            await topic.join(user)
            yield topic
        finally:
            if topic.leave(user) and self._topics.get(source.group) is topic:
                del self._topics[source.group]


hub = Hub()


class Reader:
    """One reader's walk along a topic: what to send next, in order, each once."""

    def __init__(self, topic: Topic, after: int) -> None:
        self.topic = topic
        self.seq = after
        self._index: int | None = None  # None: behind the ring, reading from the database
        self._version = -1  # the topic's when we last looked
        self._waiter: asyncio.Future[None] | None = None

    def go_to(self, after: int) -> None:
        """Serve again from behind event `after`."""
        self.seq = after
        self._index, self._version = None, -1
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def wait(self) -> None:
        """Until there may be more than `next_frames` last gave."""
        if self._version == self.topic.version:
            self._waiter = self.topic.waiter()
            await self._waiter

    async def next_frames(self) -> list[Frame]:
        """Frames to send now; empty when there is no news yet."""
        self._version = self.topic.version
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
        head, newest, after = self.topic.head, self.topic.seq or 0, self.seq
        if after >= newest:
            self._index = head
            return [self.topic.state] if self.topic.state else []
        frame = await self.topic.page(after)
        if frame is None or self.seq != after:  # sent elsewhere meanwhile
            return []
        self.seq = frame.last
        return [frame]
