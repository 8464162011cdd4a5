import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters
from deploylab.states import CommandState, Power, PowerAction


class PowerCommandQuerySet(models.QuerySet["PowerCommand"]):
    def visible_to(self, user: Any) -> "PowerCommandQuerySet":
        """What one asked for, and for organizers their lab's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(requested_by=user.pk) | own_chapters(user, "node__chapter"))


class PowerCommand(models.Model):
    """One thing asked of a BMC. At most one runs per BMC address, which the database ensures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    node = models.ForeignKey(
        "deploylab.Node", on_delete=models.CASCADE, related_name="power_commands"
    )
    bmc_address = models.CharField(max_length=140, editable=False)
    action = models.CharField(_("action"), max_length=10, choices=PowerAction)
    boot_device = models.CharField(_("boot device"), max_length=10, blank=True)
    may_restart = models.BooleanField(
        _("restarts a running host"), default=False, help_text=_("A plain “on” never does.")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # The fencing token: checked again when the command runs.
    reservation = models.ForeignKey(
        "deploylab.Reservation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    epoch = models.PositiveIntegerField(null=True)
    step = models.ForeignKey(
        "deploylab.DeploymentStep", null=True, on_delete=models.CASCADE, related_name="commands"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=CommandState, default=CommandState.QUEUED
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    observed = models.CharField(_("observed"), max_length=10, choices=Power, blank=True)
    error_code = models.CharField(max_length=60, blank=True)
    error_sentence = models.CharField(_("what went wrong"), max_length=300, blank=True)
    deadline_at = models.DateTimeField(_("to be done by"))
    created_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = PowerCommandQuerySet.as_manager()

    class Meta:
        verbose_name = _("power command")
        verbose_name_plural = _("power commands")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["bmc_address"],
                condition=Q(state="running"),
                name="one_running_command_per_bmc",
            )
        ]
        indexes = [
            models.Index(
                fields=["bmc_address", "created_at"],
                condition=Q(state__in=["queued", "running"]),
                name="power_command_queue",
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.node}"
