"""Slots: a page of a lower storey shows parts of a higher one without importing it.

A page offers a slot by name; an app registers a provider for it in `AppConfig.ready()`. The
provider gets the request and the thing shown and returns a template and its context, or None.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Panel(NamedTuple):
    template: str
    context: dict[str, Any]


Provider = Callable[[HttpRequest, Any], Panel | None]
_providers: dict[str, list[tuple[int, Provider]]] = defaultdict(list)


def register(slot: str, provider: Provider, *, position: int = 50) -> None:
    """Add `provider` to `slot`; providers are shown in the order of `position`."""
    if all(known is not provider for _, known in _providers[slot]):
        _providers[slot].append((position, provider))
        _providers[slot].sort(key=lambda entry: entry[0])


def render(slot: str, request: HttpRequest, subject: Any = None) -> list[SafeString]:
    """The slot's panels as HTML, in order; providers that have nothing to say are left out."""
    panels = (provider(request, subject) for _, provider in _providers[slot])
    return [
        render_to_string(panel.template, panel.context, request=request)
        for panel in panels
        if panel is not None
    ]
