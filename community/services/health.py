"""Whether the parts the site stands on answer."""

import time
from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from redis.exceptions import RedisError

HEARTBEAT_KEY = "worker-heartbeat"
HEARTBEAT_LIMIT = 30.0


def record_heartbeat() -> None:
    """Remember the present instant as the worker's last sign of life."""
    cache.set(HEARTBEAT_KEY, time.time(), timeout=3600)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    cache.set("ready-probe", 1, timeout=5)
    return "ok"


def _worker() -> str:
    seen = cache.get(HEARTBEAT_KEY)
    if seen is None:
        return "not seen yet"
    age = time.time() - seen
    return "ok" if age <= HEARTBEAT_LIMIT else f"last seen {age:.0f} s ago"


PARTS: dict[str, Callable[[], str]] = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
}


def readiness() -> dict[str, str]:
    """Each part with `ok` or what ails it, in plain words."""
    answers = {}
    for name, probe in PARTS.items():
        try:
            answers[name] = probe()
        except (DatabaseError, RedisError, OSError):
            answers[name] = "does not answer"
    return answers
