from typing import Any

from django.db import IntegrityError, transaction

from community.core import clock
from community.core.errors import ConflictError
from community.exceptions import IdempotencyError
from community.models import IdempotentAnswer, User

# A process that died between claiming and answering leaves a claim without an answer.
ABANDONED_AFTER = clock.seconds(60)
KEPT_FOR = clock.seconds(24 * 3600)


def claim_key(*, user: User, key: str, request_digest: str) -> tuple[IdempotentAnswer, bool]:
    """The row of `key`, and whether this call is the one that acts.

    Raises IdempotencyError when the key was used with another request, ConflictError while the
    first request is still being answered.
    """
    IdempotentAnswer.objects.filter(
        user=user, key=key, status=None, created_at__lt=clock.now() - ABANDONED_AFTER
    ).delete()
    try:
        with transaction.atomic():
            return IdempotentAnswer.objects.create(
                user=user, key=key, request_digest=request_digest
            ), True
    except IntegrityError:
        row = IdempotentAnswer.objects.get(user=user, key=key)
    if row.request_digest != request_digest:
        raise IdempotencyError("This Idempotency-Key was used with another request.")
    if row.status is None:
        raise ConflictError(
            "The first request with this Idempotency-Key is still being answered. Try again.",
            code="in_progress",
        )
    return row, False


def keep_answer(row: IdempotentAnswer, *, status: int, body: Any) -> None:
    """Store the answer of the request that claimed `row`."""
    IdempotentAnswer.objects.filter(pk=row.pk).update(status=status, body=body)


def forget_key(row: IdempotentAnswer) -> None:
    """Free the key of a request that was refused."""
    row.delete()


def drop_old_answers() -> int:
    """Forget answers older than a day; returns how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]
