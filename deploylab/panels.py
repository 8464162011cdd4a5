"""What the lab shows on pages of lower storeys."""

from typing import Any

from django.http import HttpRequest

from community.core.panels import Panel
from community.core.permissions import may
from deploylab.models import Deployment, Node, Reservation
from deploylab.permissions import RESERVE
from deploylab.states import LIVE_DEPLOYMENTS, LIVE_RESERVATIONS, Health, ReservationState


def lab_now_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: what runs in the lab now."""
    nodes = Node.objects.visible_to(request.user)
    running = Deployment.objects.visible_to(request.user).filter(state__in=LIVE_DEPLOYMENTS)
    context = {
        "node_count": nodes.count(),
        "good_count": nodes.filter(health=Health.GOOD).count(),
        "mine": Reservation.objects.filter(
            holder=request.user.pk, state=ReservationState.ACTIVE
        ).prefetch_related("nodes"),
        "running": running.select_related("version__blueprint", "started_by")[:5],
    }
    return Panel("deploylab/_lab_now.html", context)


def my_nodes_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Me: one's reservations."""
    reservations = (
        Reservation.objects.filter(holder=request.user.pk)
        .prefetch_related("nodes")
        .order_by("-starts_at")[:10]
    )
    if not reservations and not may(request.user, RESERVE):
        return None
    context = {"reservations": reservations, "live": LIVE_RESERVATIONS}
    return Panel("deploylab/_my_nodes.html", context)


def meetup_lab_panel(request: HttpRequest, meetup: Any) -> Panel | None:
    """A hack day's page: the lab and how to get nodes of it."""
    if not meetup.has_lab:
        return None
    context = {
        "node_count": Node.objects.reservable().count(),
        "may_reserve": may(request.user, RESERVE),
        "takes_rsvps": meetup.takes_rsvps,
    }
    return Panel("deploylab/_meetup_lab.html", context)
