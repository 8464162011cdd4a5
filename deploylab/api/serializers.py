from decimal import Decimal
from typing import Any

from rest_framework import serializers

from deploylab.models import Blueprint, Node, PowerCommand, Reservation
from deploylab.states import PowerAction


class NodeSerializer(serializers.ModelSerializer[Node]):
    """A node as everyone may see it: no addresses."""

    class Meta:
        model = Node
        fields = (
            "name", "model", "service_tag", "chassis", "slot", "cpu_count", "cpu_model",
            "memory_mb", "disks", "macs", "traits", "is_simulated", "provision_state", "health",
            "health_reason", "power_state", "power_observed_at",
        )  # fmt: skip


class PowerSerializer(serializers.Serializer[Any]):
    action = serializers.ChoiceField(choices=PowerAction.choices)


class PowerCommandSerializer(serializers.ModelSerializer[PowerCommand]):
    node = serializers.CharField(source="node.name")
    error = serializers.CharField(source="error_sentence")

    class Meta:
        model = PowerCommand
        fields = (
            "id", "node", "action", "state", "observed", "attempts", "error", "error_code",
            "created_at", "started_at", "ended_at",
        )  # fmt: skip


class ReservationSerializer(serializers.ModelSerializer[Reservation]):
    holder = serializers.CharField(source="holder.display_name")
    nodes: Any = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    end_reason = serializers.CharField()

    class Meta:
        model = Reservation
        fields = (
            "id", "state", "end_reason", "holder", "starts_at", "ends_at", "ended_at", "purpose",
            "nodes", "created_at",
        )  # fmt: skip


class WishSerializer(serializers.Serializer[Any]):
    """What to reserve: `nodes` by name, or `count` of them with `traits`."""

    starts_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ends_at = serializers.DateTimeField()
    count = serializers.IntegerField(required=False, allow_null=True, default=None)
    nodes = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    traits = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    purpose = serializers.CharField(max_length=200, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs["nodes"]) == (attrs["count"] is not None):
            raise serializers.ValidationError("Name the nodes, or say how many: one of the two.")
        return attrs


class ExtendSerializer(serializers.Serializer[Any]):
    ends_at = serializers.DateTimeField()


class DeploySerializer(serializers.Serializer[Any]):
    reservation = serializers.UUIDField()
    blueprint = serializers.SlugField()
    parameters = serializers.DictField(default=dict)
    is_public = serializers.BooleanField(required=False, allow_null=True, default=None)


class BlueprintSerializer(serializers.ModelSerializer[Blueprint]):
    version = serializers.IntegerField(source="current.number")
    digest = serializers.CharField(source="current.digest")
    parameters = serializers.JSONField(source="current.spec.parameters", default=dict)
    steps = serializers.JSONField(source="current.spec.steps")

    class Meta:
        model = Blueprint
        fields = ("slug", "title", "summary", "is_shipped", "version", "digest", "parameters",
                  "steps")  # fmt: skip


class AvailabilitySerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(min_value=1, default=1)
    hours = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), default=Decimal(1)
    )
    traits = serializers.CharField(allow_blank=True, default="")


class InventorySerializer(serializers.Serializer[Any]):
    inventory = serializers.DictField()


class OutputSerializer(serializers.Serializer[Any]):
    offset = serializers.IntegerField(min_value=0)
    text = serializers.CharField(allow_blank=True, trim_whitespace=False, max_length=300_000)


class ResultSerializer(serializers.Serializer[Any]):
    exit_code = serializers.IntegerField(min_value=-1024, max_value=1024)
    facts = serializers.DictField(default=dict)
    cancelled = serializers.BooleanField(default=False)
    timed_out = serializers.BooleanField(default=False)
