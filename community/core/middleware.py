"""Middleware of our own; each runs under sync and async alike."""

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.utils.decorators import sync_and_async_middleware

from community.core.errors import ForbiddenError, NotFoundError, ProductError
from community.core.logs import without_links

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


def is_loopback(host: str) -> bool:
    """Whether `host` is an address or name of this very machine."""
    host = host.strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_strangers(request: HttpRequest) -> HttpResponse | None:
    """In the demo, an answer for requests from elsewhere; None where the request may pass.

    The demo shows every mail and its passwords are public, so it must be reachable from this
    machine alone, and not through a foreign host name either (DNS rebinding).
    """
    if not settings.DEMO:
        return None
    host, _port = split_domain_port(request.META.get("HTTP_HOST", ""))
    if is_loopback(str(request.META.get("REMOTE_ADDR", ""))) and is_loopback(host):
        return None
    return HttpResponse(
        "The demo answers only on this machine's own address.",
        status=403,
        content_type="text/plain",
    )


def _both(decide: Callable[[HttpRequest], HttpResponse | None], get_response: Any) -> Any:
    if iscoroutinefunction(get_response):

        @wraps(decide)
        async def middleware(request: HttpRequest) -> Any:
            return decide(request) or await get_response(request)
    else:

        @wraps(decide)
        def middleware(request: HttpRequest) -> Any:
            return decide(request) or get_response(request)

    return middleware


@sync_and_async_middleware
def demo_guard(get_response: GetResponse) -> Any:
    """Refuse what does not come from this machine while the demo runs."""
    return _both(refuse_strangers, get_response)


def answer_page(request: HttpRequest, error: ProductError) -> HttpResponse:
    """A refusal as a browser sees it: back to the page with the sentence, or an error page."""
    path = without_links(request.path)
    log.info("%s %s: %s (%s)", request.method, path, error.sentence, error.code)
    if request.method == "POST" and not isinstance(error, NotFoundError | ForbiddenError):
        back = request.headers.get("Referer", "")
        if back.startswith((f"{request.scheme}://{request.get_host()}/",)):
            messages.error(request, error.sentence)
            return redirect(back)
    template = "404.html" if error.status == NotFoundError.status else "403.html"
    return render(request, template, {"sentence": error.sentence}, status=error.status)


class _Errors:
    """Turns a service's refusal, raised in a view, into its answer."""

    async_capable = True
    sync_capable = True

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            from asgiref.sync import markcoroutinefunction  # only an async chain needs it

            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_page(request, error) if isinstance(error, ProductError) else None


product_errors = _Errors
