"""Many threads, each with a connection of its own, let go at the same moment."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def stampede(calls: list[Callable[[], Any]], *, width: int) -> list[Any]:
    """The calls' results or exceptions in order, `width` at once from a common start."""
    gate = threading.Barrier(min(width, len(calls)))
    waited = threading.local()

    def run(call: Callable[[], Any]) -> Any:
        if not hasattr(waited, "done"):
            waited.done = True
            gate.wait(timeout=30)
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the test looks at what came
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=min(width, len(calls))) as threads:
        return list(threads.map(run, calls))
