"""A socket that serves one live stream: `?after=<seq>` says from where."""

import asyncio
import contextlib
import json
import logging
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from community.core.numbers import natural
from community.core.realtime import Frame, Reader, Source, hub, key_of

log = logging.getLogger(__name__)
NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, STOPPED_READING = 4401, 4403, 4404, 4408
BROKEN = 1011
LONGEST_MESSAGE = 1000
# A reader that takes nothing for this long is given up; its next connection goes on from `after`.
LONGEST_SEND_S = 15.0
LONGEST_CLOSE_S = 3.0


class StreamConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Serves one reader at its own pace; see `community.core.realtime`.

    An app's consumer names its source and leaves the rest to this class.
    """

    # No channel of its own: the topic listens for all its readers.
    channel_layer_alias = None
    _task: asyncio.Task[None] | None = None
    _closing: asyncio.Task[None] | None = None
    _watcher: asyncio.TimerHandle | None = None
    _sending = _sent = 0  # the number of the frame being sent, and of the last one taken
    _reader: Reader | None = None

    async def source(self) -> Source | None:
        """What the address names; None where there is no such thing."""
        raise NotImplementedError

    async def connect(self) -> None:
        """Accept, then say by a close code where there is no right to read.

        The code comes after the handshake because a browser cannot see why one is refused.
        """
        await self.accept()
        self._task = asyncio.create_task(self._serve_guarded())
        self._watch()

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - the interface's
        """Stop serving."""
        if self._watcher is not None:
            self._watcher.cancel()
        for task in (self._task, self._closing):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        """`{"type": "after", "seq": n}` asks to be served again from behind event n."""
        if text_data is None or len(text_data) > LONGEST_MESSAGE or self._reader is None:
            return
        with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
            message = json.loads(text_data)
            if message["type"] == "after" and isinstance(message["seq"], int):
                self._reader.go_to(max(message["seq"], 0))
            elif message["type"] != "after":
                await self.hear(message)

    async def hear(self, message: dict[str, Any]) -> None:
        """What else a reader says; a stream that listens to more than `after` says so here."""

    def _after(self) -> int:
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        text = query.get("after", ["0"])[0]
        return natural(text) or 0

    async def _serve_guarded(self) -> None:
        try:
            await self._serve()
        except (RuntimeError, OSError) as error:
            # What a server raises for a send after the reader has gone.
            log.info("a live socket ended in mid-send: %s", error)
        except Exception:
            # Nobody awaits this task: without a close the reader would wait for ever.
            log.exception("a live socket broke")
            await self._close_quietly(BROKEN)

    async def _close_quietly(self, code: int) -> None:
        """Close even where the reader takes nothing any more, not even this."""
        with contextlib.suppress(RuntimeError, OSError, TimeoutError):
            async with asyncio.timeout(LONGEST_CLOSE_S):
                await self.close(code)

    async def _serve(self) -> None:
        user: Any = self.scope["user"]
        source = await self.source()
        if source is None or not await source.readers_among([user]):
            await self.close(NOT_FOUND if user.is_authenticated else NOT_SIGNED_IN)
            return
        key = key_of(user)
        async with hub.topic(source, user) as topic:  # joined: nothing after this line is missed
            await self._put(await topic.snapshot())
            self._reader = reader = Reader(topic, self._after())
            while key not in topic.without_right:
                frames = await reader.next_frames()
                for frame in frames:
                    await self._put(frame)
                    if frame.is_end:
                        await self.close(1000)
                        return
                if not frames:
                    await reader.wait()
        await self.close(FORBIDDEN)

    async def _put(self, frame: Frame) -> None:
        self._sending += 1
        await self.base_send({"type": "websocket.send", "text": frame.text})
        self._sent = self._sending

    def _watch(self, sending: int = 0) -> None:
        """Give up a reader that has taken nothing since the last look.

        One timer now and then instead of one around every message.
        """
        if self._sent < sending == self._sending and self._task is not None:
            self._task.cancel()
            self._closing = asyncio.create_task(self._close_quietly(STOPPED_READING))
            return
        loop = asyncio.get_running_loop()
        self._watcher = loop.call_later(LONGEST_SEND_S, self._watch, self._sending)
