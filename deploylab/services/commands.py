"""Asking for power: a row first, the BMC later."""

from django.db import transaction

from community.core import clock, queue
from community.core.errors import ConflictError, ForbiddenError
from community.models import User
from community.services.audit import record
from deploylab.models import DeploymentStep, Node, PowerCommand, Reservation
from deploylab.selectors.nodes import active_reservation
from deploylab.states import PowerAction

DEADLINE_S = 90


def new_command(
    *,
    node: Node,
    action: str,
    by: User | None,
    reservation: Reservation | None = None,
    step: DeploymentStep | None = None,
    boot_device: str = "",
    may_restart: bool = False,
) -> PowerCommand:
    """Queue `action` for `node`'s BMC; it runs after the commit, behind what is queued there.

    With `reservation` the command carries its present epoch and aborts when that has passed.
    """
    from deploylab.tasks import run_power_queue  # tasks sit below, and call back by address

    command = PowerCommand.objects.create(
        node=node,
        bmc_address=node.bmc.address,
        action=action,
        boot_device=boot_device,
        may_restart=may_restart,
        requested_by=by,
        reservation=reservation,
        epoch=reservation.epoch if reservation else None,
        step=step,
        deadline_at=clock.in_seconds(DEADLINE_S),
    )
    queue.enqueue(run_power_queue, command.bmc_address)
    return command


@transaction.atomic
def request_power(*, node: Node, action: str, by: User) -> PowerCommand:
    """Queue a power action a person asked for.

    The holder of the node's active reservation may, and an organizer of its lab. Raises
    ForbiddenError, and ConflictError where the node has no BMC.
    """
    reservation = active_reservation(node)
    is_holder = reservation is not None and reservation.holder_id == by.pk
    is_organizer = by.is_superuser or node.chapter_id in by.organized_chapter_ids
    if not (is_holder or is_organizer):
        raise ForbiddenError(f"You hold no reservation of {node.name} now.")
    if not hasattr(node, "bmc"):
        raise ConflictError(f"{node.name} has no BMC yet.", code="no_bmc")
    record("asked for power", node.name, by=by, chapter=node.chapter, action=action)
    return new_command(
        node=node,
        action=PowerAction(action),
        by=by,
        reservation=reservation if is_holder else None,
    )
