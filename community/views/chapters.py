from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core import panels
from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.forms import ChapterForm, OrganizerForm, TakeoverForm
from community.models import Chapter, Membership, Takeover, User
from community.permissions import JOIN_CHAPTERS, READ_CHAPTERS, RUN_CHAPTERS
from community.selectors.chapters import (
    all_chapters,
    audit_trail,
    chapters_run_by,
    membership_of,
    open_takeover,
    organizers_of,
    takeover_refusal,
)
from community.selectors.people import signed_in
from community.services.chapters import (
    add_organizer,
    change_chapter,
    join_chapter,
    leave_chapter,
    step_down,
)
from community.services.takeovers import ask_takeover, object_to_takeover, withdraw_takeover


class ChapterList(Page):
    access = READ_CHAPTERS

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "community/chapter_list.html", {"chapters": all_chapters()})


class ChapterDetail(Page):
    """A group: what it is, who leads it, what comes; and one's place in it."""

    access = READ_CHAPTERS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = get_object_or_404(all_chapters(), slug=slug)
        membership = membership_of(chapter, request.user)
        runs = chapters_run_by(request.user).filter(pk=chapter.pk).exists()
        takeover = open_takeover(chapter)
        may_ask = (
            membership is not None
            and isinstance(request.user, User)
            and not takeover_refusal(chapter, request.user)
        )
        context = {
            "chapter": chapter,
            "organizers": organizers_of(chapter),
            "membership": membership,
            "is_organizer": membership is not None and membership.role == Membership.Role.ORGANIZER,
            "runs": runs,
            "takeover": takeover if runs or (takeover and takeover.by == request.user) else None,
            "may_ask": may_ask,
            "organizer_form": OrganizerForm(),
            "panels": panels.render("chapter", request, chapter),
        }
        return render(request, "community/chapter_detail.html", context)


def _chapter(slug: str) -> Chapter:
    return get_object_or_404(Chapter, slug=slug)


def _run_chapter(request: HttpRequest, slug: str) -> Chapter:
    return get_object_or_404(chapters_run_by(request.user), slug=slug)


class ChapterJoin(Page):
    access = JOIN_CHAPTERS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("community:chapter_detail", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = _chapter(slug)
        join_chapter(chapter=chapter, by=signed_in(request))
        messages.success(request, _("You are a member of %s.") % chapter.name)
        return redirect("community:chapter_detail", slug=slug)


class ChapterLeave(Page):
    access = JOIN_CHAPTERS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = _chapter(slug)
        leave_chapter(chapter=chapter, by=signed_in(request))
        messages.success(request, _("You are no longer a member of %s.") % chapter.name)
        return redirect("community:chapter_detail", slug=slug)


class ChapterEdit(Page):
    access = RUN_CHAPTERS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = _run_chapter(request, slug)
        return self._page(request, chapter, ChapterForm(instance=chapter))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = _run_chapter(request, slug)
        form = ChapterForm(request.POST, instance=chapter)
        if not form.is_valid():
            return self._page(request, chapter, form, InvalidError.status)
        change_chapter(chapter=chapter, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("The group's page is saved."))
        return redirect("community:chapter_detail", slug=slug)

    @staticmethod
    def _page(
        request: HttpRequest, chapter: Chapter, form: ChapterForm, status: int = 200
    ) -> HttpResponse:
        context = {"chapter": chapter, "form": form}
        return render(request, "community/chapter_form.html", context, status=status)


class OrganizerAdd(Page):
    access = RUN_CHAPTERS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = _run_chapter(request, slug)
        form = OrganizerForm(request.POST)
        if not form.is_valid():
            raise InvalidError("That is no e-mail address. Nothing was changed.")
        user = add_organizer(chapter=chapter, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("%s is an organizer now.") % user)
        return redirect("community:chapter_detail", slug=slug)


class OrganizerStepDown(Page):
    access = RUN_CHAPTERS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        step_down(chapter=_run_chapter(request, slug), by=signed_in(request))
        messages.success(request, _("You are a plain member now."))
        return redirect("community:chapter_detail", slug=slug)


class ChapterAudit(Page):
    """Who did what in the group, for its organizers."""

    access = RUN_CHAPTERS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter = _run_chapter(request, slug)
        page = Paginator(audit_trail(chapter), 50).get_page(request.GET.get("page"))
        return render(request, "community/chapter_audit.html", {"chapter": chapter, "page": page})


class TakeoverAsk(Page):
    """A member of a silent group asks to lead it."""

    access = JOIN_CHAPTERS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(request, _chapter(slug), TakeoverForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        chapter, form = _chapter(slug), TakeoverForm(request.POST)
        if not form.is_valid():
            return self._page(request, chapter, form, InvalidError.status)
        try:
            ask_takeover(chapter=chapter, by=signed_in(request), **form.cleaned_data)
        except ProductError as error:
            form.add_error(None, error.sentence)
            return self._page(request, chapter, form, error.status)
        messages.success(request, _("You asked. The organizers and you get a mail."))
        return redirect("community:chapter_detail", slug=slug)

    @staticmethod
    def _page(
        request: HttpRequest, chapter: Chapter, form: TakeoverForm, status: int = 200
    ) -> HttpResponse:
        refusal = takeover_refusal(chapter, signed_in(request))
        context = {"chapter": chapter, "form": form, "refusal": refusal}
        return render(request, "community/takeover_form.html", context, status=status)


def _takeover(chapter: Chapter) -> Takeover:
    return get_object_or_404(
        Takeover.objects.select_related("chapter", "by"),
        chapter=chapter,
        state=Takeover.State.ASKED,
    )


class TakeoverObject(Page):
    access = RUN_CHAPTERS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        takeover = _takeover(_run_chapter(request, slug))
        object_to_takeover(takeover=takeover, by=signed_in(request))
        messages.success(request, _("You objected. Nothing changes in the group."))
        return redirect("community:chapter_detail", slug=slug)


class TakeoverWithdraw(Page):
    access = JOIN_CHAPTERS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        takeover = get_object_or_404(
            Takeover.objects.select_related("chapter", "by"),
            chapter=_chapter(slug),
            by=signed_in(request),
            state=Takeover.State.ASKED,
        )
        withdraw_takeover(takeover=takeover, by=signed_in(request))
        messages.success(request, _("You no longer ask to lead."))
        return redirect("community:chapter_detail", slug=slug)
