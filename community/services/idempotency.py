"""One answer for one Idempotency-Key: the key, the deed and the answer commit together."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from community.core import clock
from community.exceptions import IdempotencyError
from community.models import IdempotentAnswer, User

KEPT_FOR = clock.seconds(24 * 3600)


class Answer(NamedTuple):
    status: int
    body: Any


class AskedKey(NamedTuple):
    """Whose key it is, and the digest of the request it came with."""

    user: User
    key: str
    request_digest: str


def answer_once(asked: AskedKey, act: Callable[[], Answer]) -> Answer:
    """The stored answer to `asked`, else what `act` answers, stored in its own transaction.

    A second request with the same key waits on the unique index until the first has committed
    and then reads its answer; a first that is refused or dies leaves nothing, and the second
    acts. Raises IdempotencyError when the key came with another request before.
    """
    while True:
        known = IdempotentAnswer.objects.filter(user=asked.user, key=asked.key).first()
        if known is not None:
            if known.request_digest != asked.request_digest:
                raise IdempotencyError("This Idempotency-Key was used with another request.")
            return Answer(known.status or 0, known.body)
        try:
            return _act(asked, act)
        except IntegrityError as error:
            if "one_answer_per_key" not in str(error):
                raise


def _act(asked: AskedKey, act: Callable[[], Answer]) -> Answer:
    with transaction.atomic():
        row = IdempotentAnswer.objects.create(
            user=asked.user, key=asked.key, request_digest=asked.request_digest
        )
        answer = act()
        row.status, row.body = answer
        row.save(update_fields=["status", "body"])
    return answer


def drop_old_answers() -> int:
    """Forget answers older than a day; returns how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]
