"""Boots that are awaited, and the token each gives out once."""

import logging
from dataclasses import dataclass

from django.db import transaction

from community.core import clock, secretbox
from community.services.audit import record
from deploylab.events import Level, Line, append_events, lock_deployment
from deploylab.exceptions import BootNotAwaitedError, BootTokenError
from deploylab.models import BootTicket, Deployment, DeploymentStep, Node
from deploylab.services.outcomes import Outcome, settle_step
from deploylab.states import BOOT_TICKET, FINAL_STEPS, StepState, TicketState

log = logging.getLogger(__name__)
LIVE = (TicketState.AWAITED, TicketState.GIVEN, TicketState.BOOTED)
TICKET_SECONDS = 300
BOOTED_SECONDS = 2 * 3600


@dataclass(frozen=True)
class BootScript:
    """What a node is to boot: `token` is known to this answer alone."""

    node: Node
    token: str


def await_boot(step: DeploymentStep) -> BootTicket:
    """Await a network boot of the step's node; what was awaited before is revoked."""
    BootTicket.objects.filter(node=step.node_id, state__in=LIVE).update(state=TicketState.REVOKED)
    return BootTicket.objects.create(
        node=step.node,
        deployment_id=step.deployment_id,
        expires_at=clock.in_seconds(TICKET_SECONDS),
    )


def boot_has_begun(step: DeploymentStep) -> bool:
    """Whether the node has fetched the boot script awaited for `step`."""
    return BootTicket.objects.filter(
        deployment=step.deployment_id,
        node=step.node_id,
        state__in=[TicketState.GIVEN, TicketState.BOOTED],
    ).exists()


def await_boot_anew(step: DeploymentStep) -> None:
    """Await the step's boot once more, unless the step has ended meanwhile."""
    with transaction.atomic():
        lock_deployment(step.deployment_id)
        step.refresh_from_db()
        if step.state not in FINAL_STEPS:
            await_boot(step)


def revoke_tickets(deployment: Deployment) -> None:
    """End the boots of a deployment; its agents are told so at their next call."""
    BootTicket.objects.filter(deployment=deployment, state__in=LIVE).update(
        state=TicketState.REVOKED
    )


def give_boot_script(service_tag: str) -> BootScript:
    """The boot of the node with `service_tag`, given out once.

    A second fetch means that the node booted twice or that someone else asks for its token: it
    is revoked and said in the record. Raises BootNotAwaitedError, also where no such node is.
    """
    ticket = (
        BootTicket.objects.select_related("node")
        .filter(node__service_tag__iexact=service_tag, state__in=LIVE)
        .first()
    )
    if ticket is None or ticket.expires_at <= clock.now():
        raise BootNotAwaitedError("No network boot of this node is awaited.")
    token = secretbox.new_token()
    with transaction.atomic():
        lock_deployment(ticket.deployment_id)
        given = BootTicket.objects.filter(pk=ticket.pk, state=TicketState.AWAITED).update(
            state=TicketState.GIVEN, digest=secretbox.digest(token)
        )
        if given == 1:
            line = Line("Boot script given out.", node=ticket.node.name, level=Level.DEBUG)
            append_events(ticket.deployment_id, [line])
        else:
            _revoke_fetched_twice(ticket)
    if given != 1:
        log.warning("second fetch of the boot script of %s", ticket.node.name)
        raise BootNotAwaitedError("The boot script of this node was already given out.")
    return BootScript(ticket.node, token)


def _revoke_fetched_twice(ticket: BootTicket) -> None:
    """End the boot, its node's part of the deployment, and tell the organizers."""
    BootTicket.objects.filter(pk=ticket.pk).update(state=TicketState.REVOKED)
    text = "The boot script was fetched a second time: its token is revoked."
    line = Line(text, node=ticket.node.name, level=Level.ERROR)
    append_events(ticket.deployment_id, [line])
    record(
        "alarm: boot script fetched twice", ticket.node.name, by=None, chapter=ticket.node.chapter
    )
    waiting = DeploymentStep.objects.select_related("node").filter(
        deployment=ticket.deployment_id, node=ticket.node, state=StepState.WAITING
    )
    for step in waiting.exclude(kind="power"):
        settle_step(step, boot_revoked(ticket.node))


def boot_revoked(node: Node) -> Outcome:
    """How a step ends whose node's boot was stopped."""
    return Outcome.failure(
        "boot_token_revoked",
        f"The boot script of {node.name} was asked for twice, so its boot was stopped.",
        "Tell an organizer: the node started twice, or someone else asked for its token.",
    )


def ticket_of(token: str) -> BootTicket:
    """The live boot whose token this is; raises BootTokenError where it is over."""
    ticket = (
        BootTicket.objects.select_related("node")
        .filter(
            digest=secretbox.digest(token),
            state__in=[TicketState.GIVEN, TicketState.BOOTED],
            expires_at__gt=clock.now(),
        )
        .first()
    )
    if not token or ticket is None:
        raise BootTokenError("This boot is over.")
    return ticket


def mark_booted(ticket: BootTicket) -> None:
    """The agent has reported; from now on the ticket lasts as long as work may."""
    BootTicket.objects.filter(pk=ticket.pk, state__in=LIVE).update(
        state=BOOT_TICKET.next(ticket.state, "hello").target,
        seen_at=clock.now(),
        expires_at=clock.in_seconds(BOOTED_SECONDS),
    )
