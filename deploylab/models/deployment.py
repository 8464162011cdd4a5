import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters
from deploylab.states import FINAL_DEPLOYMENTS, LIVE_DEPLOYMENTS, DeploymentState, StepState


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def visible_to(self, user: Any) -> "DeploymentQuerySet":
        """Public ones for everyone, one's own, and for organizers their lab's."""
        condition = Q(is_public=True)
        if user.is_authenticated:
            condition |= Q(reservation__holder=user.pk) | own_chapters(user, "reservation__chapter")
        return self.filter(condition)

    def controllable_by(self, user: Any) -> "DeploymentQuerySet":
        """Those `user` may cancel: one's own, and for organizers their lab's."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            Q(reservation__holder=user.pk) | own_chapters(user, "reservation__chapter")
        )


class Deployment(models.Model):
    """One run of a blueprint over the nodes of a reservation.

    `last_seq` is the number of the newest event; it only grows, in the transaction that adds
    the events.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reservation = models.ForeignKey(
        "deploylab.Reservation", on_delete=models.PROTECT, related_name="deployments"
    )
    version = models.ForeignKey(
        "deploylab.BlueprintVersion", on_delete=models.PROTECT, related_name="deployments"
    )
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=DeploymentState, default=DeploymentState.NEW
    )
    sentence = models.CharField(_("how it ended"), max_length=300, blank=True)
    is_public = models.BooleanField(_("everyone may watch"), default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    last_seq = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("deployment")
        verbose_name_plural = _("deployments")
        ordering = ("-created_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["reservation"],
                condition=Q(state__in=sorted(LIVE_DEPLOYMENTS)),
                name="one_live_deployment_per_reservation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} on {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_final(self) -> bool:
        """Whether it has ended, one way or another."""
        return self.state in FINAL_DEPLOYMENTS


class DeploymentStep(models.Model):
    """One step on one node: what it is, what it waits for, and how it went."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="steps")
    node = models.ForeignKey("deploylab.Node", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    name = models.CharField(_("step"), max_length=60)
    kind = models.CharField(_("kind"), max_length=20)
    spec = models.JSONField(default=dict)
    after = models.JSONField(_("waits for"), default=list)
    state = models.CharField(
        _("state"), max_length=20, choices=StepState, default=StepState.PENDING
    )
    attempt = models.PositiveIntegerField(_("attempt"), default=0)
    error_code = models.CharField(max_length=60, blank=True)
    error_sentence = models.CharField(_("what went wrong"), max_length=300, blank=True)
    error_next_action = models.CharField(_("what to do next"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    deadline_at = models.DateTimeField(_("to be done by"), null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("position", "node")
        constraints = [
            models.UniqueConstraint(
                fields=["deployment", "node", "name"], name="one_step_per_node_and_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.node}"
