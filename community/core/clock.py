"""The one clock. UTC inside, zones at the edge."""

import datetime as dt

from django.utils import timezone


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()


def seconds(count: float) -> dt.timedelta:
    """A span of `count` seconds."""
    return dt.timedelta(seconds=count)


def in_seconds(count: float) -> dt.datetime:
    """The instant `count` seconds from now."""
    return now() + seconds(count)
