from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from community.core import clock
from community.core.errors import InvalidError
from community.core.permissions import may
from community.core.views import Page
from community.selectors.people import signed_in
from deploylab.forms import DeployForm, ReserveForm, parameter_fields
from deploylab.models import Allocation, Blueprint, Deployment, Event, Node, Reservation
from deploylab.permissions import (
    DEPLOY,
    POWER,
    READ_BLUEPRINTS,
    READ_DEPLOYMENTS,
    READ_LAB,
    READ_RESERVATIONS,
    RESERVE,
)
from deploylab.selectors.nodes import active_reservation, nodes_of_user
from deploylab.services.commands import request_power
from deploylab.services.deployments import start_deployment
from deploylab.services.reservations import Wish, release_reservation, reserve_nodes
from deploylab.services.runner import request_cancel
from deploylab.states import LIVE_RESERVATIONS, PowerAction

LAST_EVENTS = 200


def _racks(request: HttpRequest) -> list[tuple[str, list[Node]]]:
    mine = nodes_of_user(request.user)
    held = set(
        Allocation.objects.filter(is_live=True, held__contains=clock.now()).values_list(
            "node_id", flat=True
        )
    )
    nodes = list(Node.objects.visible_to(request.user))
    for node in nodes:
        node.is_mine = node.pk in mine  # type: ignore[attr-defined]
        node.is_held = node.pk in held  # type: ignore[attr-defined]
    return [(name, list(group)) for name, group in groupby(nodes, key=lambda node: node.chassis)]


class LabOverview(Page):
    access = READ_LAB

    def get(self, request: HttpRequest) -> HttpResponse:
        deployments = Deployment.objects.visible_to(request.user).select_related(
            "version__blueprint", "reservation__holder"
        )
        context: dict[str, Any] = {
            "racks": _racks(request),
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
            "actions": PowerAction.choices,
            "commands": node.power_commands.all()[:8] if is_mine or organizes else [],
            "upcoming": Allocation.objects.filter(node=node, is_live=True).order_by("held")[:10],
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
        messages.info(request, f"“{command.get_action_display()}” is on its way to {node.name}.")
        return redirect("deploylab:node_detail", name=node.name)


class Reserve(Page):
    access = RESERVE

    def get(self, request: HttpRequest, form: ReserveForm | None = None) -> HttpResponse:
        context = {"form": form or ReserveForm(), "racks": _racks(request)}
        return render(request, "deploylab/reservation_form.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReserveForm(request.POST)
        if not form.is_valid():
            return self.get(request, form)
        starts_at, ends_at = form.window()
        names = [node.name for node in form.cleaned_data["nodes"]]
        wish = Wish(
            starts_at=starts_at,
            ends_at=ends_at,
            names=names,
            count=None if names else form.cleaned_data["count"],
            purpose=form.cleaned_data["purpose"],
        )
        reservation = reserve_nodes(wish=wish, by=signed_in(request))
        return redirect("deploylab:reservation_detail", pk=reservation.pk)


class ReservationDetail(Page):
    access = READ_RESERVATIONS

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        reservation = get_object_or_404(
            Reservation.objects.visible_to(request.user).select_related("holder"), pk=pk
        )
        blueprints = list(Blueprint.objects.exclude(current=None).select_related("current"))
        context = {
            "reservation": reservation,
            "nodes": Node.objects.filter(allocations__reservation=reservation),
            "deployments": reservation.deployments.select_related("version__blueprint"),
            "blueprints": [(blueprint, parameter_fields(blueprint)) for blueprint in blueprints],
            "is_live": reservation.state in LIVE_RESERVATIONS,
        }
        return render(request, "deploylab/reservation_detail.html", context)


class ReservationRelease(Page):
    access = RESERVE

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        reservation = get_object_or_404(Reservation.objects.visible_to(request.user), pk=pk)
        release_reservation(reservation=reservation, by=signed_in(request))
        messages.info(request, "The nodes are back in the pool and are being powered off.")
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
        latest = Event.objects.filter(deployment=deployment).order_by("-seq")[:LAST_EVENTS]
        names = list(dict.fromkeys(step.name for step in steps))
        nodes = sorted({step.node for step in steps}, key=lambda node: node.pk)
        by_cell = {(step.name, step.node_id): step for step in steps}
        may_control = Deployment.objects.controllable_by(request.user).filter(pk=pk).exists()
        context = {
            "deployment": deployment,
            "nodes": nodes,
            "rows": [(name, [by_cell[name, node.pk] for node in nodes]) for name in names],
            "failures": [step for step in steps if step.error_code],
            "events": reversed(latest),
            "may_cancel": may_control and not deployment.is_final,
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
