"""Elections in the admin: to look at, and to announce; what is decided in one is on its pages.

Ballots, the roll's tokens and the lot's seed are nowhere here.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from community.admin.base import ReadOnlyAdmin
from community.selectors.people import signed_in
from polls.models import Campaign, Candidate, Election, Inspector
from polls.services.elections.setup import announce_election

FIELDS = (
    "chapter", "title", "slug", "body", "state", "announced_at", "about", "eligibility",
    "how_to_vote", "method", "seats", "votes_per_voter", "whole_votes", "cap_max", "cap_sitting",
    "asks_employer", "publish_ballots", "results_at", "endorsements_needed",
    "nominations_open_at", "nominations_close_at", "opens_at", "closes_at", "has_days_only",
    "opened_at", "closed_at", "lot_seed_hash", "outside_url", "result_source",
)  # fmt: skip


class _Rows(admin.TabularInline[Any, Election]):
    """Rows of an election, to look at."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002 - the interface's
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False


class CandidateRows(_Rows):
    model = Candidate
    fields = readonly_fields = ("name", "affiliation", "state", "campaign")


class InspectorRows(_Rows):
    model = Inspector
    fields = readonly_fields = ("name", "affiliation", "signed_at")


@admin.register(Election)
class ElectionAdmin(ReadOnlyAdmin):
    list_display = ("title", "chapter", "state", "opens_at", "closes_at")
    list_filter = ("state", "chapter")
    search_fields = ("title", "slug")
    fields = FIELDS
    inlines = (CandidateRows, InspectorRows)
    actions = ("announce",)

    @admin.action(description="Announce")
    def announce(self, request: HttpRequest, rows: QuerySet[Election]) -> None:
        """Make drafts public."""
        by = signed_in(request)
        self.run_each(
            request, rows, lambda row: announce_election(election=row, by=by), "announced"
        )


class _OfElection(ReadOnlyAdmin):
    chapter_path = "election__chapter"
    list_filter = ("election",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the election each belongs to."""
        return super().get_queryset(request).select_related("election")


@admin.register(Candidate)
class CandidateAdmin(_OfElection):
    list_display = ("name", "affiliation", "election", "state")
    search_fields = ("name", "affiliation")
    fields = (
        "election", "name", "affiliation", "profile", "statement", "links", "campaign", "state",
        "state_reason", "is_entered", "is_on_ballot", "created_at",
    )  # fmt: skip


@admin.register(Inspector)
class InspectorAdmin(_OfElection):
    list_display = ("name", "affiliation", "election", "signed_at")
    search_fields = ("name", "affiliation")
    fields = ("election", "name", "affiliation", "signed_at", "statement")


@admin.register(Campaign)
class CampaignAdmin(_OfElection):
    list_display = ("title", "election")
    search_fields = ("title",)
    fields = ("election", "title", "statement", "record")
