from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from community.admin.base import ReadOnlyAdmin
from community.selectors.people import signed_in

# priorities
from polls.models import Assessment, Outlook, Priority, PriorityList
from polls.services.outlooks import change_outlook
from polls.services.priorities import publish_list, withdraw_list


@admin.register(PriorityList)
class PriorityListAdmin(ReadOnlyAdmin):
    list_display = ("title", "chapter", "addressed_to", "summit_on", "voters", "published_at")
    list_filter = ("chapter",)
    search_fields = ("title", "slug")
    actions = ("publish", "withdraw")

    @admin.action(description="Publish")
    def publish(self, request: HttpRequest, rows: QuerySet[PriorityList]) -> None:
        """Show drafts to everyone."""
        by = signed_in(request)
        self.run_each(
            request, rows, lambda row: publish_list(priority_list=row, by=by), "published"
        )

    @admin.action(description="Make a draft again")
    def withdraw(self, request: HttpRequest, rows: QuerySet[PriorityList]) -> None:
        """Take back lists that nobody has assessed."""
        by = signed_in(request)
        self.run_each(
            request, rows, lambda row: withdraw_list(priority_list=row, by=by), "taken back"
        )


@admin.register(Priority)
class PriorityAdmin(ReadOnlyAdmin):
    chapter_path = "list__chapter"
    list_display = ("title", "list", "rank", "percent", "margin")
    list_filter = ("list",)
    list_select_related = ("list",)
    search_fields = ("title",)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    chapter_path = "priority__list__chapter"
    list_display = ("priority", "observer_name", "outlook_word", "changed_at")
    list_filter = ("priority__list",)
    list_select_related = ("priority", "observer", "outlook")
    search_fields = ("priority__title", "happened")


@admin.register(Outlook)
class OutlookAdmin(ReadOnlyAdmin):
    list_display = ("word", "chapter", "tone", "position", "is_offered")
    list_filter = ("chapter", "is_offered")
    actions = ("retire", "offer")

    @admin.action(description="Offer no longer")
    def retire(self, request: HttpRequest, rows: QuerySet[Outlook]) -> None:
        """Keep the words with those who used them."""
        self._set(request, rows, "retired", is_offered=False)

    @admin.action(description="Offer again")
    def offer(self, request: HttpRequest, rows: QuerySet[Outlook]) -> None:
        """Let observers choose the words again."""
        self._set(request, rows, "offered", is_offered=True)

    def _set(
        self, request: HttpRequest, rows: QuerySet[Outlook], done: str, *, is_offered: bool
    ) -> None:
        by = signed_in(request)
        self.run_each(
            request,
            rows,
            lambda row: change_outlook(outlook=row, by=by, is_offered=is_offered),
            done,
        )
