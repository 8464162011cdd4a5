"""What programs read and write about the group's own work: sponsors, sites, series."""

import datetime as dt
from typing import Any

from rest_framework import serializers

from community.models import Chapter
from meetups.api.serializers import VenueByName
from meetups.models import Series, Site, SponsorKind, SponsorOffer, Sponsorship
from meetups.selectors.series import next_dates, rhythm
from meetups.selectors.sites import SiteLine, zone_of
from meetups.selectors.sponsors import RotaMonth
from meetups.services.series import MOST_MONTHS


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


class SponsorshipThanksSerializer(serializers.ModelSerializer[Sponsorship]):
    organization = serializers.CharField(source="organization.name", read_only=True)
    meetup = serializers.CharField(source="meetup.slug", read_only=True)

    class Meta:
        model = Sponsorship
        fields = ("id", "meetup", "organization", "kind", "provides", "thanks")
        read_only_fields = ("kind", "provides")
        extra_kwargs = {"thanks": {"required": True}}


class SiteDetailSerializer(serializers.Serializer[SiteLine]):
    """A site; `join_instructions` are null for those who are not going there."""

    id = serializers.IntegerField(source="site.pk")
    name = serializers.CharField(source="site.name")
    host = serializers.CharField(source="site.host")
    venue = serializers.CharField(source="site.venue.name", default=None)
    address = serializers.CharField(source="site.address")
    is_online = serializers.BooleanField(source="site.is_online")
    timezone = serializers.SerializerMethodField()
    starts_at_local = serializers.SerializerMethodField()
    capacity = serializers.IntegerField(source="site.capacity")
    going = serializers.IntegerField(source="site.going")
    note = serializers.CharField(source="site.note")
    join_instructions = serializers.CharField()
    state = serializers.CharField(source="site.state")
    decision_note = serializers.CharField(source="site.decision_note")

    def get_starts_at_local(self, line: SiteLine) -> str | None:
        return line.local_start.isoformat() if line.local_start else None

    def get_timezone(self, line: SiteLine) -> str:
        return zone_of(line.site)


class SiteWriteSerializer(serializers.ModelSerializer[Site]):
    class Meta:
        model = Site
        fields = (
            "name", "host", "is_online", "address", "timezone", "capacity",
            "join_instructions", "note",
        )  # fmt: skip


class SeriesSerializer(serializers.ModelSerializer[Series]):
    """A meetup that comes back; `rhythm` is its rule in words, `next_dates` the next three."""

    chapter = serializers.CharField(source="chapter.slug")
    venue = serializers.CharField(source="venue.name", default=None)
    rhythm = serializers.SerializerMethodField()
    next_dates = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = (
            "slug", "title", "chapter", "summary", "week", "weekday", "starts_at_time",
            "duration_minutes", "timezone", "venue", "capacity", "has_online", "is_active",
            "rhythm", "next_dates",
        )  # fmt: skip

    def get_rhythm(self, series: Series) -> str:
        return rhythm(series)

    def get_next_dates(self, series: Series) -> list[str]:
        starts = next_dates(series, 3) if series.is_active else []
        return [f"{start.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" for start in starts]


class SeriesWriteSerializer(serializers.ModelSerializer[Series]):
    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    venue = VenueByName(max_length=160, allow_null=True, required=False)

    class Meta:
        model = Series
        fields = (
            "slug", "title", "chapter", "summary", "week", "weekday", "starts_at_time",
            "duration_minutes", "timezone", "venue", "capacity", "has_online", "is_active",
        )  # fmt: skip


class PlanSerializer(serializers.Serializer[Any]):
    months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS)


class PlannedSerializer(serializers.Serializer[Any]):
    """The slugs of the drafts that were made."""

    drafts = serializers.ListField(child=serializers.CharField())
