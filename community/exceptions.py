from community.core.errors import ConflictError, InvalidError


class OtherAccountsError(ConflictError):
    default_code = "other_accounts"


class SeasonError(InvalidError):
    default_code = "season"


class IdempotencyError(InvalidError):
    default_code = "idempotency_key_reused"


class LastOrganizerError(ConflictError):
    default_code = "last_organizer"


class TakeoverError(ConflictError):
    default_code = "no_takeover"


class WrongAddressError(InvalidError):
    default_code = "wrong_address"
