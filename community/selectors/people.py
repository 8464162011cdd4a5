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


def as_of_now(user: User | AnonymousUser) -> User | AnonymousUser:
    """`user` fetched anew: what the object remembers of its rights may have passed."""
    if not user.is_authenticated:
        return user
    return User.objects.filter(pk=user.pk, is_active=True).first() or AnonymousUser()
