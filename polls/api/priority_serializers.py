"""What programs read and write about priorities. What is read comes from the selectors' facts."""

from typing import Any

from rest_framework import serializers

from community.models import Chapter
from polls.models import Outlook, Priority, PriorityList
from polls.selectors.scorecards import issue_facts, list_facts, row_of, scorecard_facts

LONG = 20_000


class LinkSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=500)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class AssessmentSerializer(serializers.Serializer[Any]):
    """What one observer says; `outlook` is a word of the group's list, else `own_words`."""

    observer = serializers.CharField(allow_null=True)
    happened = serializers.CharField()
    outlook = serializers.CharField(allow_null=True)
    own_words = serializers.CharField()
    links = LinkSerializer(many=True)
    changed_at = serializers.DateTimeField()


class IssueSerializer(serializers.Serializer[Any]):
    """An issue: `percent` and `margin` null where unknown; a shared rank is said so."""

    id = serializers.IntegerField()
    order = serializers.IntegerField()
    rank = serializers.IntegerField()
    is_shared = serializers.BooleanField()
    title = serializers.CharField()
    description = serializers.CharField()
    percent = serializers.FloatField(allow_null=True)
    margin = serializers.FloatField(allow_null=True)
    carried_from = serializers.IntegerField(allow_null=True)
    assessments = AssessmentSerializer(many=True)

    def to_representation(self, instance: Priority) -> dict[str, Any]:
        return issue_facts(row_of(instance))


class ListSerializer(serializers.Serializer[Any]):
    """A list; what nobody stated is null."""

    slug = serializers.CharField()
    title = serializers.CharField()
    chapter = serializers.CharField()
    introduction = serializers.CharField()
    addressed_to = serializers.CharField()
    summit = serializers.CharField(allow_null=True)
    summit_on = serializers.DateField(allow_null=True)
    poll = serializers.CharField(allow_null=True)
    method = serializers.CharField(allow_null=True)
    voters = serializers.IntegerField(allow_null=True)
    verdict = serializers.CharField()
    scored_by = serializers.CharField(allow_null=True)
    is_recorded = serializers.BooleanField()
    published = serializers.BooleanField()
    published_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: PriorityList) -> dict[str, Any]:
        return list_facts(instance)


class ScorecardSerializer(ListSerializer):
    """A list with its issues and all that observers say."""

    items = IssueSerializer(many=True)

    def to_representation(self, instance: PriorityList) -> dict[str, Any]:
        return scorecard_facts(instance)


class ItemWriteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(required=False)
    title = serializers.CharField(max_length=240)
    description = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    percent = serializers.DecimalField(
        max_digits=4, decimal_places=1, min_value=0, max_value=100, required=False, allow_null=True
    )


class ListWriteSerializer(serializers.Serializer[Any]):
    """What can be changed; `observers` are addresses of members, `items` all issues in order."""

    title = serializers.CharField(max_length=200)
    introduction = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    addressed_to = serializers.CharField(max_length=200, required=False, allow_blank=True)
    summit = serializers.SlugField(required=False, allow_null=True)
    summit_on = serializers.DateField(required=False, allow_null=True)
    method = serializers.CharField(max_length=200, required=False, allow_blank=True)
    voters = serializers.IntegerField(
        min_value=0, max_value=2_147_483_647, required=False, allow_null=True
    )
    verdict = serializers.CharField(max_length=LONG, required=False, allow_blank=True)
    scored_by = serializers.CharField(max_length=200, required=False, allow_blank=True)
    observers = serializers.ListField(
        child=serializers.EmailField(), required=False, max_length=200
    )
    items = ItemWriteSerializer(many=True, required=False)


class ListNewSerializer(ListWriteSerializer):
    """A new list: from a closed `poll`, or with `items`; a draft unless `published`."""

    slug = serializers.SlugField(max_length=80, required=False)
    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    poll = serializers.SlugField(required=False, allow_null=True)
    published = serializers.BooleanField(required=False, default=False)


class AssessmentWriteSerializer(serializers.Serializer[Any]):
    happened = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    outlook = serializers.CharField(max_length=60, required=False, allow_null=True)
    own_words = serializers.CharField(max_length=80, required=False, allow_blank=True)
    links = LinkSerializer(many=True, required=False)


class CarrySerializer(serializers.Serializer[Any]):
    """Where to: one of the two."""

    list = serializers.SlugField(required=False)
    brainstorm = serializers.SlugField(required=False)


class CarriedSerializer(serializers.Serializer[Any]):
    """Where it is now: `item` of a list, or `idea` of a brainstorm."""

    list = serializers.CharField(allow_null=True)
    item = serializers.IntegerField(allow_null=True)
    brainstorm = serializers.CharField(allow_null=True)
    idea = serializers.IntegerField(allow_null=True)


class OutlookSerializer(serializers.ModelSerializer[Outlook]):
    chapter = serializers.CharField(source="chapter.slug")

    class Meta:
        model = Outlook
        fields = ("id", "chapter", "word", "tone", "position", "is_offered")


class OutlookChangeSerializer(serializers.Serializer[Any]):
    word = serializers.CharField(max_length=60)
    tone = serializers.ChoiceField(choices=Outlook.Tone.choices, required=False)
    position = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    is_offered = serializers.BooleanField(required=False)


class OutlookNewSerializer(serializers.Serializer[Any]):
    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    word = serializers.CharField(max_length=60)
    tone = serializers.ChoiceField(choices=Outlook.Tone.choices, required=False)
