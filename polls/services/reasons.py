from community.core.errors import InvalidError
from polls.wording import look_of, one_line

LONGEST_REASON = 300


def checked_reason(reason: str) -> str:
    """A reason on one line. Raises InvalidError for none, or one that is too long."""
    reason = one_line(reason)
    if not look_of(reason):
        raise InvalidError(
            "Say why; the reason is shown. Nothing was changed.", errors={"reason": ["needed"]}
        )
    if len(reason) > LONGEST_REASON:
        raise InvalidError(
            f"A reason has at most {LONGEST_REASON} characters.", errors={"reason": ["too long"]}
        )
    return reason
