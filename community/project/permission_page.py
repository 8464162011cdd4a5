"""`docs/permissions.md`, written from the table and the addresses in the code."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from community.core.permissions import Access, declared

PAGE = settings.BASE_DIR / "docs" / "permissions.md"
_FOREIGN = ("accounts/", "admin/")
_USES = {"access": "page", "read": "GET", "write": "other calls"}


def addresses(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of our own with its callback; allauth's and the admin's are theirs."""
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if path.startswith(_FOREIGN):
            continue
        if isinstance(entry, URLResolver):
            yield from addresses(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def _uses() -> dict[str, list[str]]:
    """For each row of the table, the addresses that name it."""
    uses: dict[str, list[str]] = {}
    for path, callback in addresses():
        view = getattr(callback, "view_class", None) or getattr(callback, "cls", None)
        for attribute, word in _USES.items():
            access = getattr(view, attribute, None)
            if isinstance(access, Access):
                uses.setdefault(access.name, []).append(f"`/{path}` ({word})")
    return uses


def render_permissions() -> str:
    """The page as Markdown."""
    uses = _uses()
    lines = [
        "# Who may do what",
        "",
        "Made by `script/manage write_permissions` from the code's own table; a test compares the",
        "two and walks every address. *Least* is what a person must at least be. *Whose* says",
        "which things that covers: what one may not see answers 404, what one may see but not do",
        "answers 403.",
        "",
        "| right | least | whose | pages and calls |",
        "|---|---|---|---|",
    ]
    for access in declared():
        where = "<br>".join(uses.get(access.name, ["none yet"]))
        lines.append(f"| {access.name} | {access.least.name.lower()} | {access.scope} | {where} |")
    return "\n".join(lines) + "\n"
