from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.group import PlanForm, SeriesForm
from meetups.models import Series
from meetups.permissions import READ_SERIES, WRITE_SERIES
from meetups.selectors.series import (
    all_series,
    coming_meetups,
    next_dates,
    rhythm,
    series_edited_by,
)
from meetups.services.series import change_series, create_series, plan_series
from meetups.services.venues import venue_named


class SeriesList(Page):
    access = READ_SERIES

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "rows": [(series, rhythm(series)) for series in all_series()],
            "may_create": getattr(request.user, "is_organizer", False) or request.user.is_superuser,
        }
        return render(request, "meetups/series_list.html", context)


class SeriesDetail(Page):
    """What comes back when; for organizers, the button that makes drafts."""

    access = READ_SERIES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        series = get_object_or_404(all_series(), slug=slug)
        context = {
            "series": series,
            "rhythm": rhythm(series),
            "dates": next_dates(series, 3) if series.is_active else [],
            "meetups": coming_meetups(series, request.user),
            "may_edit": series_edited_by(request.user).filter(pk=series.pk).exists(),
            "plan_form": PlanForm(),
        }
        return render(request, "meetups/series_detail.html", context)


def _fields(form: SeriesForm, series: Series | None = None) -> dict[str, Any]:
    fields = dict(form.cleaned_data)
    name = fields.pop("venue_name").strip()
    chapter = series.chapter if series else fields["chapter"]
    return fields | {"venue": venue_named(name, chapter=chapter) if name else None}


class SeriesNew(Page):
    access = WRITE_SERIES

    def get(self, request: HttpRequest) -> HttpResponse:
        return _form_page(request, SeriesForm(user=signed_in(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SeriesForm(request.POST, user=signed_in(request))
        if not form.is_valid():
            return _form_page(request, form, status=InvalidError.status)
        try:
            series = create_series(by=signed_in(request), **_fields(form))
        except ProductError as error:
            form.add_error(None, error.sentence)
            return _form_page(request, form, status=error.status)
        return redirect("meetups:series_detail", slug=series.slug)


class SeriesEdit(Page):
    access = WRITE_SERIES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        series = get_object_or_404(series_edited_by(request.user), slug=slug)
        form = SeriesForm(instance=series, user=signed_in(request))
        return _form_page(request, form, series=series)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        series = get_object_or_404(series_edited_by(request.user), slug=slug)
        form = SeriesForm(request.POST, instance=series, user=signed_in(request))
        if not form.is_valid():
            return _form_page(request, form, series=series, status=InvalidError.status)
        change_series(series=series, by=signed_in(request), **_fields(form, series))
        messages.success(request, _("The series is saved. Meetups made before stay as they are."))
        return redirect("meetups:series_detail", slug=slug)


def _form_page(
    request: HttpRequest, form: SeriesForm, *, series: Series | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "series": series}
    return render(request, "meetups/series_form.html", context, status=status)


class SeriesPlan(Page):
    access = WRITE_SERIES

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        series = get_object_or_404(series_edited_by(request.user), slug=slug)
        form = PlanForm(request.POST)
        if not form.is_valid():
            raise InvalidError("Say for how many months, from 1 to 24. Nothing was made.")
        made = plan_series(series=series, months=form.cleaned_data["months"], by=signed_in(request))
        if made:
            said = ngettext("%s draft is made.", "%s drafts are made.", len(made)) % len(made)
        else:
            said = _("Every one of these months has its meetup already. Nothing was made.")
        messages.success(request, said)
        return redirect("meetups:series_detail", slug=slug)
