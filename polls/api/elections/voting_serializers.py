from typing import Any

from rest_framework import serializers

from polls.models import ElectionEntry


class SecretBallotSerializer(serializers.Serializer[Any]):
    """One of the first three, by the election's method; `employer` where it is asked for."""

    allocations = serializers.DictField(child=serializers.CharField(), required=False)
    approved = serializers.ListField(child=serializers.IntegerField(), required=False)
    ranking = serializers.ListField(required=False)
    employer = serializers.CharField(required=False)
    revote_code = serializers.RegexField(r"^[A-Za-z0-9_-]{22,128}$")


class ReceiptSerializer(serializers.Serializer[Any]):
    receipt = serializers.CharField()


class ElectionReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class ElectionCloseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, default="")


class ElectionExtendSerializer(serializers.Serializer[Any]):
    closes_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=300)


class CertifySerializer(serializers.Serializer[Any]):
    statement = serializers.CharField(max_length=500, required=False, default="")


class CountedCandidateSerializer(serializers.Serializer[Any]):
    """Votes are decimal text; `reason` says why the cap kept somebody out or let somebody in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    affiliation = serializers.CharField()
    votes = serializers.CharField()
    voters = serializers.IntegerField()
    votes_per_voter = serializers.CharField(allow_null=True)
    percent_of_votes = serializers.CharField(allow_null=True)
    percent_of_voters = serializers.CharField(allow_null=True)
    own_employer_percent = serializers.CharField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    seated = serializers.BooleanField()
    reason = serializers.CharField()


class ElectionResultsSerializer(serializers.Serializer[Any]):
    """The count as `manage.py recount` gives it, and the receipts of all ballots, sorted."""

    state = serializers.CharField()
    candidates = CountedCandidateSerializer(many=True)
    ballots = serializers.IntegerField()
    electorate = serializers.IntegerField()
    receipts = serializers.ListField(child=serializers.CharField())


class ElectionEntrySerializer(serializers.ModelSerializer[ElectionEntry]):
    class Meta:
        model = ElectionEntry
        fields = ("number", "event", "at", "facts", "previous_hash", "hash")
