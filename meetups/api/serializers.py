import zoneinfo
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.models import Chapter
from meetups.models import (
    Meetup,
    MinutesItem,
    Rsvp,
    Session,
    Site,
    Sponsorship,
    Topic,
    Venue,
)
from meetups.models.rsvp import MOST_GUESTS
from meetups.selectors.rsvps import waiting_people, waitlist_position
from meetups.services.diets import dietary_note
from meetups.validators import validate_slug_is_free


class SiteSerializer(serializers.ModelSerializer[Site]):
    venue = serializers.CharField(source="venue.name", default=None)

    class Meta:
        model = Site
        fields = ("id", "name", "host", "venue", "is_online")


class MeetupSerializer(serializers.ModelSerializer[Meetup]):
    """A meetup as read; what is not known is null."""

    chapter = serializers.CharField(source="chapter.slug")
    venue = serializers.CharField(source="venue.name", default=None)
    waitlisted = serializers.SerializerMethodField()
    sites = serializers.SerializerMethodField()
    published = serializers.BooleanField(source="is_published")
    cancelled = serializers.BooleanField(source="is_cancelled")
    postponed = serializers.BooleanField(source="is_postponed")
    same_as = serializers.CharField(source="same_as.slug", default=None)

    class Meta:
        model = Meetup
        fields: tuple[str, ...] = (
            "slug", "title", "kind", "chapter", "summary", "starts_at", "ends_at", "date_label",
            "date_precision", "is_date_inferred", "timezone", "venue", "capacity",
            "online_capacity", "going", "online_going", "waitlisted", "sites", "has_online",
            "has_lab", "published", "cancelled", "postponed", "headcount", "headcount_as_printed",
            "reported_rsvps", "same_as",
        )  # fmt: skip

    @extend_schema_field(SiteSerializer(many=True))
    def get_sites(self, meetup: Meetup) -> Any:
        listed = [site for site in meetup.sites.all() if site.state == Site.State.APPROVED]
        return SiteSerializer(listed, many=True).data

    def get_waitlisted(self, meetup: Meetup) -> int:
        annotated = getattr(meetup, "waiting", None)
        return waiting_people(meetup) if annotated is None else int(annotated)


class SessionSerializer(serializers.ModelSerializer[Session]):
    class Meta:
        model = Session
        fields = (
            "title", "kind", "speakers", "hosts", "starts_at", "printed_time", "place",
            "needs_rsvp",
        )  # fmt: skip


class SponsorshipSerializer(serializers.ModelSerializer[Sponsorship]):
    organization = serializers.CharField(source="organization.name")

    class Meta:
        model = Sponsorship
        fields = ("organization", "provides")


class TopicSerializer(serializers.ModelSerializer[Topic]):
    class Meta:
        model = Topic
        fields = ("stage", "text")


class MinutesItemSerializer(serializers.ModelSerializer[MinutesItem]):
    class Meta:
        model = MinutesItem
        fields = ("number", "text", "speaker", "is_decision", "facts")


class MeetupDetailSerializer(MeetupSerializer):
    """A meetup with its agenda, who paid, what was planned and held, and its minutes."""

    sessions = SessionSerializer(many=True)
    sponsors = SponsorshipSerializer(source="sponsorships", many=True)
    topics = TopicSerializer(many=True)
    minutes = serializers.SerializerMethodField()

    class Meta(MeetupSerializer.Meta):
        fields = (*MeetupSerializer.Meta.fields, "sessions", "sponsors", "topics", "minutes")

    @extend_schema_field(MinutesItemSerializer(many=True))
    def get_minutes(self, meetup: Meetup) -> list[dict[str, Any]]:
        """The items once they are published; organizers read them before at `minutes/`."""
        if not meetup.are_minutes_public:
            return []
        return [dict(row) for row in MinutesItemSerializer(meetup.minutes.all(), many=True).data]


class VenueByName(serializers.CharField):
    """A venue of the chapter by its name; a new name makes a new venue when saved."""

    def to_representation(self, value: Any) -> str:
        return str(value.name if isinstance(value, Venue) else value)


class MeetupWriteSerializer(serializers.ModelSerializer[Meetup]):
    """A meetup as an organizer writes it."""

    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    venue = VenueByName(max_length=160, allow_null=True, required=False)
    published = serializers.BooleanField(source="is_published", required=False)
    cancelled = serializers.BooleanField(source="is_cancelled", required=False)

    class Meta:
        model = Meetup
        fields = (
            "slug", "title", "kind", "chapter", "summary", "starts_at", "ends_at", "timezone",
            "venue", "capacity", "online_capacity", "has_online", "has_lab", "rsvp_closes_at",
            "join_instructions", "change_note", "published", "cancelled",
        )  # fmt: skip

    def validate_slug(self, value: str) -> str:
        validate_slug_is_free(value)
        return value

    def validate_timezone(self, value: str) -> str:
        if value not in zoneinfo.available_timezones():
            raise serializers.ValidationError("This time zone is not known.")
        return value


class AnswerSerializer(serializers.Serializer[Any]):
    """The body of an RSVP."""

    status = serializers.ChoiceField(choices=[Rsvp.Status.GOING, Rsvp.Status.NOT_GOING])
    guests = serializers.IntegerField(min_value=0, max_value=MOST_GUESTS, default=0)
    mode = serializers.ChoiceField(choices=Rsvp.Mode.choices, default=Rsvp.Mode.IN_PERSON)
    site = serializers.PrimaryKeyRelatedField(
        queryset=Site.objects.filter(state=Site.State.APPROVED), allow_null=True, default=None
    )
    diet = serializers.CharField(max_length=200, allow_blank=True, default="")
    accept_code_of_conduct = serializers.BooleanField(default=False)


class RsvpLinkSerializer(serializers.Serializer[Any]):
    """Where to send the link, and what the answer is to begin with."""

    email = serializers.EmailField()
    guests = serializers.IntegerField(min_value=0, max_value=MOST_GUESTS, default=0)
    mode = serializers.ChoiceField(choices=Rsvp.Mode.choices, default=Rsvp.Mode.IN_PERSON)


class PostponeSerializer(serializers.Serializer[Any]):
    """The new date, where there is one, and what those who answered are told."""

    starts_at = serializers.DateTimeField(allow_null=True, default=None)
    ends_at = serializers.DateTimeField(allow_null=True, default=None)
    note = serializers.CharField(max_length=300, allow_blank=True, default="")


class RsvpSerializer(serializers.ModelSerializer[Rsvp]):
    waitlist_position = serializers.SerializerMethodField()
    diet = serializers.SerializerMethodField()

    class Meta:
        model = Rsvp
        fields = ("status", "guests", "mode", "site", "diet", "waitlist_position",
                  "offer_expires_at", "reconfirmed_at", "code")  # fmt: skip

    def get_waitlist_position(self, rsvp: Rsvp) -> int | None:
        return waitlist_position(rsvp)

    def get_diet(self, rsvp: Rsvp) -> str:
        return dietary_note(rsvp)
