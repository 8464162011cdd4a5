"""Who may open a socket: a session or a bearer token, from our own pages or from programs."""

from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http.cookie import parse_cookie
from django.http.request import split_domain_port, validate_host
from starlette.responses import PlainTextResponse

from community.core.middleware import is_loopback
from community.core.threads import in_thread
from community.selectors.tokens import token_owner

NOT_FOUND = 4404


def _header(scope: dict[str, Any], name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def is_own_origin(scope: dict[str, Any]) -> bool:
    """Whether the handshake comes from our own pages, or from a program, which sends no Origin."""
    origin = _header(scope, b"origin")
    if not origin:
        return True
    host = _header(scope, b"host")
    return urlsplit(origin).netloc.lower() == host.lower() and validate_host(
        split_domain_port(host)[0], settings.ALLOWED_HOSTS
    )


def passes_demo(scope: dict[str, Any]) -> bool:
    """The demo answers this machine alone, sockets included."""
    if not settings.DEMO:
        return True
    client = scope.get("client") or ("",)
    host, _ = split_domain_port(_header(scope, b"host"))
    return is_loopback(str(client[0])) and is_loopback(host)


class NoSuchSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Answers every address that is no socket with the close code a reader can see."""

    async def connect(self) -> None:
        """Accept, because a browser cannot see why a handshake was refused, and close."""
        await self.accept()
        await self.close(NOT_FOUND)


class DemoGuard:
    """Keeps the demo to this machine for everything that is answered, files included."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        if passes_demo(scope):
            return await self.application(scope, receive, send)
        refusal = PlainTextResponse("The demo answers only on this machine's own address.", 403)
        return await refusal(scope, receive, send)


class OriginGuard:
    """Refuses foreign origins in the handshake."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        if is_own_origin(scope) and passes_demo(scope):
            return await self.application(scope, receive, send)
        return await WebsocketDenier()(scope, receive, send)


class _ReadSession(dict[str, Any]):
    """A session that is only looked at: what rotates or ends one cannot reach the browser here."""

    def cycle_key(self) -> None:
        """Leave the key as it is."""

    def flush(self) -> None:
        """Forget what was read; the stored session stays."""
        self.clear()


def _user_of(token: str, session_key: str) -> Any:
    owner = token_owner(token) if token else None
    if owner is not None:
        return owner[0]
    request = HttpRequest()
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    request.session = _ReadSession(store.load())  # type: ignore[assignment]  # all get_user needs
    return get_user(request)


class Authentication:
    """`user` in the scope: a bearer token's owner, else the session's, else a stranger.

    Channels' own session middleware would look at the session again with every message sent.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        scheme, _, token = _header(scope, b"authorization").partition(" ")
        token = token.strip() if scheme.lower() == "bearer" else ""
        key = parse_cookie(_header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
        user: Any = AnonymousUser()
        if token or key:
            user = await in_thread(_user_of, token, key)
        return await self.application({**scope, "user": user}, receive, send)
