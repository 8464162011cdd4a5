"""Starting a deployment: everything is checked and laid out before anything happens."""

from typing import Any

from django.db import IntegrityError, transaction

from community.core import queue
from community.core.errors import ForbiddenError
from community.models import User
from community.services.audit import record
from deploylab.events import Kind, Line, append_events
from deploylab.exceptions import (
    BlueprintError,
    DeploymentRunningError,
    ReservationNotActiveError,
)
from deploylab.models import (
    Blueprint,
    BlueprintVersion,
    Deployment,
    DeploymentStep,
    Node,
    Reservation,
)
from deploylab.services.blueprints import check_parameters
from deploylab.services.reservations import lock_reservation
from deploylab.states import DeploymentState, ReservationState
from meetups.selectors.rsvps import hack_day_is_on


def start_deployment(
    *,
    reservation: Reservation,
    blueprint_slug: str,
    parameters: dict[str, Any],
    by: User,
    is_public: bool | None = None,
) -> Deployment:
    """Deploy a blueprint's current version onto every node of an active reservation.

    `is_public` left out means: public while a hack day is on. Raises BlueprintError,
    ReservationNotActiveError, DeploymentRunningError, ForbiddenError.
    """
    from deploylab.tasks import advance_deployment  # tasks sit below, and call back by id

    is_organizer = by.is_superuser or reservation.chapter_id in by.organized_chapter_ids
    if reservation.holder_id != by.pk and not is_organizer:
        raise ForbiddenError("Only the holder or an organizer can deploy onto these nodes.")
    version = _current_version(blueprint_slug)
    values = check_parameters(version.spec, parameters)
    try:
        with transaction.atomic():
            reservation = lock_reservation(reservation)
            if reservation.state != ReservationState.ACTIVE:
                raise ReservationNotActiveError(
                    f"The reservation is {reservation.state}; deploy while it is active."
                )
            deployment = Deployment.objects.create(
                reservation=reservation,
                version=version,
                parameters=values,
                state=DeploymentState.PENDING,
                is_public=hack_day_is_on() if is_public is None else is_public,
                started_by=by,
            )
            _lay_out(deployment)
            record("deployed", version, by=by, chapter=reservation.chapter, id=str(deployment.pk))
            queue.enqueue(advance_deployment, str(deployment.pk))
    except IntegrityError as error:
        if "one_live_deployment" not in str(error):
            raise
        raise DeploymentRunningError(
            "A deployment is already running on this reservation. Wait for it, or cancel it."
        ) from None
    deployment.refresh_from_db()
    return deployment


def _current_version(slug: str) -> BlueprintVersion:
    blueprint = Blueprint.objects.select_related("current").filter(slug=slug).first()
    if blueprint is None or blueprint.current is None:
        raise BlueprintError(f"There is no blueprint “{slug}”.", code="unknown_blueprint")
    return blueprint.current


def _lay_out(deployment: Deployment) -> None:
    """Write every step of every node, in the order of the blueprint."""
    spec = deployment.version.spec
    nodes = list(
        Node.objects.filter(allocations__reservation=deployment.reservation).order_by("pk")
    )
    shares = _Shares(spec, deployment.parameters, len(nodes))
    DeploymentStep.objects.bulk_create(
        DeploymentStep(
            deployment=deployment,
            node=node,
            position=position,
            name=step["name"],
            kind=step["kind"],
            after=step.get("after", []),
            spec={**step, "env": _environment(step, node, deployment.parameters, shares)},
        )
        for position, step in enumerate(spec["steps"], start=1)
        for node in nodes
    )
    names = ", ".join(node.name for node in nodes)
    text = f"{deployment.version.blueprint.title} on {names}."
    append_events(deployment.pk, [Line(text, kind=Kind.STATE)])


class _Shares:
    """Divides a whole-number parameter among all steps and nodes that share it, to the unit."""

    def __init__(self, spec: dict[str, Any], values: dict[str, Any], nodes: int) -> None:
        self._left = {}
        for name, value in values.items():
            takers = sum(name in step.get("share", {}).values() for step in spec["steps"])
            if takers:
                self._left[name] = (int(value), takers * nodes)

    def take(self, name: str) -> int:
        """The next taker's share."""
        amount, takers = self._left[name]
        share = amount // takers
        self._left[name] = (amount - share, takers - 1)
        return share


def _environment(
    step: dict[str, Any], node: Node, values: dict[str, Any], shares: _Shares
) -> dict[str, str]:
    """What a script is told. Values are passed as environment, never put into shell text."""
    env = {"NODE": node.name, "STEP": step["name"]}
    env |= {f"PARAM_{name.upper()}": str(value) for name, value in values.items()}
    env |= {key: str(shares.take(name)) for key, name in step.get("share", {}).items()}
    return env
