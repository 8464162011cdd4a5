from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class PerAccount(SimpleRateThrottle):
    """600 calls a minute for each account. Nobody is counted by address: 200 people share one."""

    scope = "account"
    rate = "600/minute"

    def get_cache_key(self, request: Request, view: Any) -> str | None:  # noqa: ARG002
        """The account's counter; None for anonymous readers, who are not limited here."""
        if not request.user.is_authenticated:
            return None
        return f"throttle:{request.user.pk}"
