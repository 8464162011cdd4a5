"""Database work of sockets: a few threads of their own, each connection given back at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import connections

Answer = TypeVar("Answer")
# Few: one read serves all readers of a process, and pages must not wait for sockets.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sockets")


async def in_thread(function: Callable[..., Answer], *args: Any) -> Answer:
    """The result of `function`, run beside the event loop."""

    def call() -> Answer:
        try:
            return function(*args)
        finally:
            connections.close_all()  # with a pool: back into it

    return await sync_to_async(call, thread_sensitive=False, executor=_threads)()
