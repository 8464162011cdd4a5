"""Who may do what, as data: every page and call names one entry of this table.

`docs/permissions.md` is made from it, and a test walks it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Level(IntEnum):
    """What a person must at least be. Scope (own, own chapter, shared) is the queryset's part."""

    ANONYMOUS = 0
    MEMBER = 1
    PARTICIPANT = 2
    ORGANIZER = 3
    ADMINISTRATOR = 4


@dataclass(frozen=True)
class Access:
    """One thing one may do: `least` level, and in words whose things it covers."""

    name: str
    least: Level
    scope: str


_table: dict[str, Access] = {}
_participant_tests: list[Callable[[Any], bool]] = []


def declare(name: str, least: Level, scope: str) -> Access:
    """Enter a row into the table; a second row of that name is a mistake."""
    if name in _table:
        raise ValueError(f"{name} is declared twice")
    _table[name] = access = Access(name, least, scope)
    return access


def declared() -> list[Access]:
    """The table in the order of names."""
    return sorted(_table.values(), key=lambda access: access.name)


def register_participant_test(test: Callable[[Any], bool]) -> None:
    """Add a way by which a member becomes a hack-day participant."""
    if test not in _participant_tests:
        _participant_tests.append(test)


def level_of(user: Any) -> Level:
    """The highest level `user` has anywhere; whose things it covers is not said here."""
    if not user.is_authenticated or not user.is_active:
        return Level.ANONYMOUS
    if user.is_superuser:
        return Level.ADMINISTRATOR
    if user.is_organizer:
        return Level.ORGANIZER
    if any(test(user) for test in _participant_tests):
        return Level.PARTICIPANT
    return Level.MEMBER


def may(user: Any, access: Access) -> bool:
    """Whether `user` passes the door of `access`."""
    if access.least is Level.ANONYMOUS:
        return True
    if access.least is Level.MEMBER:  # the common case asks the database nothing
        return bool(user.is_authenticated and user.is_active)
    return level_of(user) >= access.least
