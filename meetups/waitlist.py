"""Who may move up: strict order, nobody passes, parties are never split. Plain data alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Party:
    """People who come together; `key` is None for who only asks, `site` where none is named."""

    key: int | None
    mode: str
    site: int | None
    people: int


@dataclass
class Room:
    """Free places by mode and by site; what is not named has no limit."""

    modes: dict[str, int] = field(default_factory=dict)
    sites: dict[int, int] = field(default_factory=dict)

    def _move(self, party: Party, people: int) -> None:
        if party.mode in self.modes:
            self.modes[party.mode] += people
        if party.site is not None and party.site in self.sites:
            self.sites[party.site] += people

    def take(self, party: Party) -> None:
        """`party` has its places."""
        self._move(party, -party.people)

    def release(self, party: Party) -> None:
        """`party` gives its places back."""
        self._move(party, party.people)


def move_up(waiting: Iterable[Party], room: Room) -> list[Party]:
    """Those of `waiting`, in its order, for whom there is place; `room` is less by them.

    The head of a queue blocks it: who waits for a full site holds up those behind them for that
    site, who waits for a full room all of its mode.
    """
    blocked_modes: set[str] = set()
    blocked_sites: set[int | None] = set()
    moved = []
    for party in waiting:
        if party.mode in blocked_modes or (party.site is not None and party.site in blocked_sites):
            continue
        if party.people > room.modes.get(party.mode, party.people):
            blocked_modes.add(party.mode)
        elif party.site is not None and party.people > room.sites.get(party.site, party.people):
            blocked_sites.add(party.site)
        else:
            room.take(party)
            moved.append(party)
    return moved
