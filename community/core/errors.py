"""What services raise: one plain sentence, a stable code, and the answer's status.

Doors turn these into an answer (problem+json for programs, a message or an error page for
browsers); nothing else needs to know about HTTP.
"""

from typing import Any


class ProductError(Exception):
    """Base of every refusal a person may cause.

    `sentence` says what is wrong and what to do; `code` is stable and for programs; `extra`
    holds further members of the problem document (conflicts, alternatives).
    """

    status = 400
    default_code = "bad_request"

    def __init__(self, sentence: str, *, code: str | None = None, **extra: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code or self.default_code
        self.extra = extra


class InvalidError(ProductError):
    """The request can be read but makes no sense. `errors` maps fields to sentences."""

    status = 422
    default_code = "invalid"


class ConflictError(ProductError):
    """The request contradicts the present state."""

    status = 409
    default_code = "conflict"


class ForbiddenError(ProductError):
    """The thing may be seen but this may not be done to it."""

    status = 403
    default_code = "forbidden"


class NotFoundError(ProductError):
    """It is not there, or not for this person."""

    status = 404
    default_code = "not_found"


class TransitionError(ConflictError):
    """A state machine has no such row."""

    default_code = "wrong_state"


class TooManyError(ProductError):
    """More than one person may do in a while. `retry_after` is in seconds."""

    status = 429
    default_code = "too_many_requests"

    def __init__(self, sentence: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(sentence, code=code)
        self.retry_after = retry_after
