from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.models import Chapter
from meetups.models import Meetup
from polls.api.seen import SeenField
from polls.models import Brainstorm, Idea
from polls.selectors.ideas import LONGEST_IDEA
from polls.services.brainstorms import MOST_PAD
from polls.services.ideas import LONGEST_GROUP


class BrainstormSerializer(serializers.ModelSerializer[Brainstorm]):
    """A brainstorm; `last_seq` is the number of its newest event (the socket's `?after=`)."""

    chapter = serializers.SlugField(source="chapter.slug")
    meetup = serializers.SerializerMethodField()
    is_open = serializers.BooleanField()

    class Meta:
        model = Brainstorm
        fields = (
            "slug", "title", "prompt", "chapter", "meetup", "is_public", "allows_anonymous",
            "drops_authors", "everyone_sorts", "is_open", "created_at", "closed_at", "last_seq",
        )  # fmt: skip

    def get_meetup(self, brainstorm: Brainstorm) -> str | None:
        """A draft's address is its organizers' alone."""
        meetup = brainstorm.meetup
        return meetup.slug if meetup is not None and meetup.is_published else None


class BrainstormWriteSerializer(serializers.ModelSerializer[Brainstorm]):
    slug = serializers.SlugField(max_length=80, required=False, default="")
    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    meetup = SeenField(Meetup, required=False, allow_null=True)

    class Meta:
        model = Brainstorm
        fields = (
            "title", "slug", "prompt", "chapter", "meetup", "is_public", "allows_anonymous",
            "drops_authors", "everyone_sorts",
        )  # fmt: skip


class BrainstormChangeSerializer(serializers.ModelSerializer[Brainstorm]):
    """Address and chapter stay."""

    meetup = SeenField(Meetup, required=False, allow_null=True)

    class Meta:
        model = Brainstorm
        fields = (
            "title", "prompt", "meetup", "is_public", "allows_anonymous", "drops_authors",
            "everyone_sorts",
        )  # fmt: skip


@extend_schema_field(OpenApiTypes.INT)
class IdeaField(serializers.PrimaryKeyRelatedField[Idea]):
    """The id of a card of the brainstorm in the context."""

    def get_queryset(self) -> QuerySet[Idea]:
        """No other brainstorm's cards."""
        return Idea.objects.filter(brainstorm=self.context["brainstorm"])


class AuthorSerializer(serializers.Serializer[Any]):
    """Who wrote a card; `hue` is 1 to 8, 0 for who has written no named card yet."""

    name = serializers.CharField()
    initials = serializers.CharField()
    hue = serializers.IntegerField()


class IdeaSerializer(serializers.Serializer[Any]):
    """A card, or with `parent` a note under it; `author` is null where nobody is named.

    A removed one has neither words nor author.
    """

    id = serializers.IntegerField()
    parent = serializers.IntegerField(allow_null=True)  # type: ignore[assignment]  # a field of that name
    text = serializers.CharField()
    link = serializers.CharField()
    author = AuthorSerializer(allow_null=True)
    group = serializers.CharField()
    position = serializers.CharField()
    revision = serializers.IntegerField()
    is_removed = serializers.BooleanField()
    at = serializers.DateTimeField()


class IdeaWriteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_IDEA, trim_whitespace=True)
    # DRF's fields have a `parent` of their own, which is not what is declared here.
    parent = IdeaField(required=False, allow_null=True, default=None)  # type: ignore[assignment]
    group = serializers.CharField(
        max_length=LONGEST_GROUP, required=False, allow_blank=True, default=""
    )
    is_anonymous = serializers.BooleanField(required=False, default=False)


class IdeaChangeSerializer(serializers.Serializer[Any]):
    """`revision` is the one the words were written over."""

    text = serializers.CharField(max_length=LONGEST_IDEA)
    revision = serializers.IntegerField(min_value=1)
    is_anonymous = serializers.BooleanField(required=False, default=False)


class IdeaMoveSerializer(serializers.Serializer[Any]):
    """Before which card (null: to the end), and into which group (left out: as it is)."""

    before = IdeaField(required=False, allow_null=True, default=None)
    group = serializers.CharField(max_length=LONGEST_GROUP, required=False, allow_blank=True)


class IdeaMergeSerializer(serializers.Serializer[Any]):
    into = IdeaField()


class PadSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=MOST_PAD)


class ImportedSerializer(serializers.Serializer[Any]):
    imported = serializers.IntegerField()


class IdeaEventSerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    kind = serializers.CharField()
    idea = IdeaSerializer()
    notes = IdeaSerializer(many=True, required=False)


class IdeaEventsSerializer(serializers.Serializer[Any]):
    events = IdeaEventSerializer(many=True)
    last_seq = serializers.IntegerField()
