"""The brainstorm's socket: `/ws/v1/brainstorms/<slug>/?after=<seq>`."""

import time
from typing import Any

from community.core.streams import StreamConsumer
from community.core.threads import in_thread
from community.core.wake import say_to_readers
from community.live import encode
from polls.live import BrainstormSource, brainstorm_source

TYPING_EVERY_S = 1.0
NAME_KEPT_S = 30.0
LONGEST_MARK = 32


class BrainstormConsumer(StreamConsumer):
    """Serves the cards, and passes on who is typing.

    `{"type": "typing", "idea": id or null, "mark": "…"}`: `idea` is the card written on, null a
    new one; `mark` comes back to the sender, who knows by it which are their own.
    """

    _brainstorm: BrainstormSource | None = None
    _typed_at = 0.0
    _asked_at = -NAME_KEPT_S
    _typist: dict[str, Any] | None = None

    async def source(self) -> BrainstormSource | None:
        """The brainstorm the address names."""
        slug = self.scope["url_route"]["kwargs"]["slug"]
        self._brainstorm = await in_thread(brainstorm_source, slug)
        return self._brainstorm

    async def hear(self, message: dict[str, Any]) -> None:
        """Tell the others that somebody who may write is typing, at most once a second."""
        idea, mark, now = message.get("idea"), message.get("mark", ""), time.monotonic()
        is_known = idea is None or (isinstance(idea, int) and not isinstance(idea, bool))
        if message["type"] != "typing" or not is_known or not isinstance(mark, str):
            return
        if self._brainstorm is None or now < self._typed_at + TYPING_EVERY_S:
            return
        self._typed_at = now
        if now >= self._asked_at + NAME_KEPT_S:
            self._asked_at = now
            self._typist = await self._brainstorm.typist(self.scope["user"])
        if self._typist is None:
            return
        said = {
            "type": "typing",
            "idea": idea,
            "author": self._typist or None,
            "mark": mark[:LONGEST_MARK],
        }
        await say_to_readers(self._brainstorm.group, encode(said))
