from typing import Any

from rest_framework import serializers

from meetups.models import Meetup, Session, Topic


class _Row(serializers.Serializer[Any]):
    id = serializers.IntegerField(
        required=False, help_text="Of a row that is there; without it the row is new."
    )


class SessionRowSerializer(_Row):
    kind = serializers.ChoiceField(choices=Session.Kind.choices, default=Session.Kind.TALK)
    title = serializers.CharField(max_length=240)
    description = serializers.CharField(allow_blank=True, default="")
    speakers = serializers.ListField(
        child=serializers.CharField(max_length=120), max_length=50, default=list
    )
    starts_at = serializers.DateTimeField(allow_null=True, default=None)
    ends_at = serializers.DateTimeField(allow_null=True, default=None)
    place = serializers.CharField(max_length=160, allow_blank=True, default="")


class TopicRowSerializer(_Row):
    stage = serializers.ChoiceField(choices=Topic.Stage.choices)
    text = serializers.CharField(max_length=240)
    moved_to = serializers.SlugRelatedField(
        slug_field="slug", queryset=Meetup.objects.none(), allow_null=True, default=None
    )

    def get_fields(self) -> Any:
        fields = super().get_fields()
        user = getattr(self.context.get("request"), "user", None)
        if user is not None:
            fields["moved_to"].queryset = Meetup.objects.visible_to(user)  # type: ignore[attr-defined]
        return fields


class AgendaSerializer(serializers.Serializer[Any]):
    """The whole agenda. `version`, where it is sent, is that of the reading it is based on."""

    version = serializers.CharField(required=False)
    sessions = SessionRowSerializer(many=True, max_length=500)  # type: ignore[call-arg] # a list's own
    topics = TopicRowSerializer(many=True, max_length=500)  # type: ignore[call-arg] # a list's own


class ItemRowSerializer(_Row):
    number = serializers.IntegerField(read_only=True)
    text = serializers.CharField(max_length=10000)
    speaker = serializers.CharField(max_length=120, allow_blank=True, default="")
    is_decision = serializers.BooleanField(default=False)


class RecordingRowSerializer(_Row):
    title = serializers.CharField(max_length=160)
    url = serializers.URLField(max_length=500)


class MinutesSerializer(serializers.Serializer[Any]):
    """The whole minutes; items are numbered from 1 in the order they come."""

    version = serializers.CharField(required=False)
    published_at = serializers.DateTimeField(read_only=True)
    intro = serializers.CharField(max_length=20000, allow_blank=True, default="")
    items = ItemRowSerializer(many=True, max_length=500)  # type: ignore[call-arg] # a list's own
    recordings = RecordingRowSerializer(many=True, max_length=100, default=list)  # type: ignore[call-arg] # a list's own
    headcount = serializers.IntegerField(
        min_value=0, max_value=100000, allow_null=True, default=None
    )
    is_headcount_minimum = serializers.BooleanField(default=False)
    is_headcount_uncertain = serializers.BooleanField(default=False)
    headcount_as_printed = serializers.CharField(max_length=40, allow_blank=True, default="")


class CountSerializer(serializers.Serializer[Any]):
    """How many rows were added."""

    added = serializers.IntegerField()
