"""One issue of a list: its past, what observers say, and where it goes next."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.models import Chapter
from community.selectors.chapters import chapters_run_by
from community.selectors.people import signed_in
from meetups.selectors.desk import is_somewhere_organizer
from polls.forms.priorities import AssessmentForm, OutlookRows
from polls.models import Assessment, Brainstorm, Idea, Priority, PriorityList
from polls.permissions import ASSESS, READ_PRIORITIES, WRITE_PRIORITIES
from polls.selectors.priorities import (
    carry_targets,
    issue_seen_by,
    may_assess,
    offered_outlooks,
    outlooks_of,
)
from polls.selectors.scorecards import (
    cards_carried_from,
    issue_history,
    next_issue,
    origins_of,
    row_of,
)
from polls.services.assessments import assess_priority, remove_assessment
from polls.services.carrying import carry_over
from polls.services.outlooks import NEUTRAL, begin_outlooks, save_outlooks


def _own(issue: Priority, user: Any) -> Assessment | None:
    return Assessment.objects.filter(priority=issue, observer=user.pk).first()


def _form(issue: Priority, user: Any, data: Any = None) -> AssessmentForm:
    own = _own(issue, user)
    outlooks = offered_outlooks(issue.list.chapter, own)
    return AssessmentForm(data, instance=own or Assessment(), outlooks=outlooks)


def _page(
    request: HttpRequest, issue: Priority, form: AssessmentForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    is_open = issue.list.season_id is None and issue.list.is_published
    can_assess = is_open and may_assess(issue.list, user)
    history = issue_history(issue, user)
    known = [row for row in history if row.issue.percent is not None]
    may_carry = issue.list.is_published and is_somewhere_organizer(user)
    drafts, brainstorms = carry_targets(issue, user) if may_carry else ([], [])
    context = {
        "issue": issue,
        "list": issue.list,
        "row": row_of(issue),
        "history": history if len(history) > 1 else [],
        "points": _points(known) if len(known) > 1 else [],
        "methods_differ": len({row.issue.list.method for row in known}) > 1,
        "origins": origins_of(issue, user),
        "cards": cards_carried_from(issue, user),
        "next_issue": next_issue(issue),
        "own": _own(issue, user) if can_assess else None,
        "form": (form or _form(issue, user)) if can_assess else None,
        "may_carry": may_carry,
        "drafts": drafts,
        "brainstorms": brainstorms,
    }
    return render(request, "polls/priority_detail.html", context, status=status)


def _points(rows: list[Any]) -> list[dict[str, float]]:
    """Places of the percentages on a line 200 wide and 40 high, 0 at its foot and 100 on top."""
    step = 200 / (len(rows) - 1)
    return [
        {"x": round(index * step, 1), "y": round(40 - float(row.issue.percent) * 0.4, 1)}
        for index, row in enumerate(rows)
    ]


class IssueDetail(Page):
    access = READ_PRIORITIES

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return _page(request, issue_seen_by(request.user, slug, pk))


class IssueAssess(Page):
    access = ASSESS

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:issue_detail", slug=slug, pk=pk)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        issue = issue_seen_by(request.user, slug, pk)
        form = _form(issue, request.user, request.POST)
        if not form.is_valid():
            return _page(request, issue, form, InvalidError.status)
        try:
            assess_priority(priority=issue, by=signed_in(request), **form.cleaned_data)
        except InvalidError as error:  # what was written must not be lost
            form.add_error(None, error.sentence)
            return _page(request, issue, form, error.status)
        messages.success(request, _("Your assessment is on the scorecard."))
        return redirect("polls:issue_detail", slug=slug, pk=pk)


class IssueUnassess(Page):
    access = ASSESS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        issue = issue_seen_by(request.user, slug, pk)
        remove_assessment(priority=issue, by=signed_in(request))
        messages.success(request, _("Your assessment is taken off the scorecard."))
        return redirect("polls:issue_detail", slug=slug, pk=pk)


class IssueCarry(Page):
    """Over into a draft or an open brainstorm; `to` says which: list:slug, brainstorm:slug."""

    access = WRITE_PRIORITIES

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        issue = issue_seen_by(request.user, slug, pk)
        by = signed_in(request)
        kind, _colon, target = request.POST.get("to", "").partition(":")
        if kind == "brainstorm":
            brainstorm = get_object_or_404(Brainstorm.objects.visible_to(by), slug=target)
            made = carry_over(priority=issue, brainstorm=brainstorm, by=by)
        elif kind == "list":
            into = get_object_or_404(PriorityList.objects.visible_to(by), slug=target)
            made = carry_over(priority=issue, into_list=into, by=by)
        else:
            raise InvalidError("Choose where the issue goes. Nothing was changed.")
        title = made.brainstorm.title if isinstance(made, Idea) else made.list.title
        messages.success(request, _("The issue is carried over to “%(title)s”.") % {"title": title})
        return redirect("polls:issue_detail", slug=slug, pk=pk)


class OutlookList(Page):
    """A group's words for how an issue looks."""

    access = WRITE_PRIORITIES

    def get(self, request: HttpRequest) -> HttpResponse:
        chapter = self._chapter(request)
        rows = [
            {
                "id": row.pk,
                "place": place,
                "word": row.word,
                "tone": row.tone,
                "is_offered": row.is_offered,
            }
            for place, row in enumerate(outlooks_of(chapter), start=1)
        ]
        return self._show(request, chapter, OutlookRows(initial=rows, prefix="outlooks"))

    def post(self, request: HttpRequest) -> HttpResponse:
        chapter = self._chapter(request)
        by = signed_in(request)
        if "begin" in request.POST:
            begin_outlooks(chapter=chapter, by=by)
            messages.success(
                request, _("These words are the group's now. Change them as you like.")
            )
            return self._back(chapter)
        rows = OutlookRows(request.POST, prefix="outlooks")
        if not rows.is_valid():
            return self._show(request, chapter, rows, status=InvalidError.status)
        try:
            save_outlooks(chapter=chapter, rows=rows.entries(), by=by)
        except ProductError as error:  # what was written must not be lost
            return self._show(request, chapter, rows, error.sentence, error.status)
        messages.success(request, _("The words are saved."))
        return self._back(chapter)

    @staticmethod
    def _chapter(request: HttpRequest) -> Chapter:
        own = chapters_run_by(request.user).order_by("id")
        slug = request.GET.get("chapter")
        return get_object_or_404(own, slug=slug) if slug else get_object_or_404(own[:1])

    @staticmethod
    def _back(chapter: Chapter) -> HttpResponse:
        page = redirect("polls:outlooks")
        page["Location"] += f"?chapter={chapter.slug}"
        return page

    @staticmethod
    def _show(
        request: HttpRequest, chapter: Chapter, rows: Any, refusal: str = "", status: int = 200
    ) -> HttpResponse:
        context = {
            "chapter": chapter,
            "chapters": chapters_run_by(request.user).order_by("id"),
            "rows": rows,
            "refusal": refusal,
            "neutral": NEUTRAL if not outlooks_of(chapter) else (),
        }
        return render(request, "polls/outlook_list.html", context, status=status)
