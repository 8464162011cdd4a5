from typing import Protocol

from allauth.account.models import EmailAddress
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


def account_of(email: str) -> User | None:
    """The account known by `email`: its own address, or another it has confirmed."""
    email = email.strip()
    users = User.objects.all()
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
    return (
        users.filter(email=email.lower()).first()  # as it is stored, and found by the index
        or users.filter(email__iexact=email).first()
        or users.filter(pk__in=confirmed.values("user")).first()
    )


def as_of_now(user: User | AnonymousUser) -> User | AnonymousUser:
    """`user` fetched anew: what the object remembers of its rights may have passed."""
    if not user.is_authenticated:
        return user
    return User.objects.filter(pk=user.pk, is_active=True).first() or AnonymousUser()
