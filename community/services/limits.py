"""How often somebody may do something: counted in the cache, per window of seconds."""

from django.core.cache import cache

from community.core.errors import TooManyError


def limit(name: str, key: object, *, most: int, seconds: int, sentence: str) -> None:
    """Count one use of `name` by `key`; raises TooManyError beyond `most` in `seconds`."""
    counter = f"limit:{name}:{key}"
    cache.add(counter, 0, timeout=seconds)
    try:
        count = cache.incr(counter)
    except ValueError:  # it expired in between
        count = 1
    if count > most:
        raise TooManyError(sentence, retry_after=seconds)
