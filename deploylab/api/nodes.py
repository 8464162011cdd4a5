from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from community.api.idempotency import IdempotentMixin
from community.core import clock
from community.core.errors import ConflictError
from community.selectors.people import signed_in
from deploylab.api.answers import AvailabilityAnswer
from deploylab.api.serializers import (
    AvailabilitySerializer,
    BlueprintSerializer,
    NodeSerializer,
    PowerCommandSerializer,
    PowerSerializer,
)
from deploylab.models import Blueprint, Node, PowerCommand
from deploylab.permissions import POWER, READ_BLUEPRINTS, READ_LAB
from deploylab.selectors.nodes import first_free_window
from deploylab.services.commands import request_power


class NodeList(generics.ListAPIView[Node]):
    """The lab's nodes."""

    read = READ_LAB
    serializer_class = NodeSerializer

    def get_queryset(self) -> QuerySet[Node]:
        return Node.objects.visible_to(self.request.user)


class NodeDetail(generics.RetrieveAPIView[Node]):
    """One node by name."""

    read = READ_LAB
    serializer_class = NodeSerializer
    lookup_field = "name"

    def get_queryset(self) -> QuerySet[Node]:
        return Node.objects.visible_to(self.request.user)


class NodePower(IdempotentMixin, APIView):
    """Ask for power; the answer is the queued command, whose page says how it went."""

    write = POWER

    @extend_schema(request=PowerSerializer, responses={202: PowerCommandSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queue an action."""
        return super().post(request, *args, **kwargs)

    def create(self, request: Request, name: str) -> Response:
        node = get_object_or_404(Node.objects.visible_to(request.user), name=name)
        body = PowerSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        command = request_power(
            node=node, action=body.validated_data["action"], by=signed_in(request)
        )
        return Response(PowerCommandSerializer(command).data, status=status.HTTP_202_ACCEPTED)


class PowerCommandDetail(generics.RetrieveAPIView[PowerCommand]):
    """How far a command got: to who asked for it, and to organizers of the lab."""

    read = POWER
    serializer_class = PowerCommandSerializer

    def get_queryset(self) -> QuerySet[PowerCommand]:
        return PowerCommand.objects.visible_to(self.request.user).select_related("node")


class BlueprintList(generics.ListAPIView[Blueprint]):
    """Every blueprint at its current version."""

    read = READ_BLUEPRINTS
    serializer_class = BlueprintSerializer
    queryset = Blueprint.objects.exclude(current=None).select_related("current")


class BlueprintDetail(generics.RetrieveAPIView[Blueprint]):
    """One blueprint by slug."""

    read = READ_BLUEPRINTS
    serializer_class = BlueprintSerializer
    queryset = Blueprint.objects.exclude(current=None).select_related("current")
    lookup_field = "slug"


class Availability(APIView):
    """When `count` nodes are first free for `hours`, and which."""

    read = READ_LAB

    @extend_schema(parameters=[AvailabilitySerializer], responses=AvailabilityAnswer)
    def get(self, request: Request) -> Response:
        """Find the first window."""
        query = AvailabilitySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        wish = query.validated_data
        length = clock.seconds(float(wish["hours"]) * 3600)
        traits = [trait for trait in wish["traits"].split(",") if trait]
        first = first_free_window(
            count=wish["count"], length=length, earliest=clock.now(), traits=traits
        )
        if first is None:
            raise ConflictError("The lab never has that many such nodes.", code="never")
        starts_at, nodes = first
        return Response(
            {"starts_at": starts_at, "ends_at": starts_at + length, "nodes": nodes[: wish["count"]]}
        )
