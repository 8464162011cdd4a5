import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models.chapter import own_chapters
from deploylab.states import EndReason, ReservationState


class ReservationQuerySet(models.QuerySet["Reservation"]):
    def visible_to(self, user: Any) -> "ReservationQuerySet":
        """One's own, and for organizers those of their chapter's lab."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(holder=user.pk) | own_chapters(user))


class Reservation(models.Model):
    """Nodes held for one person over `[starts_at, ends_at)`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chapter = models.ForeignKey("community.Chapter", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reservations"
    )
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=ReservationState)
    end_reason = models.CharField(_("end reason"), max_length=20, choices=EndReason, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    # Grows whenever the right to the nodes changes hands; power commands carry it.
    epoch = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    nodes = models.ManyToManyField(
        "deploylab.Node", through="deploylab.Allocation", related_name="reservations"
    )

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        ordering = ("-starts_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="reservation_runs_forwards"
            )
        ]
        indexes = [
            models.Index(
                fields=["state", "starts_at", "ends_at"],
                condition=Q(state__in=["pending", "active"]),
                name="reservation_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder}, {self.starts_at:%Y-%m-%d %H:%M}"


class Allocation(models.Model):
    """One node of one reservation over the held range, which includes the turnaround.

    Two live allocations of a node never overlap: the exclusion constraint refuses it whatever
    the code does.
    """

    reservation = models.ForeignKey(
        Reservation, on_delete=models.CASCADE, related_name="allocations"
    )
    node = models.ForeignKey("deploylab.Node", on_delete=models.PROTECT, related_name="allocations")
    held = DateTimeRangeField(_("held"))
    is_live = models.BooleanField(_("live"), default=True)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ("node",)
        constraints = [
            ExclusionConstraint(
                name="no_double_booking",
                expressions=[("node", RangeOperators.EQUAL), ("held", RangeOperators.OVERLAPS)],
                condition=Q(is_live=True),
            ),
            models.UniqueConstraint(fields=["reservation", "node"], name="one_allocation_per_node"),
        ]

    def __str__(self) -> str:
        return f"{self.node} for {self.reservation}"
