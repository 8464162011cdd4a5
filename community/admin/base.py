"""Django's admin for organizers: staff with model permissions, who see their chapter's rows."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from community.core.errors import ProductError
from community.models.chapter import own_chapters


class OrganizersAdmin(admin.ModelAdmin[Any]):
    """Rows of the organizer's chapters alone; `chapter_path` leads from a row to its chapter.

    An empty path means that the rows belong to the whole group, like organizations.
    """

    chapter_path = "chapter"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of one's own chapters."""
        rows = super().get_queryset(request)
        if not self.chapter_path:
            return rows
        return rows.filter(own_chapters(request.user, self.chapter_path)).distinct()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only one's own chapters, and only things of theirs, can be chosen."""
        if "queryset" not in kwargs:
            related = self.admin_site._registry.get(db_field.related_model)  # noqa: SLF001 - Django has no public look-up by model
            if isinstance(related, OrganizersAdmin):
                kwargs["queryset"] = related.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def run_each(self, request: HttpRequest, rows: QuerySet[Any], act: Any, done: str) -> None:
        """Call the service `act` for each row; refusals are said one by one."""
        count = 0
        for row in rows:
            try:
                act(row)
                count += 1
            except ProductError as error:
                self.message_user(request, f"{row}: {error.sentence}", messages.WARNING)
        if count:
            self.message_user(request, f"{count} {done}.")


class ReadOnlyAdmin(OrganizersAdmin):
    """Rows that services write: to look at, and to act on by actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the interface's
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002
        return False
