"""What every live stream's source shares: its encoding, and asking for its readers' rights."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser

from community.core.threads import in_thread
from community.selectors.people import as_of_now


def encode(message: dict[str, Any]) -> str:
    """A message as it goes out."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


class Readable:
    """A source whose readers are those who may see a thing: `is_seen_by` asks its queryset."""

    def is_seen_by(self, user: Any) -> bool:
        """Whether `user`, fetched just now, may see what is streamed."""
        raise NotImplementedError

    def _may_read(self, user: Any) -> bool:
        return self.is_seen_by(as_of_now(user))

    def _readers_among(self, users: Sequence[Any]) -> list[Any]:
        # What a stranger may read everyone may: one question then answers for a thousand readers.
        if self._may_read(AnonymousUser()):
            return list(users)
        return [user for user in users if self._may_read(user)]

    async def readers_among(self, users: Sequence[Any]) -> list[Any]:
        """Those of `users` who may read now."""
        return await in_thread(self._readers_among, users)
