from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from community.admin.base import OrganizersAdmin, ReadOnlyAdmin
from community.models import (
    ApiToken,
    ArchiveRecord,
    AuditEntry,
    Chapter,
    Mail,
    Membership,
    Organization,
    Season,
    Takeover,
    User,
)
from community.models.chapter import own_chapters
from community.services.mail import private_purposes, resend_mail


@admin.register(Chapter)
class ChapterAdmin(OrganizersAdmin):
    chapter_path = "pk"
    list_display = ("name", "city", "timezone")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    chapter_path = "memberships__chapter"
    list_display = ("email", "name", "joined_at", "is_active")
    search_fields = ("email", "name")
    fields = ("email", "name", "joined_at", "code_of_conduct_at", "is_active")


@admin.register(Membership)
class MembershipAdmin(OrganizersAdmin):
    list_display = ("user", "chapter", "role", "is_participant", "since")
    list_filter = ("role", "is_participant")
    search_fields = ("user__email", "user__name")
    autocomplete_fields = ("user",)


@admin.register(Organization)
class OrganizationAdmin(OrganizersAdmin):
    chapter_path = ""
    list_display = ("name", "level")
    search_fields = ("name",)


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """How far each mail got. Its text is not shown: it is between the site and its reader."""

    chapter_path = "recipient__memberships__chapter"
    list_display = (
        "to", "purpose", "subject", "state", "was_uncertain", "attempts", "created_at", "sent_at",
    )  # fmt: skip
    list_filter = ("state", "was_uncertain", "purpose", "chapter")
    search_fields = ("to", "subject", "thread")
    fields = (
        "to", "purpose", "thread", "subject", "state", "was_uncertain", "attempts", "error",
        "created_at", "handed_at", "sent_at",
    )  # fmt: skip
    actions = ("resend",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        """Mails about the organizer's chapters, and to their members; none that are private."""
        own = own_chapters(request.user) | own_chapters(request.user, self.chapter_path)
        return Mail.objects.filter(own).exclude(purpose__in=private_purposes()).distinct()

    @admin.action(description="Send again what did not arrive")
    def resend(self, request: HttpRequest, rows: QuerySet[Mail]) -> None:
        """Queue failed mails again, under the same Message-ID."""
        self.run_each(request, rows, lambda mail: resend_mail(mail=mail), "queued again")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor", "verb", "subject")
    search_fields = ("subject", "verb")


@admin.register(Season)
class SeasonAdmin(ReadOnlyAdmin):
    list_display = ("title", "year", "chapter", "loaded_at")


@admin.register(ArchiveRecord)
class ArchiveRecordAdmin(ReadOnlyAdmin):
    chapter_path = "season__chapter"
    list_display = ("section", "key", "is_inferred", "source")
    list_filter = ("section", "is_inferred")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """For administrators; the token itself is nowhere."""

    chapter_path = "user__memberships__chapter"
    list_display: Any = ("name", "user", "created_at", "last_used_at", "revoked_at")
    fields = ("name", "user", "created_at", "last_used_at", "revoked_at")


@admin.register(Takeover)
class TakeoverAdmin(ReadOnlyAdmin):
    list_display = ("chapter", "by", "state", "asked_at", "ripens_at", "decided_at")
    list_filter = ("state", "chapter")
