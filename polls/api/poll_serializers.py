from functools import cached_property
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.models import Chapter
from meetups.models import Meetup
from polls.api.seen import SeenField
from polls.models import Brainstorm, Poll, PollEntry, PollOption
from polls.selectors.electorate import electorate_size
from polls.selectors.polls import ballots_cast, may_vote, options_for, own_ballot


class OptionSerializer(serializers.ModelSerializer[PollOption]):
    """An option with the cards it was made from, by id."""

    ideas: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    topic_of = serializers.SerializerMethodField()

    class Meta:
        model = PollOption
        fields = ("id", "title", "description", "ideas", "topic_of")

    def get_topic_of(self, option: PollOption) -> str | None:
        """The meetup it became a topic of; a draft's address is its organizers' alone."""
        meetup = option.topic.meetup if option.topic is not None else None
        return meetup.slug if meetup is not None and meetup.is_published else None


class PollSerializer(serializers.ModelSerializer[Poll]):
    """A poll as a list shows it."""

    chapter = serializers.CharField(source="chapter.slug")
    meetup = serializers.SerializerMethodField()
    brainstorm = serializers.SerializerMethodField()

    class Meta:
        model = Poll
        fields: tuple[str, ...] = (
            "slug", "title", "description", "purpose", "method", "state", "chapter", "meetup",
            "brainstorm", "most_ranked", "dots", "is_public", "opens_at", "closes_at", "closed_at",
            "quorum",
        )  # fmt: skip

    def get_meetup(self, poll: Poll) -> str | None:
        """A draft's address is its organizers' alone."""
        return poll.meetup.slug if poll.meetup is not None and poll.meetup.is_published else None

    def get_brainstorm(self, poll: Poll) -> str | None:
        """One that is not public is named to those who may read it."""
        brainstorm = poll.brainstorm
        if brainstorm is None:
            return None
        is_seen = brainstorm.is_public or brainstorm.pk in self._seen_brainstorms
        return brainstorm.slug if is_seen else None

    @cached_property
    def _seen_brainstorms(self) -> frozenset[int]:
        seen = Brainstorm.objects.visible_to(self._user).filter(is_public=False)
        return frozenset(seen.values_list("pk", flat=True))

    @property
    def _user(self) -> Any:
        return self.context["request"].user


class EntrySerializer(serializers.ModelSerializer[PollEntry]):
    by = serializers.CharField(source="by.display_name", default=None)

    class Meta:
        model = PollEntry
        fields = ("at", "event", "by", "sentence", "reason")


class PollDetailSerializer(PollSerializer):
    """A poll with its options in the reader's own order and their own ballot; nobody else's.

    With `as_written` in the context the options come as the organizer who wrote them sent them.
    """

    electorate_kind = serializers.CharField(source="electorate")
    options = serializers.SerializerMethodField()
    your_ballot = serializers.SerializerMethodField()
    ballots = serializers.SerializerMethodField()
    electorate = serializers.SerializerMethodField()
    may_vote = serializers.SerializerMethodField()
    log = serializers.SerializerMethodField()

    class Meta(PollSerializer.Meta):
        fields = (
            *PollSerializer.Meta.fields, "electorate_kind", "options", "your_ballot", "ballots",
            "electorate", "may_vote", "log",
        )  # fmt: skip

    @extend_schema_field(OptionSerializer(many=True))
    def get_options(self, poll: Poll) -> Any:
        rows = poll.options.all() if "as_written" in self.context else options_for(poll, self._user)
        return OptionSerializer(rows, many=True).data

    @extend_schema_field(serializers.DictField(allow_null=True))
    def get_your_ballot(self, poll: Poll) -> dict[str, Any] | None:
        ballot = own_ballot(poll, self._user)
        return dict(ballot.choices) if ballot else None

    def get_ballots(self, poll: Poll) -> int:
        return ballots_cast(poll)

    def get_electorate(self, poll: Poll) -> int:
        return poll.result.electorate if hasattr(poll, "result") else electorate_size(poll)

    def get_may_vote(self, poll: Poll) -> bool:
        return may_vote(poll, self._user)

    @extend_schema_field(EntrySerializer(many=True))
    def get_log(self, poll: Poll) -> Any:
        return EntrySerializer(poll.log.select_related("by"), many=True).data


class ElectorateSerializer(serializers.Serializer[Any]):
    """Who may vote: exactly one of these."""

    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    meetup = SeenField(Meetup, required=False)
    emails = serializers.ListField(
        child=serializers.EmailField(), allow_empty=False, max_length=5000, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Name one of chapter, meetup or emails.")
        return attrs


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {
                    "title": {"type": "string"},
                    "description": {"type": "string"},
                    "ideas": {"type": "array", "items": {"type": "integer"}},
                },
                "required": ["title"],
            },
        ]
    }
)
class OptionField(serializers.Field[dict[str, Any], Any, Any, Any]):
    """A title, or an object with `title`, `description` and `ideas`, the ids of its cards."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, str):
            return {"title": data}
        known = {"title", "description", "ideas"}
        if not isinstance(data, dict) or not {"title"} <= set(data) <= known:
            raise serializers.ValidationError("An option is a title, or has a title and more.")
        cards = data.get("ideas", [])
        words = [value for name, value in data.items() if name != "ideas"]
        if not all(isinstance(word, str) for word in words):
            raise serializers.ValidationError("Title and description of an option are texts.")
        if not isinstance(cards, list) or not all(type(card) is int for card in cards):
            raise serializers.ValidationError("The ideas of an option are the ids of cards.")
        return dict(data)

    def to_representation(self, value: Any) -> Any:
        return value


class PollWriteSerializer(serializers.ModelSerializer[Poll]):
    """What organizers send; `electorate` left out means the members of their chapter.

    `meetup` is the one whose page shows the poll; an electorate of a meetup's guests sets it too.
    """

    slug = serializers.SlugField(max_length=80, required=False)
    electorate = ElectorateSerializer(required=False)
    options = serializers.ListField(child=OptionField(), max_length=100, required=False)
    meetup = SeenField(Meetup, required=False, allow_null=True)
    brainstorm = SeenField(Brainstorm, required=False, allow_null=True)

    class Meta:
        model = Poll
        fields = (
            "title", "slug", "method", "purpose", "electorate", "opens_at", "closes_at", "options",
            "quorum", "most_ranked", "dots", "is_public", "description", "brainstorm", "meetup",
        )  # fmt: skip


class ExtendSerializer(serializers.Serializer[Any]):
    closes_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=300)


class PollReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class CloseSerializer(serializers.Serializer[Any]):
    """The reason stands in the poll's log."""

    reason = serializers.CharField(
        max_length=300, required=False, default="Closed by an organizer before its time."
    )


class RemindedSerializer(serializers.Serializer[Any]):
    mails = serializers.IntegerField()


class BallotSerializer(serializers.Serializer[Any]):
    """Exactly one of these, the one of the poll's method."""

    ranking = serializers.ListField(child=serializers.IntegerField(), required=False)
    scores = serializers.DictField(child=serializers.IntegerField(), required=False)
    approved = serializers.ListField(child=serializers.IntegerField(), required=False)
    dots = serializers.DictField(child=serializers.IntegerField(), required=False)


class AcceptedSerializer(serializers.Serializer[Any]):
    accepted = serializers.BooleanField()


class PlanTopicSerializer(serializers.Serializer[Any]):
    option = serializers.IntegerField(min_value=1)
    meetup = serializers.SlugField()


class PlannedTopicSerializer(serializers.Serializer[Any]):
    option = serializers.IntegerField()
    meetup = serializers.CharField()
    topic = serializers.CharField()


class ResultRowSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    percent = serializers.FloatField(allow_null=True)
    rank = serializers.IntegerField()
    margin = serializers.FloatField(allow_null=True)
    is_apart = serializers.BooleanField(allow_null=True)


class ResultsSerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    ballots = serializers.IntegerField()
    electorate = serializers.IntegerField()
    quorum = serializers.IntegerField(allow_null=True)
    quorum_met = serializers.BooleanField(allow_null=True)
    options = ResultRowSerializer(many=True)
    tallies = serializers.DictField()
    pairwise = serializers.DictField()
    disagreements = serializers.ListField(child=serializers.DictField())
    version = serializers.CharField()
    digest = serializers.CharField()
    counted_at = serializers.DateTimeField(allow_null=True)


class BallotsSerializer(serializers.Serializer[Any]):
    method = serializers.CharField()
    most_ranked = serializers.IntegerField(allow_null=True)
    options = serializers.ListField(child=serializers.DictField())
    ballots = serializers.ListField(child=serializers.DictField())
    digest = serializers.CharField()
