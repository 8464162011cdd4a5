"""The rack as it stands in the room: chassis by chassis, slot by slot."""

import datetime as dt
from itertools import groupby
from typing import Any, NamedTuple

from community.core import clock
from deploylab.models import Allocation, Node
from deploylab.selectors.nodes import nodes_of_user

LEAST_SLOTS = 4


class Slot(NamedTuple):
    """A place in a chassis; no node where it is empty."""

    number: int
    node: Node | None
    is_mine: bool = False
    held_until: dt.datetime | None = None


class Chassis(NamedTuple):
    name: str
    slots: list[Slot]

    @property
    def model(self) -> str:
        """The make of its nodes."""
        return next((slot.node.model for slot in self.slots if slot.node), "")

    @property
    def free_count(self) -> int:
        """How many of its nodes nobody holds now."""
        return sum(slot.node is not None and slot.held_until is None for slot in self.slots)

    @property
    def node_count(self) -> int:
        """How many of its slots have a node."""
        return sum(slot.node is not None for slot in self.slots)


def held_until_now() -> dict[int, dt.datetime]:
    """Nodes held at this moment, by id, and until when."""
    rows = Allocation.objects.filter(is_live=True, held__contains=clock.now())
    return {row.node_id: row.held.upper for row in rows}


def rack_seen_by(user: Any) -> list[Chassis]:
    """Every chassis with all its slots, the empty ones too; one's own nodes are marked."""
    mine = nodes_of_user(user)
    held = held_until_now()
    nodes = Node.objects.visible_to(user)
    chassis = []
    for name, group in groupby(nodes, key=lambda node: node.chassis):
        slots = [
            Slot(node.slot or place, node, node.pk in mine, held.get(node.pk))
            for place, node in enumerate(group, start=1)
        ]
        taken = {slot.number for slot in slots}
        if name:
            missing = range(1, max(LEAST_SLOTS, *taken) + 1)
            slots += [Slot(number, None) for number in missing if number not in taken]
        chassis.append(Chassis(name, sorted(slots, key=lambda slot: slot.number)))
    return chassis
