from typing import Any

from rest_framework import serializers

from meetups.models import CheckIn
from meetups.selectors.door import name_at_the_door
from meetups.services.checkin import CLIENT_ID_LENGTH, MOST_PEOPLE


class CheckInWriteSerializer(serializers.Serializer[Any]):
    """A party by its code, or with `walk_in` somebody without an RSVP.

    `came_at` is for what was counted without a network and is told later.
    """

    client_id = serializers.CharField(max_length=CLIENT_ID_LENGTH)
    code = serializers.CharField(max_length=40, required=False)
    walk_in = serializers.BooleanField(default=False)
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    people = serializers.IntegerField(
        min_value=1, max_value=MOST_PEOPLE, allow_null=True, default=None
    )
    came_at = serializers.DateTimeField(allow_null=True, default=None)

    def validate(self, attrs: Any) -> Any:
        if attrs["walk_in"] == ("code" in attrs):
            raise serializers.ValidationError(
                {"code": ["Either a code, or walk_in for somebody without one."]}
            )
        return attrs


class CheckInSerializer(serializers.ModelSerializer[CheckIn]):
    name = serializers.SerializerMethodField()
    code = serializers.CharField(source="rsvp.code", default=None)
    rsvp_status = serializers.CharField(source="rsvp.status", default=None)
    walk_in = serializers.SerializerMethodField()

    class Meta:
        model = CheckIn
        fields = ("id", "name", "people", "code", "rsvp_status", "walk_in", "client_id", "came_at")

    def get_name(self, check_in: CheckIn) -> str:
        return name_at_the_door(check_in)

    def get_walk_in(self, check_in: CheckIn) -> bool:
        return check_in.rsvp_id is None


class TotalsSerializer(serializers.Serializer[Any]):
    """People in, walk-ins among them, people going, and parties not in yet."""

    came = serializers.IntegerField()
    walk_ins = serializers.IntegerField()
    going = serializers.IntegerField()
    missing = serializers.IntegerField()


class CountedSerializer(CheckInSerializer):
    """A check-in with what to say about it."""

    said = serializers.CharField()
    totals = TotalsSerializer()

    class Meta(CheckInSerializer.Meta):
        fields = (*CheckInSerializer.Meta.fields, "said", "totals")  # type: ignore[assignment]
