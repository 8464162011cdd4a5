from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from community.admin.base import OrganizersAdmin, ReadOnlyAdmin
from community.selectors.people import signed_in
from meetups.models import (
    CheckIn,
    Meetup,
    MinutesItem,
    Note,
    Recording,
    Rsvp,
    Series,
    Session,
    Site,
    SponsorOffer,
    Sponsorship,
    Topic,
    Venue,
)
from meetups.services.checkin import undo_check_in
from meetups.services.meetups import change_meetup, create_meetup
from meetups.services.notes import hide_note, restore_note
from meetups.services.people import take_off
from meetups.services.sponsors import confirm_offer, decline_offer


class _Part(admin.TabularInline[Any, Any]):
    extra = 0


class SessionInline(_Part):
    model = Session
    fields = ("position", "kind", "title", "speakers", "starts_at")


class SponsorshipInline(_Part):
    model = Sponsorship
    fields = ("organization", "kind", "provides", "thanks", "position")


class SiteInline(_Part):
    model = Site
    fields = ("name", "host", "venue", "timezone", "is_online", "position")


class MinutesInline(_Part):
    model = MinutesItem
    fields = ("number", "text", "speaker", "is_decision")


@admin.register(Meetup)
class MeetupAdmin(OrganizersAdmin):
    list_display = ("title", "kind", "chapter", "starts_at", "going", "capacity", "is_published")
    list_filter = ("kind", "is_published", "is_cancelled", "chapter")
    search_fields = ("title", "slug")
    prepopulated_fields = {"slug": ("title",)}
    inlines = (SessionInline, SiteInline, SponsorshipInline, MinutesInline)
    actions = ("publish", "cancel")
    fields = (
        "chapter", "title", "slug", "kind", "summary", "starts_at", "ends_at", "timezone",
        "venue", "capacity", "has_online", "online_capacity", "has_lab", "rsvp_closes_at",
        "is_published", "is_cancelled", "headcount",
    )  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Meetup, form: Any, change: bool) -> None:  # noqa: FBT001
        """The same services as the API: the waitlist moves up, the calendar entry counts on."""
        by = signed_in(request)
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            changes.pop("chapter", None)
            change_meetup(meetup=obj, by=by, **changes)
            return
        fields = {
            name: form.cleaned_data[name] for name in self.fields if name in form.cleaned_data
        }
        obj.pk = create_meetup(by=by, **fields).pk

    @admin.action(description="Publish")
    def publish(self, request: HttpRequest, rows: QuerySet[Meetup]) -> None:
        """Show drafts to everyone."""
        self.run_each(request, rows, self._change(request, is_published=True), "published")

    @admin.action(description="Cancel the meetup")
    def cancel(self, request: HttpRequest, rows: QuerySet[Meetup]) -> None:
        """Mark meetups as cancelled."""
        self.run_each(request, rows, self._change(request, is_cancelled=True), "cancelled")

    @staticmethod
    def _change(request: HttpRequest, **changes: Any) -> Any:
        return lambda meetup: change_meetup(meetup=meetup, by=signed_in(request), **changes)


@admin.register(Venue)
class VenueAdmin(OrganizersAdmin):
    list_display = ("name", "chapter", "address")


@admin.register(Rsvp)
class RsvpAdmin(ReadOnlyAdmin):
    chapter_path = "meetup__chapter"
    list_display = ("user", "meetup", "status", "guests", "mode", "changed_at")
    list_filter = ("status", "mode", "meetup")
    search_fields = ("user__email", "user__name")
    actions = ("take_off",)

    @admin.action(description="Take off the list; the place goes to the waitlist")
    def take_off(self, request: HttpRequest, rows: QuerySet[Rsvp]) -> None:
        """Answer “not going” for people who told the organizers."""
        self.run_each(
            request,
            rows.select_related("meetup__chapter", "user"),
            lambda rsvp: take_off(rsvp=rsvp, by=signed_in(request)),
            "taken off",
        )


class PartAdmin(OrganizersAdmin):
    chapter_path = "meetup__chapter"
    list_display: Any = ("__str__", "meetup")
    list_filter = ("meetup",)


admin.site.register([Session, Site, Sponsorship, MinutesItem, Topic], PartAdmin)


@admin.register(SponsorOffer)
class SponsorOfferAdmin(ReadOnlyAdmin):
    list_display = ("organization_name", "chapter", "month", "kind", "state", "asked_at")
    list_filter = ("state", "kind", "chapter")
    search_fields = ("organization_name", "contact_name", "contact_email")
    actions = ("confirm", "decline")

    @admin.action(description="Confirm: onto the rota")
    def confirm(self, request: HttpRequest, rows: QuerySet[SponsorOffer]) -> None:
        """Take offers."""
        by = signed_in(request)
        self.run_each(request, rows, lambda offer: confirm_offer(offer=offer, by=by), "confirmed")

    @admin.action(description="Decline")
    def decline(self, request: HttpRequest, rows: QuerySet[SponsorOffer]) -> None:
        """Refuse offers."""
        by = signed_in(request)
        self.run_each(request, rows, lambda offer: decline_offer(offer=offer, by=by), "declined")


@admin.register(Series)
class SeriesAdmin(OrganizersAdmin):
    list_display = ("title", "chapter", "week", "weekday", "starts_at_time", "is_active")
    list_filter = ("chapter", "is_active")
    prepopulated_fields = {"slug": ("title",)}


@admin.register(Note)
class NoteAdmin(ReadOnlyAdmin):
    chapter_path = "meetup__chapter"
    list_display = ("text", "author", "meetup", "at", "hidden_at")
    list_filter = ("meetup",)
    search_fields = ("text", "author__email", "author__name")
    actions = ("hide", "restore")

    @admin.action(description="Hide: only organizers see it")
    def hide(self, request: HttpRequest, rows: QuerySet[Note]) -> None:
        """Take notes out of everyone's sight."""
        by = signed_in(request)
        self.run_each(request, rows, lambda note: hide_note(note=note, by=by), "hidden")

    @admin.action(description="Show again")
    def restore(self, request: HttpRequest, rows: QuerySet[Note]) -> None:
        """Show hidden notes again."""
        by = signed_in(request)
        self.run_each(request, rows, lambda note: restore_note(note=note, by=by), "shown again")


admin.site.register(Recording, PartAdmin)


@admin.register(CheckIn)
class CheckInAdmin(ReadOnlyAdmin):
    chapter_path = "meetup__chapter"
    list_display = ("came_at", "rsvp", "name", "people", "meetup", "noted_by")
    list_filter = ("meetup",)
    list_select_related = ("rsvp__user", "meetup", "noted_by")
    search_fields = ("name", "rsvp__user__email", "rsvp__user__name")
    actions = ("take_back",)

    @admin.action(description="Take back: they did not come")
    def take_back(self, request: HttpRequest, rows: QuerySet[CheckIn]) -> None:
        """Undo check-ins made by mistake."""
        self.run_each(
            request,
            rows.select_related("meetup__chapter"),
            lambda check_in: undo_check_in(check_in=check_in, by=signed_in(request)),
            "taken back",
        )
