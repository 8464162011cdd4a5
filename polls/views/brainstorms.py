from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.core.errors import InvalidError, ProductError
from community.core.numbers import natural
from community.core.permissions import may
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.models import Meetup
from polls.forms.brainstorms import BrainstormForm, IdeaForm, PadForm
from polls.models import Brainstorm, Poll
from polls.pad import write_pad
from polls.permissions import READ_BRAINSTORMS, RUN_BRAINSTORMS
from polls.selectors.board import idea_tree, pad_of, with_options, with_priorities
from polls.selectors.brainstorms import (
    brainstorm_seen_by,
    brainstorms_listed_for,
    is_run_by,
    organized_brainstorm,
    takes_part,
)
from polls.selectors.idea_events import HISTORY, history_of
from polls.services.brainstorms import (
    change_brainstorm,
    close_brainstorm,
    create_brainstorm,
    import_pad,
    reopen_brainstorm,
)

PAGE_SIZE = 50
MOST_NUMBER = 2**31 - 1  # of an event, as the database holds it


class BrainstormList(Page):
    access = READ_BRAINSTORMS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = brainstorms_listed_for(request.user)
        context = {
            "brainstorms": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "may_create": may(request.user, RUN_BRAINSTORMS),
        }
        return render(request, "polls/brainstorm_list.html", context)


def brainstorm_page(
    request: HttpRequest, brainstorm: Brainstorm, form: IdeaForm | None = None, status: int = 200
) -> HttpResponse:
    """The cards, and the field for another."""
    may_write = brainstorm.is_open and takes_part(brainstorm, request.user)
    runs = is_run_by(brainstorm, request.user)
    polls = list(Poll.objects.visible_to(request.user).filter(brainstorm=brainstorm))
    tree = idea_tree(brainstorm, request.user)
    context = {
        "brainstorm": brainstorm,
        "tree": with_options(tree, polls) if polls else tree,
        "polls": polls,
        "came": with_priorities(tree, brainstorm),
        "form": form or IdeaForm(brainstorm=brainstorm),
        "may_write": may_write,
        "may_sort": may_write and (runs or brainstorm.everyone_sorts),
        "runs": runs,
    }
    return render(request, "polls/brainstorm_detail.html", context, status=status)


class BrainstormDetail(Page):
    access = READ_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return brainstorm_page(request, brainstorm_seen_by(request.user, slug))


class BrainstormWall(Page):
    """For the projector: the cards alone, large, live."""

    access = READ_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = brainstorm_seen_by(request.user, slug)
        context = {"brainstorm": brainstorm, "tree": idea_tree(brainstorm, request.user)}
        return render(request, "polls/brainstorm_wall.html", context)


class BrainstormHistory(Page):
    """Every change, with who made it, and the button that takes it back."""

    access = READ_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = brainstorm_seen_by(request.user, slug)
        before = natural(request.GET.get("before", ""), most=MOST_NUMBER)
        changes = history_of(brainstorm, request.user, before=before)
        context = {
            "brainstorm": brainstorm,
            "changes": changes,
            "older": changes[-1].event.seq if len(changes) == HISTORY else None,
        }
        return render(request, "polls/brainstorm_history.html", context)


class BrainstormPad(Page):
    """The cards as a Markdown file."""

    access = READ_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = brainstorm_seen_by(request.user, slug)
        text = write_pad(pad_of(brainstorm))
        answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{brainstorm.slug}.md"'
        return answer


def _form_page(
    request: HttpRequest,
    form: BrainstormForm,
    *,
    brainstorm: Brainstorm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "brainstorm": brainstorm}
    return render(request, "polls/brainstorm_form.html", context, status=status)


class BrainstormNew(Page):
    access = RUN_BRAINSTORMS

    def get(self, request: HttpRequest) -> HttpResponse:
        user = signed_in(request)
        meetup = Meetup.objects.visible_to(user).filter(slug=request.GET.get("meetup", "")).first()
        initial = {"meetup": meetup, "chapter": meetup.chapter_id} if meetup else {}
        return _form_page(request, BrainstormForm(user=user, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BrainstormForm(request.POST, user=signed_in(request))
        if not form.is_valid():
            return _form_page(request, form, status=InvalidError.status)
        try:
            made = create_brainstorm(by=signed_in(request), **form.cleaned_data)
        except ProductError as error:
            form.add_error(None, error.sentence)
            return _form_page(request, form, status=error.status)
        return redirect("polls:brainstorm_detail", slug=made.slug)


class BrainstormEdit(Page):
    access = RUN_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        form = BrainstormForm(instance=brainstorm, user=signed_in(request))
        return _form_page(request, form, brainstorm=brainstorm)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        form = BrainstormForm(request.POST, instance=brainstorm, user=signed_in(request))
        if not form.is_valid():
            return _form_page(request, form, brainstorm=brainstorm, status=InvalidError.status)
        change_brainstorm(brainstorm=brainstorm, by=signed_in(request), **form.cleaned_data)
        messages.success(request, _("The brainstorm is saved."))
        return redirect("polls:brainstorm_detail", slug=slug)


class BrainstormClose(Page):
    access = RUN_BRAINSTORMS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        close_brainstorm(brainstorm=brainstorm, by=signed_in(request))
        messages.success(request, _("The brainstorm is closed. Everyone still reads it."))
        return redirect("polls:brainstorm_detail", slug=slug)


class BrainstormReopen(Page):
    access = RUN_BRAINSTORMS

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        reopen_brainstorm(brainstorm=brainstorm, by=signed_in(request))
        messages.success(request, _("The brainstorm takes cards again."))
        return redirect("polls:brainstorm_detail", slug=slug)


class BrainstormImport(Page):
    access = RUN_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(request, organized_brainstorm(request.user, slug), PadForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = organized_brainstorm(request.user, slug)
        form = PadForm(request.POST)
        if not form.is_valid():
            return self._page(request, brainstorm, form, InvalidError.status)
        try:
            count = import_pad(
                brainstorm=brainstorm, text=form.cleaned_data["text"], by=signed_in(request)
            )
        except ProductError as error:
            form.add_error("text", error.sentence)
            return self._page(request, brainstorm, form, error.status)
        said = ngettext("%s card or note is added.", "%s cards and notes are added.", count)
        messages.success(request, said % count)
        return redirect("polls:brainstorm_detail", slug=slug)

    @staticmethod
    def _page(
        request: HttpRequest, brainstorm: Brainstorm, form: PadForm, status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {"brainstorm": brainstorm, "form": form}
        return render(request, "polls/brainstorm_import.html", context, status=status)
