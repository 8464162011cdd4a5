"""The engine: looks at a deployment, writes what follows, and goes away.

`advance` only reads and writes rows, under the deployment's lock, so it may run twice, or die
half-way, without harm. What takes time is elsewhere: power commands in their own queue, scripts
on the nodes. Whatever ends there calls `advance` again; a periodic task does so as well.
"""

from django.db import transaction

from community.core import clock, queue
from deploylab.events import Kind, Level, Line, append_events, lock_deployment, step_line
from deploylab.models import AgentWork, Deployment, DeploymentStep, PowerCommand
from deploylab.services.outcomes import INFRASTRUCTURE_CODES, Outcome, move_step, settle_step
from deploylab.services.stepping import begin_step
from deploylab.services.tickets import revoke_tickets
from deploylab.states import (
    BAD_STEPS,
    DEPLOYMENT,
    FINAL_STEPS,
    GOOD_STEPS,
    LIVE_DEPLOYMENTS,
    CommandState,
    DeploymentState,
    StepState,
)


def advance(deployment_id: str) -> str:
    """Do everything that can be done now for one deployment; returns its state."""
    with transaction.atomic():
        deployment = lock_deployment(deployment_id)
        if deployment.is_final:
            return deployment.state
        if deployment.state == DeploymentState.CANCELLING:
            _stop(deployment)
            return deployment.state
        if deployment.state in {DeploymentState.PENDING, DeploymentState.WAITING}:
            _move(deployment, "begin")
        steps = list(deployment.steps.select_related("node__bmc"))
        _time_out(steps)
        # A step may end the moment it begins, which lets the next ones begin.
        while _propagate(steps):
            for step in steps:
                if step.state == StepState.READY:
                    begin_step(deployment, step)
        if all(step.state in FINAL_STEPS for step in steps):
            _finish(deployment, steps)
        return deployment.state


def _move(deployment: Deployment, event: str, sentence: str = "") -> None:
    deployment.state = DEPLOYMENT.next(deployment.state, event).target
    deployment.sentence = sentence
    if event == "begin":
        deployment.started_at = clock.now()
    if deployment.is_final:
        deployment.ended_at = clock.now()
    deployment.save(update_fields=["state", "sentence", "started_at", "ended_at"])
    text = f"Deployment {DeploymentState(deployment.state).label}. {sentence}".strip()
    bad = deployment.state in {DeploymentState.FAILED, DeploymentState.ERROR}
    level = Level.ERROR if bad else Level.INFO
    append_events(deployment.pk, [Line(text, kind=Kind.STATE, level=level)])


def _time_out(steps: list[DeploymentStep]) -> None:
    now = clock.now()
    for step in steps:
        if step.state in FINAL_STEPS or step.deadline_at is None or step.deadline_at > now:
            continue
        if step.kind == "netboot":
            outcome = Outcome.failure(
                "boot_not_seen",
                f"{step.node.name} did not report from its network boot in time.",
                "Look at its console, or try another node.",
            )
        else:
            outcome = Outcome.failure(
                "timed_out",
                f"“{step.name}” took longer than it may on {step.node.name}.",
                "Start the deployment again, or give the step more time.",
            )
        AgentWork.objects.filter(step=step).update(is_cancelled=True)
        settle_step(step, outcome)


def _propagate(steps: list[DeploymentStep]) -> bool:
    """Make ready what waits for nothing more, and skip what waits for a step that failed.

    Returns whether any step is ready now.
    """
    state = {(step.node_id, step.name): step for step in steps}
    lines = []
    for step in sorted(steps, key=lambda each: each.position):
        if step.state != StepState.PENDING:
            continue
        before = [state[step.node_id, name].state for name in step.after]
        if all(each in GOOD_STEPS for each in before):
            move_step(step, "ready")
        elif any(each in FINAL_STEPS - GOOD_STEPS for each in before):
            move_step(step, "skip")
            text = f"{step.name}: skipped, a step before it did not work."
            lines.append(step_line(step, text, Level.WARNING))
    if lines:
        append_events(steps[0].deployment_id, lines)
    return any(step.state == StepState.READY for step in steps)


def _finish(deployment: Deployment, steps: list[DeploymentStep]) -> None:
    nodes = {step.node_id for step in steps}
    bad = [step for step in steps if step.state in BAD_STEPS]
    sunk = {step.node_id for step in steps if step.state not in GOOD_STEPS}
    if not sunk:
        event, sentence = "succeed", "Every step on every node is ok."
    elif len(sunk) < len(nodes):
        event = "succeed_partly"
        sentence = f"{len(nodes) - len(sunk)} of {len(nodes)} nodes got through."
    else:
        infrastructure = bad and all(step.error_code in INFRASTRUCTURE_CODES for step in bad)
        event = "break" if infrastructure else "fail"
        first = min(bad, key=lambda step: (step.ended_at, step.pk), default=None)
        sentence = first.error_sentence if first else "No node got through."
    revoke_tickets(deployment)
    _move(deployment, event, sentence)


def request_cancel(deployment_id: str, *, by_name: str = "") -> Deployment:
    """Ask a deployment to stop; what has not begun never will."""
    with transaction.atomic():
        deployment = lock_deployment(deployment_id)
        if deployment.state != DeploymentState.CANCELLING:
            who = f"{by_name} asked to stop." if by_name else "The reservation ended."
            _move(deployment, "cancel", who)
        _stop(deployment)
    return deployment


def _stop(deployment: Deployment) -> None:
    """Cancel every step; done once no command is on its way to a BMC."""
    from deploylab.tasks import run_power_queue  # tasks sit below, and call back by address

    for step in deployment.steps.exclude(state__in=FINAL_STEPS):
        move_step(step, "cancel")
    AgentWork.objects.filter(step__deployment=deployment).exclude(
        state=AgentWork.State.DONE
    ).update(is_cancelled=True)
    commands = PowerCommand.objects.filter(step__deployment=deployment)
    commands.filter(state=CommandState.QUEUED).update(
        state=CommandState.ABORTED, ended_at=clock.now(), error_code="cancelled"
    )
    running = commands.filter(state=CommandState.RUNNING)
    if running.exists():
        for address in running.values_list("bmc_address", flat=True):
            queue.enqueue(run_power_queue, address)
        return
    _move(deployment, "stop", deployment.sentence)


def advance_all() -> int:
    """Look at every live deployment: the net under lost tasks and passed deadlines."""
    from deploylab.tasks import advance_deployment  # tasks sit below, and call back by id

    live = Deployment.objects.filter(state__in=LIVE_DEPLOYMENTS).values_list("pk", flat=True)
    for pk in live:
        queue.enqueue(advance_deployment, str(pk))
    return len(live)


def cancel_if_live(deployment_id: str) -> None:
    """Stop a deployment unless it has ended by itself."""
    if Deployment.objects.filter(pk=deployment_id, state__in=LIVE_DEPLOYMENTS).exists():
        request_cancel(deployment_id)
