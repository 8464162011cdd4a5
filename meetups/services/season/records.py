"""Every part of the files as a record of the archive, whole, in the files' own order.

A list gives a row for each item, an object a row for each key; a list of objects inside an
object is a section of its own (`brainstorm_topics`). The board election's file is about another
body, so its sections begin with `foundation_`.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from meetups.services.season.context import Loading, Target
from meetups.services.season.documents import Document

KEY = 200
NAMES = ("name", "key", "title", "candidate", "organization", "what", "n", "order")
PREFIXES = {"season": "", "inferred": "", "board": "foundation_"}


def load_records(loading: Loading, target: Target) -> None:
    """Make the season's records just what the files say."""
    wanted = [row for document in loading.documents for row in _rows(document)]
    loading.changes.put_all(target.season.records, wanted, key=("source", "section", "key"))


def _rows(document: Document) -> Iterator[dict[str, Any]]:
    position = count(1)
    seen: set[tuple[str, str]] = set()
    for section, name, content in _entries(document.content):
        full = PREFIXES[document.kind] + section.lstrip("_")
        yield {
            "source": document.name,
            "section": full,
            "key": _unique(full, name[: KEY - 10], seen),
            "position": next(position),
            "content": content,
            "is_inferred": document.kind == "inferred",
        }


def _entries(content: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Section, key and content of every row."""
    for section, value in content.items():
        if isinstance(value, list):
            yield from _items(section, value)
        elif isinstance(value, dict):
            for key, part in value.items():
                if isinstance(part, list) and part and all(isinstance(it, dict) for it in part):
                    yield from _items(f"{section}_{key}", part)
                else:
                    yield section, key, part
        else:
            yield section, section.lstrip("_"), value


def _items(section: str, items: list[Any]) -> Iterator[tuple[str, str, Any]]:
    for index, item in enumerate(items, start=1):
        yield section, _name(item, index), item


def _name(item: Any, index: int) -> str:
    if isinstance(item, dict):
        return next((str(item[name]) for name in NAMES if item.get(name) is not None), str(index))
    return item if isinstance(item, str) and item else str(index)


def _unique(section: str, name: str, seen: set[tuple[str, str]]) -> str:
    candidates = (name if number == 1 else f"{name} ({number})" for number in count(1))
    key = next(candidate for candidate in candidates if (section, candidate) not in seen)
    seen.add((section, key))
    return key
