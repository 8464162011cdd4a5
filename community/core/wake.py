"""Waking the readers of a live stream."""

import contextlib
import logging
from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

from community.core.realtime import SAY

log = logging.getLogger(__name__)


def wake_readers(group: str, last_seq: int) -> None:
    """Tell the readers of `group` after the commit that there is something to read.

    A lost wake-up costs latency alone: every topic also looks by itself once a second.
    """
    transaction.on_commit(partial(_wake_now, group, last_seq))


def _wake_now(group: str, last_seq: int) -> None:
    message = {"type": "wake", "last_seq": last_seq}
    try:
        async_to_sync(get_channel_layer().group_send)(group, message)
    except (RedisError, OSError) as error:
        log.warning("wake-up lost: %s", type(error).__name__)


async def say_to_readers(group: str, text: str) -> None:
    """Pass an encoded message to whoever reads `group` now; one that is lost is not missed."""
    with contextlib.suppress(RedisError, OSError):
        await get_channel_layer().group_send(group, {"type": SAY, "text": text})
