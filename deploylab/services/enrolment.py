"""Bringing nodes into the lab."""

from collections.abc import Iterable

from django.db import transaction

from community.models import Chapter
from deploylab.labsim.lab import SimulatedNode
from deploylab.models import Bmc, Node
from deploylab.states import Health, Provision

# Simulated BMCs think for milliseconds; real ones are spared (see Bmc.min_interval_ms).
SIMULATED_INTERVAL_MS = 50


@transaction.atomic
def enroll_simulated(machines: Iterable[SimulatedNode], *, chapter: Chapter) -> int:
    """Enter simulated machines, or bring their entries up to date; returns how many.

    Their health and reservations stay as they are.
    """
    count = 0
    for machine in machines:
        entry = {
            "model": machine.model,
            "service_tag": machine.service_tag,
            "chassis": f"C6100 {machine.chassis}",
            "slot": machine.slot,
            "cpu_count": machine.cpu_count,
            "cpu_model": machine.cpu_model,
            "memory_mb": machine.memory_mb,
            "disks": list(machine.disks),
            "macs": list(machine.macs),
            "is_simulated": True,
        }
        first = {
            "chapter": chapter,
            "provision_state": Provision.AVAILABLE,
            "health": Health.GOOD,
        }
        node, _ = Node.objects.update_or_create(
            name=machine.name, defaults=entry, create_defaults={**entry, **first}
        )
        _store_bmc(node, machine)
        count += 1
    return count


def _store_bmc(node: Node, machine: SimulatedNode) -> None:
    bmc = Bmc.objects.filter(node=node).first() or Bmc(node=node)
    bmc.driver, bmc.host, bmc.port = Bmc.Driver.IPMI, machine.bmc_host, machine.bmc_port
    bmc.username, bmc.min_interval_ms = machine.username, SIMULATED_INTERVAL_MS
    bmc.set_password(machine.password)
    bmc.save()
