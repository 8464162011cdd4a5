"""Lists of priorities: reading, and what organizers do with them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.paper import check_all
from meetups.selectors.desk import is_somewhere_organizer
from meetups.selectors.exports import csv_text
from polls.forms.priorities import ItemRows, ListForm, PollItemRows, PublishedItemRows
from polls.models import Poll, PriorityList
from polls.permissions import READ_PRIORITIES, WRITE_PRIORITIES
from polls.selectors.priorities import (
    counted_lists,
    is_run_by,
    list_seen_by,
    list_version,
    may_assess,
    organized_list,
    polls_to_publish,
)
from polls.selectors.scorecards import (
    CSV_COLUMNS,
    left_out,
    ruled_out_methods,
    scorecard,
    scorecard_facts,
    scorecard_lines,
    sources_of,
)
from polls.services.priorities import change_list, create_list, publish_list, withdraw_list

PAGE_SIZE = 30


class ListList(Page):
    access = READ_PRIORITIES

    def get(self, request: HttpRequest) -> HttpResponse:
        may_make = is_somewhere_organizer(request.user)
        pages = Paginator(counted_lists(request.user), PAGE_SIZE)
        context = {
            "page": pages.get_page(request.GET.get("page")),
            "may_make": may_make,
            "polls": polls_to_publish(request.user)[:5] if may_make else [],
        }
        return render(request, "polls/priority_list_list.html", context)


class ListDetail(Page):
    """The scorecard."""

    access = READ_PRIORITIES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        shown = list_seen_by(request.user, slug)
        rows = scorecard(shown)
        context = {
            "list": shown,
            "rows": rows,
            "is_scored": any(row.assessments for row in rows),
            "many_observers": len({said.observer_id for row in rows for said in row.assessments})
            > 1,
            # Only between ranked options has 50 a meaning of its own.
            "no_neutral": shown.poll is None or shown.poll.method != Poll.Method.RANKED,
            "has_percents": any(row.issue.percent is not None for row in rows),
            "left_out": left_out(shown, request.user),
            "sources": sources_of(shown, request.user),
            "ruled_out": ruled_out_methods(shown),
            "observers": shown.observers.exclude(name="").order_by("name"),
            "may_edit": is_run_by(shown, request.user) and shown.season_id is None,
            "may_assess": shown.season_id is None and may_assess(shown, request.user),
        }
        return render(request, "polls/priority_list_detail.html", context)


class ListCsv(Page):
    access = READ_PRIORITIES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        shown = list_seen_by(request.user, slug)
        return HttpResponse(
            csv_text(CSV_COLUMNS, scorecard_lines(shown)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{slug}.csv"'},
        )


class ListJson(Page):
    access = READ_PRIORITIES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return JsonResponse(scorecard_facts(list_seen_by(request.user, slug)))


class ListNew(Page):
    """A draft, from a closed poll (`?poll=`) or by hand."""

    access = WRITE_PRIORITIES

    def get(self, request: HttpRequest) -> HttpResponse:
        poll = self._poll(request)
        initial = {"title": poll.title} if poll else {}
        form = ListForm(initial=initial, user=signed_in(request), has_poll=poll is not None)
        return self._show(request, form, poll)

    def post(self, request: HttpRequest) -> HttpResponse:
        poll = self._poll(request)
        form = ListForm(request.POST, user=signed_in(request), has_poll=poll is not None)
        if not form.is_valid():
            return self._show(request, form, poll, InvalidError.status)
        fields = form.facts()
        del fields["version"]
        try:
            made = create_list(by=signed_in(request), poll=poll, **fields)
        except ProductError as error:  # what was written must not be lost
            form.add_error(None, error.sentence)
            return self._show(request, form, poll, error.status)
        messages.success(request, _("The draft is there. Only organizers see it yet."))
        if poll is None:
            return redirect("polls:priority_edit", slug=made.slug)
        return redirect("polls:priority_detail", slug=made.slug)

    @staticmethod
    def _poll(request: HttpRequest) -> Poll | None:
        slug = request.GET.get("poll")
        return get_object_or_404(Poll.objects.visible_to(request.user), slug=slug) if slug else None

    @staticmethod
    def _show(
        request: HttpRequest, form: ListForm, poll: Poll | None, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "poll": poll}
        return render(request, "polls/priority_list_form.html", context, status=status)


def _rows_for(shown: PriorityList) -> Any:
    """Which issues' fields can be changed: words always, the rest in a draft made by hand."""
    if shown.is_published:
        return PublishedItemRows
    return PollItemRows if shown.poll_id else ItemRows


class ListEdit(Page):
    """An organizer's sheet: what is said of the list, its observers and issues, saved whole."""

    access = WRITE_PRIORITIES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        shown = organized_list(request.user, slug)
        items = [
            {
                "id": issue.pk,
                "place": issue.position,
                "title": issue.title,
                "description": issue.description,
                "percent": issue.percent,
            }
            for issue in shown.items.order_by("position")
        ]
        addresses = shown.observers.order_by("email").values_list("email", flat=True)
        form = ListForm(
            instance=shown,
            initial={"observers": "\n".join(addresses), "version": list_version(shown)},
            user=signed_in(request),
            has_poll=shown.poll_id is not None,
        )
        return self._show(request, shown, form, _rows_for(shown)(initial=items, prefix="items"))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        shown = organized_list(request.user, slug)
        # A copy of the row: the form writes into what it is given, and the title above stays.
        form = ListForm(
            request.POST,
            instance=organized_list(request.user, slug),
            user=signed_in(request),
            has_poll=shown.poll_id is not None,
        )
        items = _rows_for(shown)(request.POST, prefix="items")
        if not check_all(form, items):
            return self._show(request, shown, form, items, InvalidError.status)
        try:
            change_list(
                priority_list=shown, by=signed_in(request), items=items.entries(), **form.facts()
            )
        except ProductError as error:  # what was written must not be lost
            form.add_error(None, error.sentence)
            return self._show(request, shown, form, items, error.status)
        messages.success(request, _("The list is saved."))
        return redirect("polls:priority_detail", slug=slug)

    @staticmethod
    def _show(
        request: HttpRequest, shown: PriorityList, form: ListForm, items: Any, status: int = 200
    ) -> HttpResponse:
        context = {"list": shown, "form": form, "items": items}
        return render(request, "polls/priority_list_edit.html", context, status=status)


class ListPublish(Page):
    access = WRITE_PRIORITIES

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        shown = organized_list(request.user, slug)
        publish_list(priority_list=shown, by=signed_in(request))
        messages.success(request, _("The list is published. Everyone can read it."))
        return redirect("polls:priority_detail", slug=slug)


class ListWithdraw(Page):
    access = WRITE_PRIORITIES

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        shown = organized_list(request.user, slug)
        withdraw_list(priority_list=shown, by=signed_in(request))
        messages.success(request, _("The list is a draft again. Only organizers see it."))
        return redirect("polls:priority_detail", slug=slug)
