"""How often somebody may do something: counted in the cache, per window of seconds."""

import hashlib

from django.core.cache import cache

from community.core.errors import TooManyError

SENTENCE = "That was asked for too often from here. Nothing was saved; try again later."


def _counter(name: str, key: object) -> str:
    return f"limit:{name}:{hashlib.sha256(str(key).lower().encode()).hexdigest()[:32]}"


def check_limit(
    name: str, key: object, *, most: int, seconds: int, sentence: str = SENTENCE
) -> None:
    """Raise TooManyError where `limit` has counted `most` already; counts nothing itself."""
    if cache.get(_counter(name, key), 0) >= most:
        raise TooManyError(sentence, retry_after=seconds)


def limit(name: str, key: object, *, most: int, seconds: int, sentence: str = SENTENCE) -> None:
    """Count one use of `name` by `key`; raises TooManyError beyond `most` in `seconds`.

    Windows are fixed: `seconds` after the first use the counting begins anew. Neither addresses
    nor names stand in the cache, only their digest.
    """
    counter = _counter(name, key)
    cache.add(counter, 0, timeout=seconds)
    try:
        count = cache.incr(counter)
    except ValueError:  # it expired in between
        count = 1
    if count > most:
        raise TooManyError(sentence, retry_after=seconds)
