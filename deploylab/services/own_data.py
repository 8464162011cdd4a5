"""What the lab holds on a person."""

from typing import Any

from community.models import User
from deploylab.models import Deployment, PowerCommand, Reservation
from deploylab.services.reservations import release_reservation
from deploylab.states import ReservationState


def reservation_data(user: User) -> list[dict[str, Any]]:
    """Reservations one held, with their nodes."""
    reservations = Reservation.objects.filter(holder=user).prefetch_related("nodes")
    return [
        {
            "id": reservation.pk,
            "starts_at": reservation.starts_at,
            "ends_at": reservation.ends_at,
            "purpose": reservation.purpose,
            "state": reservation.state,
            "nodes": [node.name for node in reservation.nodes.all()],
        }
        for reservation in reservations
    ]


def deployment_data(user: User) -> list[dict[str, Any]]:
    """Deployments one started."""
    fields = ("id", "version__blueprint__slug", "parameters", "state", "created_at")
    return list(Deployment.objects.filter(started_by=user).values(*fields))


def power_data(user: User) -> list[dict[str, Any]]:
    """Power commands one asked for."""
    fields = ("node__name", "action", "state")
    return list(PowerCommand.objects.filter(requested_by=user).values(*fields))


def erase_lab_data(user: User, addresses: frozenset[str]) -> None:  # noqa: ARG001 - nothing in the lab goes by an address
    """Nodes are handed back; what was reserved and deployed stays, as someone's."""
    held = Reservation.objects.filter(
        holder=user, state__in=[ReservationState.PENDING, ReservationState.ACTIVE]
    )
    for reservation in held.order_by("pk"):
        release_reservation(reservation=reservation, by=user)
    Reservation.objects.filter(holder=user).update(purpose="")
    Deployment.objects.filter(started_by=user).update(started_by=None)
    PowerCommand.objects.filter(requested_by=user).update(requested_by=None)
