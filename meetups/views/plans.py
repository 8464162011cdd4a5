import datetime as dt
import zoneinfo
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.models import Chapter
from community.selectors.people import signed_in
from meetups.forms.plan import PlanForm
from meetups.models import Meetup
from meetups.permissions import ORGANIZE
from meetups.selectors.desk import organized_chapters, organized_meetup, plan_version, venues_of
from meetups.services.plans import plan_meetup, replan_meetup


def _zone(request: HttpRequest, present: str) -> dt.tzinfo:
    """The zone the sheet's times are meant in: the one chosen in it."""
    wanted = request.POST.get("timezone", present)
    known = wanted if wanted in zoneinfo.available_timezones() else present
    return zoneinfo.ZoneInfo(known)


def _refuse(form: PlanForm, error: ProductError) -> int:
    for name, sentences in error.extra.get("errors", {}).items():
        if name in form.fields:
            form.add_error(name, sentences)
    form.add_error(None, error.sentence)
    return error.status


def _show(
    request: HttpRequest, form: PlanForm, chapters: Any, meetup: Meetup | None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "meetup": meetup, "venues": venues_of(chapters)}
    return render(request, "meetups/meetup_plan.html", context, status=status)


class MeetupNew(Page):
    """A new meetup: a draft until it is published."""

    access = ORGANIZE

    def get(self, request: HttpRequest) -> HttpResponse:
        chapters = organized_chapters(request.user)
        first = chapters[0]
        form = PlanForm(chapters=chapters, initial={"timezone": first.timezone, "chapter": first})
        return _show(request, form, chapters, None)

    def post(self, request: HttpRequest) -> HttpResponse:
        chapters = organized_chapters(request.user)
        status = InvalidError.status
        with timezone.override(_zone(request, chapters[0].timezone)):
            form = PlanForm(request.POST, chapters=chapters)
            if form.is_valid():
                try:
                    meetup = self._plan(request, form, chapters)
                except ProductError as error:
                    status = _refuse(form, error)
                else:
                    messages.success(request, _("The draft is saved. Only organizers see it yet."))
                    return redirect("meetups:meetup_detail", slug=meetup.slug)
            return _show(request, form, chapters, None, status)

    @staticmethod
    def _plan(request: HttpRequest, form: PlanForm, chapters: QuerySet[Chapter]) -> Meetup:
        fields = form.fields_given()
        chapter = fields.pop("chapter", chapters[0])
        return plan_meetup(by=signed_in(request), chapter=chapter, **fields)


class MeetupEdit(Page):
    """The plan of a meetup that is there."""

    access = ORGANIZE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        with timezone.override(meetup.zone):
            form = _edit_form(request, meetup)
            return _show(request, form, [meetup.chapter], meetup)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        shown = organized_meetup(request.user, slug)  # the form writes into the other one
        status = InvalidError.status
        with timezone.override(_zone(request, meetup.timezone)):
            form = _edit_form(request, meetup, request.POST)
            if form.is_valid():
                try:
                    replan_meetup(
                        meetup=shown,
                        by=signed_in(request),
                        version=form.cleaned_data["version"] or None,
                        **form.fields_changed(),
                    )
                except ProductError as error:
                    status = _refuse(form, error)
                else:
                    messages.success(request, _("The change is saved."))
                    return redirect("meetups:meetup_detail", slug=slug)
            return _show(request, form, [shown.chapter], shown, status)


def _edit_form(request: HttpRequest, meetup: Meetup, data: Any = None) -> PlanForm:
    initial = {
        "venue_name": meetup.venue.name if meetup.venue else "",
        "venue_address": meetup.venue.address if meetup.venue else "",
        "version": plan_version(meetup),
    }
    chapters = organized_chapters(request.user)
    return PlanForm(data, instance=meetup, initial=initial, chapters=chapters)
