from typing import Any

from rest_framework import serializers

from community.models import Chapter
from polls.models import Candidate, Election, Inspector, OutsideResult
from polls.selectors.elections.candidates import all_candidates, candidates_of
from polls.selectors.elections.elections import is_run_by
from polls.selectors.elections.results import are_results_out
from polls.selectors.elections.standing import entry_of
from polls.services.reasons import LONGEST_REASON

RULES = (
    "method", "seats", "votes_per_voter", "whole_votes", "asks_employer", "publish_ballots",
    "results_at", "endorsements_needed",
)  # fmt: skip
TIMES = (
    "nominations_open_at", "nominations_close_at", "opens_at", "closes_at", "has_days_only",
)  # fmt: skip
WORDS = ("about", "eligibility", "how_to_vote", "outside_url")


class CapSerializer(serializers.Serializer[Any]):
    max = serializers.IntegerField(min_value=1, max_value=99)
    sitting = serializers.ListField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True)), required=False
    )


class ElectionSerializer(serializers.ModelSerializer[Election]):
    """An election as a list shows it."""

    chapter = serializers.CharField(source="chapter.slug")
    is_external = serializers.BooleanField()

    class Meta:
        model = Election
        fields: tuple[str, ...] = (
            "slug", "title", "body", "chapter", "state", "is_external", "announced_at", *RULES,
            *TIMES, "opened_at", "closed_at",
        )  # fmt: skip


class CandidateSerializer(serializers.ModelSerializer[Candidate]):
    """A candidate with their words; `endorsements` is their number, `answers` by question's id."""

    links = serializers.SerializerMethodField()
    endorsements = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()

    class Meta:
        model = Candidate
        fields = (
            "id", "name", "affiliation", "profile", "statement", "links", "answers", "campaign",
            "state", "state_reason", "is_entered", "is_on_ballot", "endorsements",
        )  # fmt: skip

    def get_links(self, candidate: Candidate) -> list[str]:
        return candidate.links.splitlines()

    def get_endorsements(self, candidate: Candidate) -> int:
        support: int | None = getattr(candidate, "support", None)
        return candidate.endorsements.count() if support is None else support

    def get_answers(self, candidate: Candidate) -> dict[str, str]:
        return {str(answer.question_id): answer.text for answer in candidate.answers.all()}


class InspectorSerializer(serializers.ModelSerializer[Inspector]):
    class Meta:
        model = Inspector
        fields = ("id", "name", "affiliation", "signed_at")


class OutsideResultSerializer(serializers.ModelSerializer[OutsideResult]):
    """A row of a result from elsewhere; null is not known."""

    name = serializers.CharField(source="candidate.name", read_only=True)
    affiliation = serializers.CharField(source="candidate.affiliation", read_only=True)

    class Meta:
        model = OutsideResult
        fields = (
            "candidate", "name", "affiliation", "rank", "votes", "percent_of_votes", "voters",
            "percent_of_voters", "own_employer_percent", "is_seated", "is_inferred", "reason",
        )  # fmt: skip


class ElectionDetailSerializer(ElectionSerializer):
    """An election with who stands in it, and the asker's own standing; nobody else's."""

    affiliation_cap = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField()
    campaigns = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()
    inspectors = InspectorSerializer(many=True)
    standing = serializers.SerializerMethodField()
    are_results_out = serializers.SerializerMethodField()
    outside_results = serializers.SerializerMethodField()

    class Meta(ElectionSerializer.Meta):
        fields = (
            *ElectionSerializer.Meta.fields, *WORDS, "affiliation_cap", "lot_seed_hash",
            "candidates", "campaigns", "questions", "inspectors", "standing", "are_results_out",
            "result_source", "outside_results",
        )  # fmt: skip

    def get_affiliation_cap(self, election: Election) -> dict[str, Any] | None:
        if election.cap_max is None:
            return None
        return {"max": election.cap_max, "sitting": election.cap_sitting}

    def get_candidates(self, election: Election) -> list[dict[str, Any]]:
        user = self.context["request"].user
        is_run = is_run_by(election, user)
        rows = all_candidates(election) if is_run else candidates_of(election, user)
        return list(CandidateSerializer(rows, many=True).data)

    def get_campaigns(self, election: Election) -> list[dict[str, Any]]:
        rows = election.campaigns.values("id", "title", "statement", "record")
        return [dict(row) for row in rows]

    def get_questions(self, election: Election) -> list[dict[str, Any]]:
        return [dict(row) for row in election.questions.values("id", "text")]

    def get_standing(self, election: Election) -> dict[str, Any] | None:
        """Null for who is not signed in."""
        user = self.context["request"].user
        if not user.is_authenticated:
            return None
        entry = entry_of(election, user)
        if entry is None:
            return {"on_roll": False, "reason": "", "has_voted": False}
        return {"on_roll": True, "reason": entry.reason, "has_voted": entry.has_voted}

    def get_are_results_out(self, election: Election) -> bool:
        return are_results_out(election)

    def get_outside_results(self, election: Election) -> list[dict[str, Any]] | None:
        """Null for an election that is held here."""
        if not election.is_external:
            return None
        rows = OutsideResult.objects.filter(candidate__election=election)
        return list(OutsideResultSerializer(rows.select_related("candidate"), many=True).data)


class WordsSerializer(serializers.Serializer[Any]):
    """What a candidate says; `links` one a line, `answers` by the question's id."""

    affiliation = serializers.CharField(max_length=120, allow_blank=True, required=False)
    profile = serializers.CharField(max_length=300, allow_blank=True, required=False)
    statement = serializers.CharField(max_length=20000, allow_blank=True, required=False)
    links = serializers.CharField(max_length=6000, allow_blank=True, required=False)


class EnteredSerializer(WordsSerializer):
    """A candidate whom organizers enter; `email` is that of an account, where there is one."""

    name = serializers.CharField(max_length=150)
    email = serializers.EmailField(required=False, allow_blank=True)


class NominationSerializer(WordsSerializer):
    """`email` of somebody else's account; without it one stands oneself.

    With `name` it is an entry by organizers, which needs no endorsement.
    """

    name = serializers.CharField(max_length=150, required=False)
    email = serializers.EmailField(required=False, allow_blank=True)


class ChangedWordsSerializer(WordsSerializer):
    name = serializers.CharField(max_length=150, required=False)
    answers = serializers.DictField(
        child=serializers.CharField(max_length=5000, allow_blank=True), required=False
    )

    def validate_answers(self, answers: dict[str, str]) -> dict[int, str]:
        """Their ids as numbers."""
        if not all(key.isascii() and key.isdigit() and len(key) < 10 for key in answers):  # noqa: PLR2004 - a database's number
            raise serializers.ValidationError("Answers go by the ids of questions.")
        return {int(key): text for key, text in answers.items()}


class VoterSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(max_length=254)
    reason = serializers.CharField(max_length=200)
    name = serializers.CharField(max_length=150, allow_blank=True, required=False)


class ElectionChangeSerializer(serializers.ModelSerializer[Election]):
    """What of an election can be changed; rules only until voting opens."""

    affiliation_cap = CapSerializer(required=False, allow_null=True)
    questions = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=20, required=False
    )

    class Meta:
        model = Election
        fields: tuple[str, ...] = (
            "title", "body", *RULES, *TIMES, *WORDS, "affiliation_cap", "questions",
        )  # fmt: skip


class ElectionWriteSerializer(ElectionChangeSerializer):
    """What organizers send; it is announced at once unless `draft` says otherwise.

    `inspectors` are addresses of accounts, `is_external` means that it is held elsewhere.
    """

    slug = serializers.SlugField(max_length=80, required=False)
    chapter = serializers.SlugRelatedField(
        slug_field="slug", queryset=Chapter.objects.all(), required=False
    )
    electorate = VoterSerializer(many=True, required=False)
    candidates = EnteredSerializer(many=True, required=False)
    inspectors = serializers.ListField(
        child=serializers.EmailField(), max_length=20, required=False
    )
    draft = serializers.BooleanField(required=False, default=False)
    is_external = serializers.BooleanField(required=False, default=False)

    class Meta(ElectionChangeSerializer.Meta):
        fields = (
            *ElectionChangeSerializer.Meta.fields, "slug", "chapter", "electorate", "candidates",
            "inspectors", "draft", "is_external",
        )  # fmt: skip


class RulingSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_REASON)


class NamedInspectorSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    affiliation = serializers.CharField(max_length=120, allow_blank=True, required=False)


class CampaignSerializer(serializers.Serializer[Any]):
    """A joint campaign; `members` are the ids of its candidates."""

    id = serializers.IntegerField(read_only=True)
    title = serializers.CharField(max_length=200)
    statement = serializers.CharField(max_length=20000, allow_blank=True, required=False)
    record = serializers.CharField(max_length=20000, allow_blank=True, required=False)
    members = serializers.ListField(
        child=serializers.IntegerField(min_value=1), min_length=2, max_length=200, write_only=True
    )


class OutsideRowSerializer(serializers.Serializer[Any]):
    """A row by its `candidate`'s id, or by the `name` of one whom the result alone names."""

    candidate = serializers.IntegerField(min_value=1, required=False)
    name = serializers.CharField(max_length=150, required=False)
    affiliation = serializers.CharField(max_length=120, allow_blank=True, required=False)
    rank = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    votes = serializers.DecimalField(12, 2, min_value=0, required=False, allow_null=True)
    voters = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, required=False, allow_null=True
    )
    percent_of_votes = serializers.DecimalField(5, 2, min_value=0, required=False, allow_null=True)
    percent_of_voters = serializers.DecimalField(5, 2, min_value=0, required=False, allow_null=True)
    own_employer_percent = serializers.DecimalField(
        5, 2, min_value=0, required=False, allow_null=True
    )
    is_seated = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_inferred = serializers.BooleanField(required=False, default=False)
    reason = serializers.CharField(max_length=200, allow_blank=True, required=False)


class OutsideResultsSerializer(serializers.Serializer[Any]):
    source = serializers.CharField(max_length=20000)  # type: ignore[assignment]  # a field of that name
    rows = serializers.ListField(child=OutsideRowSerializer(), max_length=500)
