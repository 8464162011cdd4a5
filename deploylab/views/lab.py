from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.core.permissions import may
from community.core.views import Page
from community.selectors.people import signed_in
from deploylab.forms import DeployForm, ReserveForm, parameter_fields
from deploylab.models import Allocation, Blueprint, Deployment, Node, Reservation
from deploylab.permissions import (
    DEPLOY,
    POWER,
    READ_BLUEPRINTS,
    READ_DEPLOYMENTS,
    READ_LAB,
    READ_RESERVATIONS,
    RESERVE,
)
from deploylab.selectors.deployments import (
    first_error,
    latest_events,
    matrix_of,
    usual_length,
)
from deploylab.selectors.nodes import active_reservation, nodes_of_user
from deploylab.selectors.rack import held_until_now, rack_seen_by
from deploylab.services.commands import request_power
from deploylab.services.deployments import start_deployment
from deploylab.services.reservations import Wish, release_reservation, reserve_nodes
from deploylab.services.runner import request_cancel
from deploylab.states import LIVE_RESERVATIONS, PowerAction, ReservationState


class LabOverview(Page):
    access = READ_LAB

    def get(self, request: HttpRequest) -> HttpResponse:
        deployments = Deployment.objects.visible_to(request.user).select_related(
            "version__blueprint", "started_by"
        )
        context: dict[str, Any] = {
            "rack": rack_seen_by(request.user),
            "deployments": deployments[:8],
            "reservations": Reservation.objects.visible_to(request.user)
            .filter(state__in=LIVE_RESERVATIONS)
            .select_related("holder")
            .prefetch_related("nodes"),
            "may_reserve": may(request.user, RESERVE),
        }
        return render(request, "deploylab/lab_overview.html", context)


class NodeDetail(Page):
    access = READ_LAB

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        node = get_object_or_404(Node.objects.visible_to(request.user), name=name)
        reservation = active_reservation(node)
        is_mine = node.pk in nodes_of_user(request.user)
        organizes = node.chapter_id in getattr(request.user, "organized_chapter_ids", ())
        context = {
            "node": node,
            "reservation": reservation,
            "is_mine": is_mine,
            "may_power": hasattr(node, "bmc") and (is_mine or organizes),
            "is_insider": is_mine or organizes,
            "held_until": held_until_now().get(node.pk),
            "gentle_actions": [PowerAction.ON, PowerAction.SOFT_OFF],
            "hard_actions": [PowerAction.OFF, PowerAction.RESET, PowerAction.CYCLE],
            "commands": node.power_commands.select_related("requested_by")[:8]
            if is_mine or organizes
            else [],
            "upcoming": Allocation.objects.filter(
                node=node, is_live=True, held__endswith__gt=clock.now()
            ).order_by("held")[:10],
        }
        return render(request, "deploylab/node_detail.html", context)


class NodePower(Page):
    access = POWER

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        node = get_object_or_404(Node.objects.visible_to(request.user), name=name)
        action = request.POST.get("action", "")
        if action not in PowerAction.values:
            raise InvalidError("There is no such power action. Nothing was done.")
        command = request_power(node=node, action=action, by=signed_in(request))
        action_name = command.get_action_display().capitalize()
        messages.success(
            request,
            _("%(action)s: on its way to %(node)s.") % {"action": action_name, "node": node.name},
        )
        return redirect("deploylab:node_detail", name=node.name)


class Reserve(Page):
    access = RESERVE

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._ask(request, ReserveForm(held_until=held_until_now()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReserveForm(request.POST, held_until=held_until_now())
        if not form.is_valid():
            return self._ask(request, form, status=InvalidError.status)
        starts_at, ends_at = form.window()
        names = [node.name for node in form.cleaned_data["nodes"]]
        wish = Wish(
            starts_at=starts_at,
            ends_at=ends_at,
            names=names,
            count=None if names else form.cleaned_data["count"],
            purpose=form.cleaned_data["purpose"],
        )
        try:
            reservation = reserve_nodes(wish=wish, by=signed_in(request))
        except (ConflictError, InvalidError) as error:
            form.add_refusal(error)
            return self._ask(request, form, status=error.status)
        messages.success(request, _("The nodes are yours."))
        return redirect("deploylab:reservation_detail", pk=reservation.pk)

    def _ask(self, request: HttpRequest, form: ReserveForm, status: int = 200) -> HttpResponse:
        return render(request, "deploylab/reservation_form.html", {"form": form}, status=status)


class ReservationDetail(Page):
    access = READ_RESERVATIONS

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        reservation = get_object_or_404(
            Reservation.objects.visible_to(request.user).select_related("holder", "chapter"),
            pk=pk,
        )
        blueprints = list(Blueprint.objects.exclude(current=None).select_related("current"))
        deployments = list(
            reservation.deployments.select_related("version__blueprint", "started_by")
        )
        context = {
            "reservation": reservation,
            "nodes": Node.objects.filter(allocations__reservation=reservation),
            "deployments": deployments,
            "running": next((row for row in deployments if not row.is_final), None),
            "blueprints": [(blueprint, parameter_fields(blueprint)) for blueprint in blueprints],
            "is_live": reservation.state in LIVE_RESERVATIONS,
            "is_active": reservation.state == ReservationState.ACTIVE,
            "is_mine": reservation.holder_id == request.user.pk,
            "now": clock.now(),
        }
        return render(request, "deploylab/reservation_detail.html", context)


class ReservationRelease(Page):
    access = RESERVE

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        reservation = get_object_or_404(Reservation.objects.visible_to(request.user), pk=pk)
        release_reservation(reservation=reservation, by=signed_in(request))
        messages.success(request, _("The nodes are back in the pool and are being powered off."))
        return redirect("deploylab:reservation_detail", pk=pk)


class Deploy(Page):
    access = DEPLOY

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        reservation = get_object_or_404(Reservation.objects.visible_to(request.user), pk=pk)
        choice = DeployForm(request.POST)
        if not choice.is_valid():
            raise InvalidError("There is no such blueprint. Nothing was started.")
        blueprint = choice.cleaned_data["blueprint"]
        form = parameter_fields(blueprint, request.POST)
        if not form.is_valid():
            name, errors = next(iter(form.errors.items()))
            raise InvalidError(f"{form.fields[name].label}: {errors[0]} Nothing was started.")
        values = {name: value for name, value in form.cleaned_data.items() if value is not None}
        deployment = start_deployment(
            reservation=reservation,
            blueprint_slug=blueprint.slug,
            parameters=values,
            by=signed_in(request),
        )
        return redirect("deploylab:deployment_detail", pk=deployment.pk)


class DeploymentDetail(Page):
    access = READ_DEPLOYMENTS

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        deployment = get_object_or_404(
            Deployment.objects.visible_to(request.user).select_related(
                "version__blueprint", "reservation", "started_by"
            ),
            pk=pk,
        )
        steps = list(deployment.steps.select_related("node"))
        reservations = Reservation.objects.visible_to(request.user)
        may_control = Deployment.objects.controllable_by(request.user).filter(pk=pk).exists()
        api = reverse("api:deployment-detail", args=[pk])
        context = {
            "deployment": deployment,
            "matrix": matrix_of(steps),
            "failures": [step for step in steps if step.error_code],
            "events": latest_events(deployment),
            "first_error": first_error(deployment),
            "usual_length": usual_length(deployment),
            "may_cancel": may_control and not deployment.is_final,
            "reservation": reservations.filter(pk=deployment.reservation_id).first(),
            "socket_url": f"/ws/v1/deployments/{pk}/",
            "events_url": f"{api}events/",
            "log_url": f"{api}log/",
        }
        return render(request, "deploylab/deployment_detail.html", context)


class DeploymentCancel(Page):
    access = DEPLOY

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        deployment = get_object_or_404(Deployment.objects.controllable_by(request.user), pk=pk)
        request_cancel(str(deployment.pk), by_name=str(request.user))
        return redirect("deploylab:deployment_detail", pk=pk)


class BlueprintList(Page):
    access = READ_BLUEPRINTS

    def get(self, request: HttpRequest) -> HttpResponse:
        blueprints = Blueprint.objects.exclude(current=None).select_related("current")
        return render(request, "deploylab/blueprint_list.html", {"blueprints": blueprints})


class BlueprintDetail(Page):
    access = READ_BLUEPRINTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        blueprints = Blueprint.objects.exclude(current=None).prefetch_related(
            Prefetch("versions"), "current"
        )
        blueprint = get_object_or_404(blueprints, slug=slug)
        return render(request, "deploylab/blueprint_detail.html", {"blueprint": blueprint})
