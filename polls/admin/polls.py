from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from community.admin.base import OrganizersAdmin
from community.models.chapter import own_chapters
from community.selectors.people import signed_in
from polls import states
from polls.models import Brainstorm, Poll, PollOption
from polls.services.moves import open_poll
from polls.services.polls import change_poll, create_poll, delete_draft

# What a poll asks, and of whom. Its list of voters and its end, with the reason, are on its page.
POLL_FIELDS = (
    "chapter", "title", "slug", "description", "purpose", "method", "most_ranked", "dots",
    "electorate", "meetup", "brainstorm", "is_public", "opens_at", "closes_at", "quorum",
)  # fmt: skip


def _is_draft(poll: Any) -> bool:
    return poll is None or poll.state == states.DRAFT


class PollOptionInline(admin.TabularInline[PollOption, Poll]):
    model = PollOption
    extra = 0
    fields = ("position", "title", "description")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While it is a draft."""
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While it is a draft."""
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """While it is a draft, for whoever may change it."""
        return _is_draft(obj) and super().has_change_permission(request, obj)


@admin.register(Poll)
class PollAdmin(OrganizersAdmin):
    """Polls; ballots and results are nowhere in the admin."""

    list_display = ("title", "chapter", "method", "state", "opens_at", "closes_at")
    list_filter = ("state", "method", "chapter")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    fields = POLL_FIELDS
    inlines = (PollOptionInline,)
    actions = ("open",)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Brainstorms have no list in the admin that would say whose they are."""
        if db_field.name == "brainstorm":
            kwargs["queryset"] = Brainstorm.objects.filter(own_chapters(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Of a new poll alone; a read-only field cannot be filled in."""
        return super().get_prepopulated_fields(request, obj) if obj is None else {}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002 - the interface's
        """All of them once it is open; a poll stays with its chapter and its address."""
        if obj is None:
            return ()
        return ("chapter", "slug") if _is_draft(obj) else POLL_FIELDS

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts alone: what was voted stays on record."""
        return obj is not None and _is_draft(obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Poll, form: Any, change: bool) -> None:  # noqa: FBT001
        """The same services as page and API; a planned time is entered with the options."""
        if change:
            return
        fields = {name: form.cleaned_data[name] for name in POLL_FIELDS}
        fields["opens_at"] = None  # without options it could not be planned yet
        obj.pk = create_poll(by=signed_in(request), **fields).pk
        obj.opens_at = form.cleaned_data["opens_at"]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Fields and options in one go, so that both or neither are saved."""
        poll = Poll.objects.get(pk=form.instance.pk)
        if not _is_draft(poll):
            return
        fields = {name: form.cleaned_data[name] for name in form.changed_data}
        if not change:
            fields = {"opens_at": form.cleaned_data["opens_at"]}
        fields.pop("chapter", None)
        options = [entry for formset in formsets for entry in _entries(formset)]
        change_poll(poll=poll, by=signed_in(request), options=options, **fields)
        for formset in formsets:  # what the admin's log of changes looks at
            formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []

    def delete_model(self, request: HttpRequest, obj: Poll) -> None:
        """By the service, for it may have opened by itself since the page was read."""
        delete_draft(poll=obj, by=signed_in(request))

    @admin.action(description="Open now")
    def open(self, request: HttpRequest, rows: QuerySet[Poll]) -> None:
        """Take ballots from now on."""
        by = signed_in(request)
        self.run_each(request, rows, lambda poll: open_poll(poll=poll, by=by), "opened")


def _entries(formset: Any) -> list[dict[str, Any]]:
    """The options as the service takes them, in the order of their positions."""
    filled = [
        form.cleaned_data
        for form in formset.forms
        if form.cleaned_data.get("title") and not form.cleaned_data.get("DELETE")
    ]
    filled.sort(key=lambda row: row["position"] or 0)
    return [{"title": row["title"], "description": row["description"]} for row in filled]
