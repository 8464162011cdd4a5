"""Reading the files of a season and telling them apart by what is in them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from community.exceptions import SeasonError
from meetups.services.season.shape import KINDS, check_shape


@dataclass(frozen=True)
class Document:
    """One file: what kind it is, its name, and its content as checked."""

    kind: str
    name: str
    content: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Documents:
    """The files of one season; the inferences and the board's election may be missing."""

    season: Document
    inferred: Document
    board: Document

    def __iter__(self) -> Iterator[Document]:
        return iter((self.season, self.inferred, self.board))


def read_documents(paths: Iterable[Path | str]) -> Documents:
    """Read and check every file. Raises SeasonError with the first thing that is wrong."""
    found: dict[str, Document] = {}
    for path in map(Path, paths):
        document = _read(path)
        if document.kind in found:
            raise SeasonError(
                f"{path.name} and {found[document.kind].name} are of the same kind: load one "
                "season at a time. Nothing was loaded."
            )
        if any(known.name == path.name for known in found.values()):
            raise SeasonError(f"Two files are named {path.name}. Nothing was loaded.")
        found[document.kind] = document
    if "season" not in found:
        raise SeasonError("None of the files is a season: one with a group. Nothing was loaded.")
    return Documents(
        found["season"],
        found.get("inferred", Document("inferred", "")),
        found.get("board", Document("board", "")),
    )


def _read(path: Path) -> Document:
    try:
        content = json.loads(
            path.read_text(encoding="utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
        )
    except OSError as error:
        raise SeasonError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SeasonError(f"{path.name} is not UTF-8 text. Nothing was loaded.") from error
    except (ValueError, RecursionError) as error:
        raise SeasonError(f"{path.name} is not JSON: {error}. Nothing was loaded.") from error
    kind = _kind_of(content, path.name)
    check_shape(content, kind, path.name)
    return Document(kind, path.name, content)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice} stands twice in one object")
    return content


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a number")


def _kind_of(content: Any, name: str) -> str:
    """The kind whose top-level keys the document shares most; a season has a group."""
    if not isinstance(content, dict):
        raise SeasonError(f"{name} holds no object. Nothing was loaded.")
    if "group" in content:
        return "season"
    shared = {kind: len((content.keys() & keys) - {"_about"}) for kind, keys in KINDS.items()}
    kind = max(shared, key=lambda kind: shared[kind])
    if not shared[kind]:
        raise SeasonError(
            f"{name} is neither a season, nor inferences about one, nor a board election. "
            "Nothing was loaded."
        )
    return kind
