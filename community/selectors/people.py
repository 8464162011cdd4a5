from typing import Protocol

from django.contrib.auth.models import AnonymousUser

from community.core.errors import ProductError
from community.models import User


class NotSignedInError(ProductError):
    status = 401
    default_code = "not_authenticated"


class _Asked(Protocol):
    @property
    def user(self) -> User | AnonymousUser: ...


def signed_in(request: _Asked) -> User:
    """The account that asks; raises NotSignedInError where there is none."""
    if not isinstance(request.user, User):
        raise NotSignedInError("Sign in first.")
    return request.user
