"""Errors as `application/problem+json` (RFC 9457)."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from community.core.errors import ProductError, TooManyError

log = logging.getLogger(__name__)

_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    410: "Gone",
    415: "Unsupported media type",
    422: "Makes no sense",
    429: "Too many requests",
    503: "Not ready",
}


NO_FIELD = "non_field_errors"
BUSY = "Too many people want this at once. Nothing was changed; try again in a few seconds."


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


def problem(status_code: int, detail: str, code: str, **extra: Any) -> Response:
    """A problem document as a response."""
    response = Response(
        {
            "type": "about:blank",
            "title": _TITLES.get(status_code, "Error"),
            "status": status_code,
            "detail": detail,
            "code": code,
            **extra,
        },
        status=status_code,
        content_type=ProblemRenderer.media_type,
    )
    # The answer to a refusal does not depend on what the caller would have accepted.
    response.accepted_renderer = ProblemRenderer()
    response.accepted_media_type = ProblemRenderer.media_type
    response.renderer_context = {}  # type: ignore[attr-defined]
    return response


def _of_fields(error: exceptions.ValidationError) -> Response:
    detail = error.detail
    errors = detail if isinstance(detail, dict) else {NO_FIELD: detail}
    where, sentence = next(_leaves(errors, ()), ((), "This makes no sense."))
    place = f"{'.'.join(where)}: " if where else ""
    return problem(422, f"{place}{sentence}", "invalid", errors=errors)


def _leaves(errors: Any, where: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The sentences among `errors`, each with the names and rows (from 0) that lead to it."""
    if isinstance(errors, dict):
        for name, more in errors.items():
            yield from _leaves(more, where if name == NO_FIELD else (*where, str(name)))
    elif isinstance(errors, list):
        for row, more in enumerate(errors):
            yield from _leaves(more, where if isinstance(more, str) else (*where, str(row)))
    else:
        yield where, str(errors)


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """The problem document for `error`; None lets an unforeseen one become a 500."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, OperationalError):
        answer = problem(503, BUSY, "busy")
        answer["Retry-After"] = "5"
    elif isinstance(error, ProductError):
        answer = problem(error.status, error.sentence, error.code, **error.extra)
        if isinstance(error, TooManyError):
            answer["Retry-After"] = str(error.retry_after)
    elif isinstance(error, exceptions.ValidationError):
        answer = _of_fields(error)
    elif isinstance(error, exceptions.APIException):
        answer = problem(error.status_code, str(error.detail), error.default_code)
        _add_headers(answer, error)
    else:
        return None
    set_rollback()
    request = context["request"]
    log.info("%s %s: %s", request.method, request.path, answer.data["code"])
    return answer


def _add_headers(answer: Response, error: exceptions.APIException) -> None:
    if error.status_code == status.HTTP_401_UNAUTHORIZED:
        answer["WWW-Authenticate"] = "Bearer"
    wait = getattr(error, "wait", None)
    if wait is not None:
        answer["Retry-After"] = str(int(wait) + 1)
