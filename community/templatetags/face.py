"""What templates need to speak with one voice: badges for states, crumbs, spans of time."""

import datetime as dt
import re
from typing import Any

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from community.core.markdown import render_markdown

register = template.Library()

# Every state word of the contract that is more than plain; the live page's script has the same.
KINDS = {
    "good": "good completed sent going active available successful ok changed on",
    "attention": "waitlisted offered waiting cancelling partial maintenance uncertain",
    "bad": "failed error bad timed_out unreachable",
    "busy": "running sending deploying",
}
_KIND_OF = {word: kind for kind, words in KINDS.items() for word in words.split()}


@register.filter
def kind(state: Any) -> str:
    """The badge of a stored state word; words without a tone of their own are quiet."""
    return _KIND_OF.get(str(state), "inactive")


@register.inclusion_tag("components/badge.html")
def badge(word: Any, state: Any = "") -> dict[str, str]:
    """`word` as a badge in the tone of the stored `state`."""
    return {"state": str(word), "kind": kind(state)}


@register.inclusion_tag("components/crumbs.html")
def crumbs(*pairs: str) -> dict[str, list[tuple[str, str]]]:
    """Where the page is: names, each with its address or the name of its page."""
    trail = zip(pairs[::2], pairs[1::2], strict=True)
    return {"trail": [(name, at if at.startswith("/") else reverse(at)) for name, at in trail]}


@register.filter
def span(length: dt.timedelta | float | None) -> str:
    """A length of time as the live page says it: 9 min 12 s."""
    if length is None:
        return ""
    seconds = length.total_seconds() if isinstance(length, dt.timedelta) else length
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return _("%(h)s h %(min)s min") % {"h": hours, "min": minutes}
    if minutes and whole % 60:
        return _("%(min)s min %(s)s s") % {"min": minutes, "s": whole % 60}
    if minutes:
        return _("%(min)s min") % {"min": minutes}
    return _("%(s)s s") % {"s": whole}


@register.simple_tag
def window(start: dt.datetime, end: dt.datetime) -> str:
    """From `start` to `end` in the zone in force, the day named once where it is the same."""
    start, end = localtime(start), localtime(end)
    last = "H:i T" if start.date() == end.date() else "D j M, H:i T"
    return f"{date_format(start, 'D j M, H:i')} \N{EN DASH} {date_format(end, last)}"


@register.filter
def since(start: dt.datetime | None, end: dt.datetime | None) -> dt.timedelta | None:
    """The time from `start` to `end`, where both are known."""
    return end - start if start and end else None


@register.filter
def markdown(text: str | None) -> str:
    """Text that somebody wrote in Markdown, as safe HTML."""
    return render_markdown(text or "")


_CODE = re.compile(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", re.MULTILINE)


@register.filter
def code_in(text: str) -> str:
    """The code a mail brings: the one line that is nothing but letters and digits."""
    found = _CODE.search(text)
    return found.group(1) if found else ""
