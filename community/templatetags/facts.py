"""Recorded facts in words: any value a source may hold, without a trace of its notation."""

import calendar
import re
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

register = template.Library()

SHORT = 32
_IDENTIFIER = re.compile(r"[a-z0-9_']+")


class Shown(NamedTuple):
    """How a value is shown: unknown, text, link, items or pairs."""

    kind: str
    value: Any = None


@register.simple_tag
def fact(value: Any) -> SafeString:
    """Show a value: text, a list, or terms with their values, to any depth."""
    rendered = render_to_string("components/fact.html", {"shown": shown(value)})
    # Escaped by the template; only the space around it goes, for the comma that may follow.
    return SafeString(rendered.strip())


@register.filter
def humanise(key: str) -> str:
    """A key as a term: `minutes_to_install` is `Minutes to install`; names stay as they are."""
    return str(capfirst(key.replace("_", " "))) if _IDENTIFIER.fullmatch(key) else key


def shown(value: Any) -> Shown:
    """How to show a value; null, like no text, is not known; an empty list is said to be empty."""
    if value is None or value == "":
        return Shown("unknown")
    if isinstance(value, dict):
        return _shown_object(value)
    if isinstance(value, list):
        return _shown_list(value)
    if isinstance(value, bool):
        return Shown("text", _("yes") if value else _("no"))
    text = str(value)
    return Shown("link" if text.startswith(("https://", "http://")) else "text", text)


def _shown_object(value: dict[str, Any]) -> Shown:
    if value.get("month") and value.keys() <= {"year", "month", "day"}:
        month = _(calendar.month_name[value["month"]])
        parts = (month, value.get("day"), value.get("year"))
        return Shown("text", " ".join(str(part) for part in parts if part))
    return Shown("pairs", [(humanise(key), part) for key, part in value.items()])


def _shown_list(value: list[Any]) -> Shown:
    if not value:
        return Shown("text", _("none"))
    if all(isinstance(item, str) and len(item) <= SHORT for item in value):
        return Shown("text", ", ".join(value))
    return Shown("items", value)
