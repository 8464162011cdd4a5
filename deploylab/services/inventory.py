"""What a node says of itself, beside what was entered."""

from typing import Any

from community.core import clock
from deploylab.models import Node

LARGEST = 64 * 1024


def store_inventory(node: Node, inventory: dict[str, Any]) -> None:
    """Keep what the agent reported."""
    Node.objects.filter(pk=node.pk).update(inventory=inventory, inventory_at=clock.now())


def compare_inventory(node: Node) -> list[str]:
    """How the reported inventory differs from the entry, in words.

    What was not entered is not compared.
    """
    said = node.inventory
    pairs = [
        ("service tag", node.service_tag, said.get("serial")),
        ("CPUs", node.cpu_count, said.get("cpu_count")),
        ("memory in MB", node.memory_mb, said.get("memory_mb")),
    ]
    differences = [
        f"{name}: entered {entered}, reported {reported}"
        for name, entered, reported in pairs
        if entered and str(entered) != str(reported)
    ]
    entered_macs = {str(mac).lower() for mac in node.macs}
    said_macs = {str(nic.get("mac", "")).lower() for nic in said.get("nics", [])}
    missing = sorted(entered_macs - said_macs)
    if missing:
        differences.append(f"no interface with {', '.join(missing)}")
    return differences
