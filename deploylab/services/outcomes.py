"""How a step ends, whichever part of the lab says so. The caller holds the deployment's row."""

from dataclasses import dataclass
from typing import Self

from community.core import clock, queue
from deploylab.events import Level, append_events, step_line
from deploylab.models import DeploymentStep
from deploylab.states import FINAL_STEPS, STEP, StepState

UNREACHABLE_CODES = frozenset({"bmc_unreachable", "bmc_timeout", "boot_not_seen"})
INFRASTRUCTURE_CODES = UNREACHABLE_CODES | {
    "bmc_authentication", "bmc_refused", "bmc_address", "power_not_reached", "worker_died",
    "right_ended",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Good, or bad with a code, one sentence and the next action."""

    is_good: bool
    sentence: str
    code: str = ""
    next_action: str = ""

    @classmethod
    def success(cls, sentence: str) -> Self:
        return cls(is_good=True, sentence=sentence)

    @classmethod
    def failure(cls, code: str, sentence: str, next_action: str) -> Self:
        return cls(is_good=False, sentence=sentence, code=code, next_action=next_action)

    @property
    def event(self) -> str:
        """The row of the step's table."""
        if self.is_good:
            return "succeed"
        if self.code == "timed_out":
            return "time_out"
        return "lose" if self.code in UNREACHABLE_CODES else "fail"


def move_step(step: DeploymentStep, event: str) -> None:
    """Move `step` along its table and store it."""
    step.state = STEP.next(step.state, event).target
    if step.state in FINAL_STEPS:
        step.ended_at = clock.now()
    step.save()


def settle_step(step: DeploymentStep, outcome: Outcome) -> None:
    """End `step` with `outcome`, say so in the record, and let the deployment go on.

    A step that has already ended stays as it is: a late answer changes nothing.
    """
    from deploylab.tasks import advance_deployment  # tasks sit below, and call back by id

    if step.state in FINAL_STEPS:
        return
    step.error_code = outcome.code
    step.error_sentence = "" if outcome.is_good else outcome.sentence
    step.error_next_action = outcome.next_action
    move_step(step, outcome.event)
    level = Level.INFO if outcome.is_good else Level.ERROR
    text = f"{step.name}: {StepState(step.state).label}. {outcome.sentence}"
    append_events(step.deployment_id, [step_line(step, text, level)])
    queue.enqueue(advance_deployment, str(step.deployment_id))


def settle_command_step(step_id: int, outcome: Outcome) -> None:
    """End the step whose power command has ended."""
    step = DeploymentStep.objects.select_related("node").get(pk=step_id)
    settle_step(step, outcome)
