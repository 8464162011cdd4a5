"""Limits on what strangers may ask for, counted in the cache."""

import hashlib

from django.core.cache import cache

from community.exceptions import TooManyError


def spend_allowance(*, name: str, key: str, most: int, seconds: int) -> None:
    """Count one use of `name` by `key`; raises TooManyError at the one after `most`.

    Windows are fixed: `seconds` after the first use the counting begins anew. Neither addresses
    nor names stand in the cache, only their digest.
    """
    counter = f"limit:{name}:{hashlib.sha256(key.lower().encode()).hexdigest()[:32]}"
    cache.add(counter, 0, timeout=seconds)
    if cache.incr(counter) > most:
        raise TooManyError(
            "That was asked for too often from here. Nothing was saved; try again later.",
            retry_after_s=seconds,
        )
