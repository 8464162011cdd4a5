"""What happens to a reservation's work when its right to the nodes ends."""

from community.core import queue
from deploylab.models import BootTicket, Deployment, Node, Reservation
from deploylab.services.commands import new_command
from deploylab.states import LIVE_DEPLOYMENTS, PowerAction, TicketState


def stop_using(reservation: Reservation) -> None:
    """Stop what runs on the reservation's nodes and power them off.

    Runs in the caller's transaction, which holds the reservation's row. Commands already asked
    for carry the old epoch and abort themselves; the power-off is the lab's own and carries none.
    """
    from deploylab.tasks import cancel_deployment  # tasks sit below, and call back by id

    live = Deployment.objects.filter(reservation=reservation, state__in=LIVE_DEPLOYMENTS)
    for pk in live.values_list("pk", flat=True):
        queue.enqueue(cancel_deployment, str(pk))
    nodes = list(Node.objects.filter(allocations__reservation=reservation).select_related("bmc"))
    BootTicket.objects.filter(
        node__in=nodes, state__in=[TicketState.AWAITED, TicketState.GIVEN, TicketState.BOOTED]
    ).update(state=TicketState.REVOKED)
    for node in nodes:
        if hasattr(node, "bmc"):
            new_command(node=node, action=PowerAction.OFF, by=None)
