from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.models import Mail
from polls.models import RollEntry, RollRequest
from polls.services.elections.roll_requests import LONGEST_DECISION, LONGEST_TEXT
from polls.services.elections.roll_rows import HEADER


class RollLinkSerializer(serializers.ModelSerializer[Mail]):
    """How far the mail with the present link got."""

    class Meta:
        model = Mail
        fields = ("state", "error", "sent_at")


class RollEntrySerializer(serializers.ModelSerializer[RollEntry]):
    """Who may vote, and why; not whether they have. `link` is null before one was asked for."""

    has_account = serializers.SerializerMethodField()
    link = serializers.SerializerMethodField()

    class Meta:
        model = RollEntry
        fields = ("id", "email", "name", "reason", "has_account", "link")

    def get_has_account(self, entry: RollEntry) -> bool:
        """Whether the address is an account's."""
        return entry.account_id is not None

    @extend_schema_field(RollLinkSerializer(allow_null=True))
    def get_link(self, entry: RollEntry) -> dict[str, Any] | None:
        """The mails of a whole page are found together."""
        mail = self.context["mails"].get(entry.pk)
        return RollLinkSerializer(mail).data if mail is not None else None


class RollPersonSerializer(serializers.Serializer[Any]):
    """A row; what is wrong in it is told with its number."""

    email = serializers.CharField(allow_blank=True, max_length=1000)
    reason = serializers.CharField(allow_blank=True, max_length=5000)
    name = serializers.CharField(allow_blank=True, default="", max_length=5000)


class RollPeopleSerializer(serializers.Serializer[Any]):
    people = RollPersonSerializer(many=True, allow_empty=False)


class RollImportSerializer(serializers.Serializer[Any]):
    csv = serializers.CharField(
        trim_whitespace=False, help_text=f"Columns {HEADER}; commas or semicolons."
    )
    dry_run = serializers.BooleanField(default=False)


class RollMembersSerializer(serializers.Serializer[Any]):
    since = serializers.DateField(
        allow_null=True, default=None, help_text="Joined on or before; null: every member."
    )
    dry_run = serializers.BooleanField(default=False)


class RollAddedSerializer(serializers.Serializer[Any]):
    people = serializers.IntegerField(help_text="How many were added, or would be.")
    is_written = serializers.BooleanField()
    size = serializers.IntegerField(help_text="Of the roll now.")


class RollRequestSerializer(serializers.ModelSerializer[RollRequest]):
    """Who asks to be on the roll; organizers read it, and who asked."""

    email = serializers.EmailField(source="account.email", default=None, allow_null=True)
    name = serializers.CharField(source="account.display_name", default=None, allow_null=True)

    class Meta:
        model = RollRequest
        fields = (
            "id", "email", "name", "text", "state", "asked_at", "decided_at", "decision_reason",
        )  # fmt: skip


class RollAskSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT)


class RollDecisionSerializer(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
    reason = serializers.CharField(max_length=LONGEST_DECISION)


class OwnLinkSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()


class OwnLinkAskedSerializer(serializers.Serializer[Any]):
    accepted = serializers.BooleanField(help_text="The same for every address.")
