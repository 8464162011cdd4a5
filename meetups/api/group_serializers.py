"""What programs read and write about the group's own work: sponsors, sites, series."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from community.models import Chapter
from meetups.models import SponsorKind, SponsorOffer, Sponsorship
from meetups.selectors.sponsors import RotaMonth


class RotaMonthSerializer(serializers.Serializer[RotaMonth]):
    """One month of a chapter: who has what; `is_next_free` on the kind's first free month."""

    chapter = serializers.CharField(source="chapter.slug")
    month = serializers.SerializerMethodField()
    meetup = serializers.CharField(source="meetup.slug", default=None)
    slots = serializers.SerializerMethodField()

    def get_month(self, row: RotaMonth) -> str:
        return f"{row.month:%Y-%m}"

    def get_slots(self, row: RotaMonth) -> list[dict[str, Any]]:
        return [
            {"kind": slot.kind.value, "sponsors": slot.holders, "is_next_free": slot.is_next}
            for slot in row.slots
        ]


class MonthField(serializers.CharField):
    """`2013-02`; inside, the month's first day."""

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return dt.date.fromisoformat(f"{text}-01" if len(text) == len("2013-02") else "")
        except ValueError:
            raise serializers.ValidationError("Write the month as 2013-02.") from None

    def to_representation(self, value: Any) -> str:
        return f"{value:%Y-%m}"


class OfferWriteSerializer(serializers.Serializer[SponsorOffer]):
    chapter = serializers.SlugRelatedField(slug_field="slug", queryset=Chapter.objects.all())
    month = MonthField()
    kind = serializers.ChoiceField(choices=SponsorKind.choices)
    organization_name = serializers.CharField(max_length=120)
    contact_name = serializers.CharField(max_length=120)
    contact_email = serializers.EmailField()
    message = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class OfferSerializer(serializers.ModelSerializer[SponsorOffer]):
    chapter = serializers.CharField(source="chapter.slug")
    month = MonthField()
    meetup = serializers.CharField(source="sponsorship.meetup.slug", default=None)

    class Meta:
        model = SponsorOffer
        fields = (
            "id", "chapter", "month", "kind", "organization_name", "contact_name",
            "contact_email", "message", "state", "meetup", "asked_at", "decided_at",
        )  # fmt: skip


class DecisionSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class SponsorshipSerializer(serializers.ModelSerializer[Sponsorship]):
    organization = serializers.CharField(source="organization.name", read_only=True)
    meetup = serializers.CharField(source="meetup.slug", read_only=True)

    class Meta:
        model = Sponsorship
        fields = ("id", "meetup", "organization", "kind", "provides", "thanks")
        read_only_fields = ("kind", "provides")
        extra_kwargs = {"thanks": {"required": True}}
