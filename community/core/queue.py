"""Enqueue after the commit; a broker that is away costs latency, never the work.

Everything enqueued also stands in the database, where a periodic task finds what is due.
"""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def _send(task: Any, args: tuple[Any, ...]) -> None:
    try:
        task.apply_async(args=args)
    except (OperationalError, ConnectionError) as error:
        log.warning("%s waits for the broker: %s", task.name, type(error).__name__)


def enqueue(task: Any, *args: Any) -> None:
    """Run `task` with ids as `args` once the present transaction has committed."""
    transaction.on_commit(partial(_send, task, args))
