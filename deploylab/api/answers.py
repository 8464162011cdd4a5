"""The shapes of answers that selectors build, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from deploylab.models import Event
from deploylab.states import DeploymentState, StepState


class ErrorAnswer(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()
    next_action = serializers.CharField()


class StepAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    node = serializers.CharField()
    state = serializers.ChoiceField(choices=StepState.choices)
    attempt = serializers.IntegerField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    error = ErrorAnswer(allow_null=True)


class DeploymentAnswer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=DeploymentState.choices)
    sentence = serializers.CharField()
    blueprint = serializers.SlugField()
    version = serializers.IntegerField()
    reservation = serializers.UUIDField()
    parameters = serializers.DictField()
    is_public = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    last_seq = serializers.IntegerField()
    steps = StepAnswer(many=True)


class EventAnswer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    at = serializers.DateTimeField()
    node = serializers.CharField(allow_blank=True)
    step = serializers.CharField(allow_blank=True)
    level = serializers.ChoiceField(choices=Event.Level.choices)
    kind = serializers.ChoiceField(choices=Event.Kind.choices)
    text = serializers.CharField()


class EventsAnswer(serializers.Serializer[Any]):
    events = EventAnswer(many=True)
    last_seq = serializers.IntegerField()


class AvailabilityAnswer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    nodes = serializers.ListField(child=serializers.CharField())
