"""Waking the readers of a live stream."""

import logging
from functools import partial

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from redis.exceptions import RedisError

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
