"""The lab's state tables. Words are stored and shown in answers; the contract lists them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.core.fsm import StateMachine, row


class Power(models.TextChoices):
    ON = "on", _("on")
    OFF = "off", _("off")
    UNKNOWN = "unknown", _("unknown")


class Health(models.TextChoices):
    GOOD = "good", _("good")
    UNKNOWN = "unknown", _("unknown")
    BAD = "bad", _("bad")
    MAINTENANCE = "maintenance", _("maintenance")
    RETIRED = "retired", _("retired")


class Provision(models.TextChoices):
    ENROLL = "enroll", _("enrolling")
    MANAGEABLE = "manageable", _("manageable")
    AVAILABLE = "available", _("available")
    DEPLOYING = "deploying", _("deploying")
    ACTIVE = "active", _("active")


class PowerAction(models.TextChoices):
    ON = "on", _("power on")
    OFF = "off", _("power off")
    SOFT_OFF = "soft_off", _("shut down")
    RESET = "reset", _("reset")
    CYCLE = "cycle", _("power cycle")


class CommandState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    ABORTED = "aborted", _("aborted")


class ReservationState(models.TextChoices):
    PENDING = "pending", _("pending")
    ACTIVE = "active", _("active")
    ENDED = "ended", _("ended")
    ERROR = "error", _("error")


class EndReason(models.TextChoices):
    RELEASED = "released", _("handed back")
    EXPIRED = "expired", _("time was up")
    CANCELLED = "cancelled", _("cancelled")
    NO_SHOW = "no_show", _("not used")


class DeploymentState(models.TextChoices):
    NEW = "new", _("new")
    PENDING = "pending", _("pending")
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    CANCELLING = "cancelling", _("cancelling")
    SUCCESSFUL = "successful", _("successful")
    PARTIAL = "partial", _("partly successful")
    FAILED = "failed", _("failed")
    ERROR = "error", _("error")
    CANCELLED = "cancelled", _("cancelled")


class StepState(models.TextChoices):
    PENDING = "pending", _("pending")
    READY = "ready", _("ready")
    RUNNING = "running", _("running")
    WAITING = "waiting", _("waiting")
    OK = "ok", _("ok")
    CHANGED = "changed", _("changed")
    SKIPPED = "skipped", _("skipped")
    FAILED = "failed", _("failed")
    TIMED_OUT = "timed_out", _("timed out")
    UNREACHABLE = "unreachable", _("unreachable")
    CANCELLED = "cancelled", _("cancelled")


class TicketState(models.TextChoices):
    AWAITED = "awaited", _("awaited")
    GIVEN = "given", _("given out")
    BOOTED = "booted", _("booted")
    REVOKED = "revoked", _("revoked")


POWER_COMMAND = StateMachine(
    "power command",
    [
        row("claim", "queued", "running", "A worker has taken the command to the BMC."),
        row("complete", "running", "completed", "The BMC reports the state that was asked for."),
        row("fail", "queued running", "failed", "The command did not have its effect."),
        row("abort", "queued running", "aborted", "The right to power the node had ended."),
        row("requeue", "running", "queued", "The worker died; the command is safe to repeat."),
    ],
    deadlines={"queued": 300, "running": 90},
    timeout_event="fail",
)

RESERVATION = StateMachine(
    "reservation",
    [
        row("start", "pending", "active", "The window has begun; the nodes are the holder's."),
        row("end", "pending active", "ended", "The nodes are back in the pool."),
        row("break", "pending active", "error", "The reservation cannot go on."),
    ],
)

DEPLOYMENT = StateMachine(
    "deployment",
    [
        row("accept", "new", "pending", "The steps are laid out."),
        row("begin", "pending waiting", "running", "The first steps run."),
        row("cancel", "pending waiting running", "cancelling", "Someone asked to stop."),
        row("succeed", "running", "successful", "Every step on every node is ok."),
        row("succeed_partly", "running", "partial", "Some nodes got through."),
        row("fail", "running", "failed", "The recipe did not work on any node."),
        row("break", "pending waiting running", "error", "The lab failed, not the recipe."),
        row("stop", "cancelling", "cancelled", "Nothing of it runs any more."),
    ],
    deadlines={"new": 60, "pending": 120, "waiting": 86400, "running": 7200, "cancelling": 120},
    timeout_event="break",
)

STEP = StateMachine(
    "step",
    [
        row("ready", "pending", "ready", "What it waits for is done."),
        row("start", "ready", "running", "It begins."),
        row("wait", "running", "waiting", "The node or its BMC has to answer."),
        row("succeed", "running waiting", "ok", "It did what it says."),
        row("change", "running waiting", "changed", "It did what it says and changed the node."),
        row("fail", "ready running waiting", "failed", "It did not work."),
        row("time_out", "ready running waiting", "timed_out", "It took longer than it may."),
        row("lose", "running waiting", "unreachable", "The node or its BMC does not answer."),
        row("skip", "pending", "skipped", "A step it waits for did not work."),
        row("cancel", "pending ready running waiting", "cancelled", "The deployment was stopped."),
    ],
    deadlines={"ready": 60, "running": 300, "waiting": 300},
)

BOOT_TICKET = StateMachine(
    "boot",
    [
        row("give", "awaited", "given", "The boot script with its token was fetched."),
        row("hello", "given booted", "booted", "The node agent has reported."),
        row("revoke", "awaited given booted", "revoked", "The token is worth nothing any more."),
    ],
    deadlines={"awaited": 300, "given": 300, "booted": 7200},
    timeout_event="revoke",
)

LIVE_RESERVATIONS = (ReservationState.PENDING, ReservationState.ACTIVE)
FINAL_DEPLOYMENTS = frozenset({"successful", "partial", "failed", "error", "cancelled"})
LIVE_DEPLOYMENTS = frozenset({"new", "pending", "waiting", "running", "cancelling"})
GOOD_STEPS = frozenset({"ok", "changed"})
BAD_STEPS = frozenset({"failed", "timed_out", "unreachable"})
FINAL_STEPS = GOOD_STEPS | BAD_STEPS | {"skipped", "cancelled"}
