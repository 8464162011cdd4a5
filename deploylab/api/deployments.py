from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.api.pagination import Pages
from community.core.errors import ForbiddenError, InvalidError
from community.core.numbers import natural
from community.selectors.people import signed_in
from deploylab.api.answers import DeploymentAnswer, EventsAnswer
from deploylab.api.serializers import DeploySerializer
from deploylab.exceptions import BlueprintError
from deploylab.models import Deployment, Reservation
from deploylab.permissions import DEPLOY, READ_DEPLOYMENTS
from deploylab.selectors.deployments import deployment_facts, events_after
from deploylab.services.deployments import start_deployment
from deploylab.services.runner import request_cancel

MOST_EVENTS = 5000


def _deployments(request: Request) -> QuerySet[Deployment]:
    return (
        Deployment.objects.visible_to(request.user)
        .select_related("version__blueprint")
        .prefetch_related("steps__node")
    )


class DeploymentList(IdempotentMixin, APIView):
    """Deployments one may watch, the newest first."""

    read = READ_DEPLOYMENTS
    write = DEPLOY

    @extend_schema(operation_id="deployments_list", responses=DeploymentAnswer(many=True))
    def get(self, request: Request) -> Response:
        """List them."""
        pages = Pages()
        rows = pages.paginate_queryset(_deployments(request), request, view=self)
        return pages.get_paginated_response([deployment_facts(row) for row in rows or []])

    @extend_schema(request=DeploySerializer, responses={201: DeploymentAnswer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Deploy a blueprint onto an active reservation."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        body = DeploySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wish = body.validated_data
        reservation = (
            Reservation.objects.visible_to(request.user).filter(pk=wish["reservation"]).first()
        )
        if reservation is None:
            raise BlueprintError(
                "There is no such reservation of yours.", code="unknown_reservation"
            )
        deployment = start_deployment(
            reservation=reservation,
            blueprint_slug=wish["blueprint"],
            parameters=wish["parameters"],
            is_public=wish["is_public"],
            by=signed_in(request),
        )
        return Response(deployment_facts(deployment), status=status.HTTP_201_CREATED)


class DeploymentDetail(APIView):
    """One deployment with its steps."""

    read = READ_DEPLOYMENTS

    @extend_schema(responses=DeploymentAnswer)
    def get(self, request: Request, pk: str) -> Response:
        """Read it."""
        return Response(deployment_facts(get_object_or_404(_deployments(request), pk=pk)))


class DeploymentCancel(APIView):
    """Stop a deployment."""

    write = DEPLOY

    @extend_schema(request=None, responses=DeploymentAnswer)
    def post(self, request: Request, pk: str) -> Response:
        """What has not begun never will; what runs is stopped."""
        visible = get_object_or_404(_deployments(request), pk=pk)
        if not Deployment.objects.controllable_by(request.user).filter(pk=pk).exists():
            raise ForbiddenError("You may watch this deployment, not stop it.")
        request_cancel(str(visible.pk), by_name=signed_in(request).display_name)
        return Response(deployment_facts(_deployments(request).get(pk=pk)))


def _number(request: Request, name: str, default: int) -> int:
    number = natural(request.query_params.get(name, str(default)))
    if number is None:
        raise InvalidError(f"{name} must be a whole number.", errors={name: ["not a number"]})
    return number


class DeploymentEvents(APIView):
    """The record, in order and without a gap."""

    read = READ_DEPLOYMENTS

    @extend_schema(
        parameters=[OpenApiParameter("after", int), OpenApiParameter("limit", int)],
        responses=EventsAnswer,
    )
    def get(self, request: Request, pk: str) -> Response:
        """At most `limit` events above `after`."""
        deployment = get_object_or_404(_deployments(request), pk=pk)
        limit = min(_number(request, "limit", 1000), MOST_EVENTS)
        events = events_after(deployment.pk, _number(request, "after", 0), limit)
        return Response({"events": events, "last_seq": deployment.last_seq})


class DeploymentLog(APIView):
    """The record as plain text."""

    read = READ_DEPLOYMENTS

    @extend_schema(responses={(200, "text/plain"): str})
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Every line with its number, time, node and step."""
        deployment = get_object_or_404(_deployments(request), pk=pk)
        response = StreamingHttpResponse(_lines(deployment), content_type="text/plain")
        response["Content-Disposition"] = f'inline; filename="deployment-{deployment.pk}.txt"'
        return response


def _lines(deployment: Deployment) -> Iterator[str]:
    after = 0
    while events := events_after(deployment.pk, after, MOST_EVENTS):
        after = events[-1]["seq"]
        yield "".join(
            f"{e['seq']:>6} {e['at']} {e['node'] or '-'} {e['step'] or '-'} {e['text']}\n"
            for e in events
        )
