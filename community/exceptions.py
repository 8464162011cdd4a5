from community.core.errors import ConflictError, InvalidError, ProductError


class OtherAccountsError(ConflictError):
    default_code = "other_accounts"


class SeasonError(InvalidError):
    default_code = "season"


class IdempotencyError(InvalidError):
    default_code = "idempotency_key_reused"


class TooManyError(ProductError):
    """Asked for too often; `retry_after_s` in `extra` says when it may be tried again."""

    status = 429
    default_code = "too_many"


class LastOrganizerError(ConflictError):
    default_code = "last_organizer"


class TakeoverError(ConflictError):
    default_code = "no_takeover"


class WrongAddressError(InvalidError):
    default_code = "wrong_address"
