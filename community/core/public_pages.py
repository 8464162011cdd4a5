"""Pages that look the same to every stranger are made once for each version of their subject.

An app registers a page by the pattern of its path, with a function that says the version of what
it shows by one short query, or None where a stranger sees nothing. The page is made anew whenever
that version has changed; what else stands on it (other apps' parts, whether it is over by now) is
at most `KEPT_S` old. Whoever has a session, or words waiting for them, gets a page of their own.
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from asgiref.sync import iscoroutinefunction
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

from community.core.context import THEMES

Made = TypeVar("Made")
Version = Callable[..., object | None]
KEPT_S = 5
HARMLESS_COOKIES = frozenset({"theme", "csrftoken"})
_pages: list[tuple[re.Pattern[str], Version]] = []


def register_public_page(pattern: str, version: Version) -> None:
    """`version` gets the pattern's named groups; a page is kept under what it returns."""
    if all(known is not version for _, known in _pages):
        _pages.append((re.compile(pattern), version))


def _version_of(path: str) -> object | None:
    for pattern, version in _pages:
        match = pattern.fullmatch(path)
        if match:
            return version(**match.groupdict())
    return None


def _key(request: HttpRequest) -> str | None:
    """What the page is kept under; None where it is not one of these, or not for a stranger."""
    if request.method != "GET" or request.META.get("QUERY_STRING"):
        return None
    if request.COOKIES.keys() - HARMLESS_COOKIES or "HTTP_AUTHORIZATION" in request.META:
        return None
    version = _version_of(request.path)
    if version is None:
        return None
    theme, language = request.COOKIES.get("theme"), get_language_from_request(request)
    look = theme if theme in THEMES else ""
    return f"{request.get_host()}|{request.path}|{version}|{look}|{language}"


def kept(key: str, make: Callable[[], Made]) -> Made:
    """What `make` made for `key` less than `KEPT_S` ago in this process; `key` names a version."""
    found: Made | None = caches["pages"].get(key)
    if found is None:
        found = make()
        caches["pages"].set(key, found, KEPT_S)
    return found


class PublicPages:
    """Middleware: answers from the pages kept, and keeps what it had to have made."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Any) -> None:
        assert not iscoroutinefunction(get_response)  # noqa: S101 - see community.project.handler
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        kept = caches["pages"].get(key)
        if kept is not None:
            content, headers = kept
            return HttpResponse(content, headers=headers)
        response = self.get_response(request)
        if response.status_code == HttpResponse.status_code and not response.cookies:
            caches["pages"].set(key, (response.content, dict(response.headers)), KEPT_S)
        return response
