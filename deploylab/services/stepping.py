"""How each kind of step begins. Beginning writes rows; it never waits."""

from collections.abc import Callable

from django.db.models import F

from community.core import clock
from deploylab.events import append_events, step_line
from deploylab.models import AgentWork, BootTicket, Deployment, DeploymentStep
from deploylab.services.commands import new_command
from deploylab.services.inventory import compare_inventory
from deploylab.services.outcomes import Outcome, move_step, settle_step
from deploylab.services.tickets import await_boot, boot_revoked
from deploylab.states import STEP, PowerAction, StepState, TicketState


def begin_step(deployment: Deployment, step: DeploymentStep) -> None:
    """Begin `step`, which is ready; the caller holds the deployment's row.

    The guarded update makes a second beginning impossible even without that lock.
    """
    claimed = DeploymentStep.objects.filter(pk=step.pk, state=StepState.READY).update(
        state=STEP.next(StepState.READY, "start").target,
        attempt=F("attempt") + 1,
        started_at=clock.now(),
        deadline_at=clock.in_seconds(float(step.spec["deadline_s"])),
    )
    step.refresh_from_db()
    if claimed != 1:
        return
    append_events(deployment.pk, [step_line(step, f"{step.name}: running")])
    _BEGIN[step.kind](deployment, step)


def _power(deployment: Deployment, step: DeploymentStep) -> None:
    if not hasattr(step.node, "bmc"):
        settle_step(step, _no_bmc(step))
        return
    action = step.spec["action"]
    boots = action == "boot"
    if boots:
        await_boot(step)
    move_step(step, "wait")
    new_command(
        node=step.node,
        action=PowerAction.ON if boots else PowerAction(action),
        by=deployment.started_by,
        reservation=deployment.reservation,
        step=step,
        boot_device="network" if boots else "",
        may_restart=boots,
    )


def _no_bmc(step: DeploymentStep) -> Outcome:
    return Outcome.failure(
        "no_bmc", f"{step.node.name} has no BMC entered.", "Ask an organizer to enter it."
    )


def _netboot(deployment: Deployment, step: DeploymentStep) -> None:
    move_step(step, "wait")
    ticket = BootTicket.objects.filter(deployment=deployment, node=step.node).first()
    if ticket is None or ticket.state == TicketState.REVOKED:
        settle_step(step, boot_revoked(step.node))
    elif ticket.state == TicketState.BOOTED:
        settle_step(step, Outcome.success("The node has reported."))


def _agent(deployment: Deployment, step: DeploymentStep) -> None:
    ticket = BootTicket.objects.filter(
        deployment=deployment, node=step.node, state=TicketState.BOOTED
    ).first()
    if ticket is None:
        settle_step(
            step,
            Outcome.failure(
                "agent_gone",
                f"The agent on {step.node.name} is gone.",
                "Start the deployment again.",
            ),
        )
        return
    move_step(step, "wait")
    AgentWork.objects.create(
        ticket=ticket,
        step=step,
        script=step.spec["script"],
        env=step.spec.get("env", {}),
        deadline_s=int(step.spec["deadline_s"]),
        is_shipped=deployment.version.blueprint.is_shipped,
    )


def _verify(deployment: Deployment, step: DeploymentStep) -> None:
    if "script" in step.spec:
        _agent(deployment, step)
        return
    step.node.refresh_from_db()
    differences = compare_inventory(step.node)
    if differences:
        settle_step(
            step,
            Outcome.failure(
                "inventory_differs",
                f"{step.node.name} differs from what was entered: {'; '.join(differences)}.",
                "Ask an organizer to mend the entry or to look at the node.",
            ),
        )
    else:
        settle_step(step, Outcome.success("The node is what was entered."))


_BEGIN: dict[str, Callable[[Deployment, DeploymentStep], None]] = {
    "power": _power,
    "netboot": _netboot,
    "agent": _agent,
    "verify": _verify,
}
