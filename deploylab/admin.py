from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from community.admin.base import OrganizersAdmin, ReadOnlyAdmin
from community.selectors.people import signed_in
from deploylab.models import (
    AgentWork,
    Allocation,
    Blueprint,
    BlueprintVersion,
    Bmc,
    BootTicket,
    Deployment,
    DeploymentStep,
    Event,
    Node,
    PowerCommand,
    Reservation,
)
from deploylab.services.commands import request_power
from deploylab.services.health import set_health
from deploylab.services.reservations import release_reservation
from deploylab.services.runner import request_cancel
from deploylab.states import Health, PowerAction


class BmcForm(forms.ModelForm[Bmc]):
    """The password can be written and never read."""

    new_password = forms.CharField(
        max_length=20, required=False, widget=forms.PasswordInput,
        help_text="Leave it empty to keep the one stored. Old iDRACs take at most 20 characters.",
    )  # fmt: skip

    class Meta:
        model = Bmc
        fields = ("node", "driver", "host", "port", "username", "min_interval_ms")

    def save(self, commit: bool = True) -> Bmc:  # noqa: FBT001, FBT002 - the interface's
        """Seal the password where one was given."""
        bmc = super().save(commit=False)
        if self.cleaned_data["new_password"] or not bmc.sealed_password:
            bmc.set_password(self.cleaned_data["new_password"])
        if commit:
            bmc.save()
        return bmc


@admin.register(Node)
class NodeAdmin(OrganizersAdmin):
    list_display = ("name", "model", "service_tag", "provision_state", "health", "power_state")
    list_filter = ("health", "provision_state", "is_simulated")
    search_fields = ("name", "service_tag")
    readonly_fields = ("power_state", "power_observed_at", "inventory", "inventory_at")
    actions = ("power_on", "power_off", "to_maintenance", "to_good")

    @admin.action(description="Power on")
    def power_on(self, request: HttpRequest, rows: QuerySet[Node]) -> None:
        """Queue a power-on for each node."""
        self.run_each(request, rows, self._power(request, PowerAction.ON), "commands queued")

    @admin.action(description="Power off")
    def power_off(self, request: HttpRequest, rows: QuerySet[Node]) -> None:
        """Queue a power-off for each node."""
        self.run_each(request, rows, self._power(request, PowerAction.OFF), "commands queued")

    @admin.action(description="Put into maintenance")
    def to_maintenance(self, request: HttpRequest, rows: QuerySet[Node]) -> None:
        """Keep nodes from new reservations."""
        self.run_each(request, rows, self._health(request, Health.MAINTENANCE), "in maintenance")

    @admin.action(description="Call good")
    def to_good(self, request: HttpRequest, rows: QuerySet[Node]) -> None:
        """Let nodes be reserved again."""
        self.run_each(request, rows, self._health(request, Health.GOOD), "good")

    @staticmethod
    def _power(request: HttpRequest, action: str) -> Any:
        return lambda node: request_power(node=node, action=action, by=signed_in(request))

    @staticmethod
    def _health(request: HttpRequest, health: str) -> Any:
        return lambda node: set_health(node=node, health=health, by=signed_in(request))


@admin.register(Bmc)
class BmcAdmin(OrganizersAdmin):
    chapter_path = "node__chapter"
    form = BmcForm
    list_display = ("node", "driver", "min_interval_ms")


@admin.register(Reservation)
class ReservationAdmin(ReadOnlyAdmin):
    list_display = ("holder", "starts_at", "ends_at", "state", "end_reason", "purpose")
    list_filter = ("state",)
    actions = ("release",)

    @admin.action(description="End now; the nodes go back to the pool")
    def release(self, request: HttpRequest, rows: QuerySet[Reservation]) -> None:
        """Hand the nodes back for their holders."""
        by = signed_in(request)
        self.run_each(
            request, rows, lambda row: release_reservation(reservation=row, by=by), "ended"
        )


@admin.register(Deployment)
class DeploymentAdmin(ReadOnlyAdmin):
    chapter_path = "reservation__chapter"
    list_select_related = ("version__blueprint", "started_by")
    list_display = ("version", "started_by", "state", "sentence", "created_at", "ended_at")
    list_filter = ("state",)
    actions = ("cancel",)

    @admin.action(description="Cancel")
    def cancel(self, request: HttpRequest, rows: QuerySet[Deployment]) -> None:
        """Stop deployments that run."""
        name = str(request.user)
        self.run_each(
            request, rows, lambda row: request_cancel(str(row.pk), by_name=name), "stopping"
        )


@admin.register(PowerCommand)
class PowerCommandAdmin(ReadOnlyAdmin):
    chapter_path = "node__chapter"
    list_display = ("node", "action", "state", "observed", "requested_by", "created_at")
    list_filter = ("state", "action")
    fields = (
        "node", "action", "state", "observed", "attempts", "error_sentence", "requested_by",
        "created_at", "started_at", "ended_at",
    )  # fmt: skip


@admin.register(Blueprint)
class BlueprintAdmin(ReadOnlyAdmin):
    chapter_path = ""
    list_display = ("slug", "title", "is_shipped")


@admin.register(BlueprintVersion)
class BlueprintVersionAdmin(ReadOnlyAdmin):
    chapter_path = ""
    list_display = ("blueprint", "number", "digest", "created_at")


@admin.register(Allocation)
class AllocationAdmin(ReadOnlyAdmin):
    chapter_path = "node__chapter"
    list_display = ("node", "reservation", "held", "is_live")


@admin.register(DeploymentStep)
class DeploymentStepAdmin(ReadOnlyAdmin):
    chapter_path = "deployment__reservation__chapter"
    list_display = ("deployment", "node", "name", "state", "attempt", "error_sentence")
    list_filter = ("state",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    chapter_path = "deployment__reservation__chapter"
    list_display = ("seq", "deployment", "node", "step", "level", "text")
    list_filter = ("level", "kind")
    show_full_result_count = False


@admin.register(BootTicket)
class BootTicketAdmin(ReadOnlyAdmin):
    """Which boots are awaited; the token is nowhere, its hash is not shown."""

    chapter_path = "node__chapter"
    list_display = ("node", "deployment", "state", "created_at", "expires_at")
    fields = ("node", "deployment", "state", "created_at", "expires_at", "seen_at")


@admin.register(AgentWork)
class AgentWorkAdmin(ReadOnlyAdmin):
    chapter_path = "step__deployment__reservation__chapter"
    list_display = ("step", "state", "exit_code", "offset", "created_at")
    fields = ("step", "state", "exit_code", "offset", "is_cancelled", "created_at")
