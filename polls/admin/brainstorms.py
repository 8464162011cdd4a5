from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from community.admin.base import ReadOnlyAdmin
from community.selectors.people import signed_in
from polls.models import Brainstorm
from polls.services.brainstorms import close_brainstorm, reopen_brainstorm


@admin.register(Brainstorm)
class BrainstormAdmin(ReadOnlyAdmin):
    """Brainstorms; their cards are on their pages alone, where nobody unnamed is named."""

    list_display = ("title", "chapter", "meetup", "is_public", "created_at", "closed_at")
    list_filter = ("chapter", "is_public")
    search_fields = ("title", "slug")
    actions = ("close", "reopen")

    @admin.action(description="Close: no further cards")
    def close(self, request: HttpRequest, rows: QuerySet[Brainstorm]) -> None:
        """Take no further cards."""
        by = signed_in(request)
        self.run_each(
            request,
            rows.select_related("chapter"),
            lambda brainstorm: close_brainstorm(brainstorm=brainstorm, by=by),
            "closed",
        )

    @admin.action(description="Open again")
    def reopen(self, request: HttpRequest, rows: QuerySet[Brainstorm]) -> None:
        """Take cards again."""
        by = signed_in(request)
        self.run_each(
            request,
            rows.select_related("chapter"),
            lambda brainstorm: reopen_brainstorm(brainstorm=brainstorm, by=by),
            "open again",
        )
