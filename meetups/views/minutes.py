from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.paper import ItemRows, MinutesForm, RecordingRows, check_all
from meetups.models import Meetup
from meetups.permissions import ORGANIZE
from meetups.selectors.desk import organized_meetup
from meetups.selectors.door import counted_at_the_door
from meetups.selectors.paper import minutes_facts
from meetups.services.minutes import (
    Minutes,
    draft_minutes,
    publish_minutes,
    save_minutes,
    withdraw_minutes,
)


def _propose_count(form: MinutesForm, meetup: Meetup) -> None:
    """Say what was counted at the door, and enter it where nothing is reported yet."""
    counted = counted_at_the_door(meetup)
    if not counted:
        return
    form.fields["headcount"].help_text = _("%(n)s were counted at the door.") % {"n": counted}
    if form.initial.get("headcount") is None:
        form.initial["headcount"] = counted


class MinutesEdit(Page):
    """An organizer's sheet: the minutes, saved whole."""

    access = ORGANIZE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        facts = minutes_facts(meetup)
        items = [item | {"place": item["number"]} for item in facts["items"]]
        recordings = [
            row | {"place": place} for place, row in enumerate(facts["recordings"], start=1)
        ]
        return self._show(
            request,
            meetup,
            form=MinutesForm(initial=facts),
            items=ItemRows(initial=items, prefix="items"),
            recordings=RecordingRows(initial=recordings, prefix="recordings"),
        )

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        form = MinutesForm(request.POST)
        items = ItemRows(request.POST, prefix="items")
        recordings = RecordingRows(request.POST, prefix="recordings")
        parts = {"form": form, "items": items, "recordings": recordings}
        if not check_all(form, items, recordings):
            return self._show(request, meetup, **parts, status=InvalidError.status)
        fields = dict(form.cleaned_data)
        version = fields.pop("version")
        minutes = Minutes(items=items.entries(), recordings=recordings.entries(), **fields)
        try:
            save_minutes(meetup=meetup, minutes=minutes, by=signed_in(request), version=version)
        except ProductError as error:  # what was written must not be lost
            form.add_error(None, error.sentence)
            return self._show(request, meetup, **parts, status=error.status)
        messages.success(request, _("The minutes are saved."))
        return redirect("meetups:minutes_edit", slug=slug)

    @staticmethod
    def _show(
        request: HttpRequest, meetup: Meetup, *, status: int = 200, **parts: Any
    ) -> HttpResponse:
        _propose_count(parts["form"], meetup)
        context = {"meetup": meetup, **parts}
        return render(request, "meetups/minutes_edit.html", context, status=status)


class MinutesDraft(Page):
    """One click: an item for every live note."""

    access = ORGANIZE

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        count = draft_minutes(meetup=meetup, by=signed_in(request))
        said = ngettext(
            "%(count)s item was made from the notes.",
            "%(count)s items were made from the notes.",
            count,
        )
        messages.success(request, said % {"count": count})
        return redirect("meetups:minutes_edit", slug=slug)


class MinutesPublish(Page):
    """One click: everyone reads them, or organizers alone again."""

    access = ORGANIZE

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        if request.POST.get("state") == "withdraw":
            withdraw_minutes(meetup=meetup, by=signed_in(request))
            messages.success(request, _("The minutes are withdrawn. Only organizers see them."))
        else:
            publish_minutes(meetup=meetup, by=signed_in(request))
            messages.success(request, _("The minutes are published on the meetup's page."))
        return redirect("meetups:minutes_edit", slug=slug)
