"""What a node's agent says: hello, its output, its results. Repeats change nothing."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from community.core import clock
from deploylab.events import Kind, Line, append_events, lock_deployment
from deploylab.exceptions import BootTokenError, OutputOffsetError
from deploylab.models import AgentWork, BootTicket, DeploymentStep
from deploylab.services.inventory import store_inventory
from deploylab.services.outcomes import Outcome, settle_step
from deploylab.services.tickets import mark_booted
from deploylab.states import StepState


@dataclass(frozen=True)
class Result:
    """How a script ended on the node."""

    exit_code: int
    facts: dict[str, Any]
    is_cancelled: bool = False
    is_timed_out: bool = False


def agent_hello(ticket: BootTicket, inventory: dict[str, Any]) -> None:
    """The node has booted and says what it is."""
    with transaction.atomic():
        lock_deployment(ticket.deployment_id)
        mark_booted(ticket)
        store_inventory(ticket.node, inventory)
        waiting = DeploymentStep.objects.select_related("node").filter(
            deployment=ticket.deployment_id,
            node=ticket.node,
            kind="netboot",
            state=StepState.WAITING,
        )
        for step in waiting:
            settle_step(step, Outcome.success("The node has reported."))


def next_work(ticket: BootTicket) -> AgentWork | None:
    """The next script for the node, or None.

    One that was handed out and never finished is handed out again to the same boot: its output
    goes on at the offset stored.
    """
    works = AgentWork.objects.filter(ticket=ticket, is_cancelled=False)
    work = works.exclude(state=AgentWork.State.DONE).order_by("created_at").first()
    if work is not None and work.state == AgentWork.State.QUEUED:
        AgentWork.objects.filter(pk=work.pk).update(state=AgentWork.State.RUNNING)
    BootTicket.objects.filter(pk=ticket.pk).update(seen_at=clock.now())
    return work


def cancelled_works(ticket: BootTicket) -> list[str]:
    """Ids of scripts the agent should stop."""
    works = AgentWork.objects.filter(
        ticket=ticket, is_cancelled=True, state=AgentWork.State.RUNNING
    )
    return [str(pk) for pk in works.values_list("pk", flat=True)]


def _lock_work(ticket: BootTicket, work_id: uuid.UUID) -> AgentWork:
    lock_deployment(ticket.deployment_id)
    work = (
        AgentWork.objects.select_for_update(no_key=True, of=("self",))
        .select_related("step__node")
        .filter(pk=work_id, ticket=ticket)
        .first()
    )
    if work is None:
        raise BootTokenError("This work belongs to another boot.")
    return work


def take_output(ticket: BootTicket, work_id: uuid.UUID, *, offset: int, text: str) -> AgentWork:
    """Add output that begins at byte `offset` of the script's stream.

    What has already been taken is left out, so a repeat adds nothing. Raises OutputOffsetError
    with the offset expected where bytes are missing before it.
    """
    with transaction.atomic():
        work = _lock_work(ticket, work_id)
        data = text.encode()
        if offset > work.offset:
            raise OutputOffsetError(
                f"Output up to byte {work.offset} has arrived; {offset} is too far.",
                offset=work.offset,
            )
        fresh = data[work.offset - offset :]
        if fresh and work.state != AgentWork.State.DONE:
            lines = (work.tail + fresh.decode(errors="replace")).split("\n")
            work.tail = lines.pop()
            work.offset += len(fresh)
            work.save(update_fields=["tail", "offset"])
            append_events(ticket.deployment_id, [_output(work, line) for line in lines])
    return work


def _output(work: AgentWork, text: str) -> Line:
    step = work.step
    return Line(text.rstrip("\r"), kind=Kind.OUTPUT, node=step.node.name, step=step.name)


def take_result(ticket: BootTicket, work_id: uuid.UUID, result: Result) -> AgentWork:
    """The script has ended; the step ends with it. A repeat changes nothing."""
    with transaction.atomic():
        work = _lock_work(ticket, work_id)
        if work.state == AgentWork.State.DONE:
            return work
        if work.tail:
            append_events(ticket.deployment_id, [_output(work, work.tail)])
        work.state, work.tail = AgentWork.State.DONE, ""
        work.exit_code, work.facts = result.exit_code, result.facts
        work.save(update_fields=["state", "tail", "exit_code", "facts"])
        settle_step(work.step, _outcome(work, result))
    return work


def _outcome(work: AgentWork, result: Result) -> Outcome:
    name, node = work.step.name, work.step.node.name
    if result.is_timed_out:
        return Outcome.failure(
            "timed_out",
            f"“{name}” took longer than {work.deadline_s} s on {node}.",
            "Give the step more time, or look at its output.",
        )
    if result.exit_code != 0 or result.is_cancelled:
        return Outcome.failure(
            "exit_code",
            f"“{name}” ended with exit code {result.exit_code} on {node}.",
            "The lines before this one say why.",
        )
    return Outcome.success("The script ended with exit code 0.")
