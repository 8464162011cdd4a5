"""The deployment socket: `/ws/v1/deployments/<id>/?after=<seq>`."""

import asyncio
import contextlib
import json
import logging
import uuid
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from community.core.realtime import Frame, Reader, hub
from deploylab.live import DeploymentSource

log = logging.getLogger(__name__)
NOT_SIGNED_IN, FORBIDDEN, NOT_FOUND, STOPPED_READING = 4401, 4403, 4404, 4408
BROKEN = 1011
# A reader that takes nothing for this long is given up; its next connection goes on from `after`.
LONGEST_SEND_S = 30.0


class DeploymentConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Serves one reader at its own pace; see `community.core.realtime`."""

    _task: asyncio.Task[None] | None = None
    _reader: Reader | None = None

    async def connect(self) -> None:
        """Accept, then say by a close code where there is no right to read.

        The code comes after the handshake because a browser cannot see why one is refused.
        """
        await self.accept()
        self._task = asyncio.create_task(self._serve_guarded())

    async def disconnect(self, code: int) -> None:  # noqa: ARG002 - the interface's
        """Stop serving."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:  # noqa: ARG002
        """`{"type": "after", "seq": n}` asks to be served again from behind event n."""
        with contextlib.suppress(ValueError, TypeError, KeyError):
            message = json.loads(text_data or "")
            if message["type"] == "after" and self._reader is not None:
                self._reader.go_to(max(int(message["seq"]), 0))

    def _after(self) -> int:
        query = parse_qs(self.scope["query_string"].decode(errors="replace"))
        text = query.get("after", ["0"])[0]
        return int(text) if text.isdigit() else 0

    async def _serve_guarded(self) -> None:
        try:
            await self._serve()
        except Exception:
            # Nobody awaits this task: without a close the reader would wait for ever.
            log.exception("a deployment socket broke")
            await self.close(BROKEN)

    async def _serve(self) -> None:
        source = DeploymentSource(uuid.UUID(str(self.scope["url_route"]["kwargs"]["pk"])))
        user: Any = self.scope["user"]
        if not await source.may_read(user):
            await self.close(NOT_FOUND if user.is_authenticated else NOT_SIGNED_IN)
            return
        async with hub.topic(source) as topic:  # joined: nothing after this line is missed
            await self._put(await topic.source.snapshot())
            self._reader = reader = Reader(topic, self._after())
            while True:
                if not await topic.may_read(user):
                    await self.close(FORBIDDEN)
                    return
                change = topic.next_change()
                frames = await reader.next_frames()
                for frame in frames:
                    if not await self._put(frame):
                        return
                if not frames:
                    await asyncio.shield(change)

    async def _put(self, frame: Frame) -> bool:
        """Send `frame`; False when the reader is done or has stopped reading."""
        message = {"type": "websocket.send", "text": frame.text}
        try:
            async with asyncio.timeout(LONGEST_SEND_S):
                await self.base_send(message)
        except TimeoutError:
            await self.close(STOPPED_READING)
            return False
        if frame.is_end:
            await self.close(1000)
        return not frame.is_end
