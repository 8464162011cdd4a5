from django.utils.translation import gettext_lazy as _
from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from community.models import ApiToken, User
from community.selectors.tokens import token_owner


class TokenAuthentication(authentication.TokenAuthentication):
    """`Authorization: Bearer <token>`; boot tokens of nodes are none of ours."""

    keyword = "Bearer"
    model = ApiToken

    def authenticate_credentials(self, key: str) -> tuple[User, ApiToken]:
        """The owner and the token; raises AuthenticationFailed, which answers 401."""
        found = token_owner(key)
        if found is None:
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        return found


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session; says how to sign in so that the answer is 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the interface's
        return "Bearer"


class _SessionScheme(SessionScheme):  # type: ignore[no-untyped-call]
    """Tells the OpenAPI document that the class above is the session cookie."""

    target_class = "community.api.authentication.SessionAuthentication"
