import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deploylab.states import TicketState


class BootTicket(models.Model):
    """One awaited network boot of one node.

    The token is made when the script is fetched; only its SHA-256 is stored.
    """

    node = models.ForeignKey("deploylab.Node", on_delete=models.CASCADE, related_name="tickets")
    deployment = models.ForeignKey(
        "deploylab.Deployment", on_delete=models.CASCADE, related_name="tickets"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=TicketState, default=TicketState.AWAITED
    )
    digest = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    created_at = models.DateTimeField(_("awaited since"), auto_now_add=True)
    seen_at = models.DateTimeField(_("agent last seen at"), null=True)

    class Meta:
        verbose_name = _("boot ticket")
        verbose_name_plural = _("boot tickets")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["node"],
                condition=Q(state__in=["awaited", "given", "booted"]),
                name="one_live_ticket_per_node",
            )
        ]

    def __str__(self) -> str:
        return f"boot of {self.node}"


class AgentWork(models.Model):
    """A script for a node's agent, and how much of its output has arrived.

    `offset` counts the bytes of output taken so far; `tail` is the beginning of a line whose
    end has not come yet.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(BootTicket, on_delete=models.CASCADE, related_name="works")
    step = models.ForeignKey(
        "deploylab.DeploymentStep", on_delete=models.CASCADE, related_name="works"
    )
    script = models.TextField()
    env = models.JSONField(default=dict)
    deadline_s = models.PositiveIntegerField()
    is_shipped = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    is_cancelled = models.BooleanField(default=False)
    offset = models.BigIntegerField(default=0)
    tail = models.TextField(blank=True)
    exit_code = models.IntegerField(null=True)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("agent work")
        verbose_name_plural = _("agent work")
        ordering = ("created_at",)

    def __str__(self) -> str:
        return f"work for {self.step}"
