from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, NotFoundError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from polls.exceptions import ChangedMeanwhileError
from polls.forms.brainstorms import IdeaEditForm, IdeaForm, MergeForm, SortForm
from polls.models import Brainstorm, Idea, IdeaEvent
from polls.permissions import READ_BRAINSTORMS, WRITE_IDEAS
from polls.selectors.brainstorms import brainstorm_seen_by, is_run_by, takes_part
from polls.selectors.idea_events import history_of
from polls.selectors.ideas import (
    author_facts,
    gone_ideas,
    hues_of,
    options_seen_by,
    past_of_card,
    sortable_cards,
)
from polls.services.ideas import edit_idea, post_idea, remove_idea
from polls.services.sorting import merge_idea, move_idea, split_idea
from polls.services.undo import undo_change
from polls.views.brainstorms import brainstorm_page


def _idea_of(request: HttpRequest, slug: str, pk: int) -> Idea:
    brainstorm = brainstorm_seen_by(request.user, slug)
    ideas = Idea.objects.filter(brainstorm=brainstorm).select_related("author", "parent")
    idea = get_object_or_404(ideas, pk=pk)
    idea.brainstorm = brainstorm
    if not is_run_by(brainstorm, request.user) and idea.pk in gone_ideas(brainstorm):
        raise NotFoundError("This card was taken away.")
    return idea


def _back(idea: Idea) -> HttpResponse:
    place = idea.parent_id or idea.pk
    page = reverse("polls:brainstorm_detail", args=[idea.brainstorm.slug])
    return redirect(f"{page}#idea-{place}")


class IdeaNew(Page):
    """The button under the field."""

    access = WRITE_IDEAS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:brainstorm_detail", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        brainstorm = brainstorm_seen_by(request.user, slug)
        form = IdeaForm(request.POST, brainstorm=brainstorm)
        if not form.is_valid():
            return brainstorm_page(request, brainstorm, form, InvalidError.status)
        try:
            idea = post_idea(brainstorm=brainstorm, by=signed_in(request), **form.cleaned_data)
        except ProductError as error:
            form.add_error("text", error.sentence)
            return brainstorm_page(request, brainstorm, form, error.status)
        return _back(idea)


def _idea_page(
    request: HttpRequest, idea: Idea, *, status: int = 200, **forms: Any
) -> HttpResponse:
    brainstorm: Brainstorm = idea.brainstorm
    may_write = brainstorm.is_open and takes_part(brainstorm, request.user)
    runs = is_run_by(brainstorm, request.user)
    is_mine = idea.author_id is not None and idea.author_id == request.user.pk
    others = [other for other in sortable_cards(brainstorm) if other.pk != idea.pk]
    initial = {"text": idea.text, "revision": idea.revision}
    context = {
        "brainstorm": brainstorm,
        "idea": idea,
        "author": author_facts(idea, hues_of(brainstorm)),
        "carried_from": past_of_card(idea, request.user),
        "options": options_seen_by(idea, request.user),
        "changes": history_of(brainstorm, request.user, idea=idea),
        "may_write": may_write and idea.removed_at is None,
        "may_remove": may_write and idea.removed_at is None and (is_mine or runs),
        "may_sort": may_write and (runs or brainstorm.everyone_sorts) and idea.removed_at is None,
        "edit_form": IdeaEditForm(brainstorm=brainstorm, initial=initial),
        "note_form": IdeaForm(brainstorm=brainstorm, label=_("A note under it"), prefix="note"),
        "sort_form": SortForm(others=others, initial={"group": idea.group}),
        "merge_form": MergeForm(others=others) if others else None,
        **forms,
    }
    return render(request, "polls/idea_detail.html", context, status=status)


class IdeaDetail(Page):
    """One card by itself: its words, its notes' field, where it stands, and all that happened."""

    access = READ_BRAINSTORMS

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return _idea_page(request, _idea_of(request, slug, pk))


class IdeaEdit(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        idea = _idea_of(request, slug, pk)
        form = IdeaEditForm(request.POST, brainstorm=idea.brainstorm)
        if not form.is_valid():
            return _idea_page(request, idea, edit_form=form, status=InvalidError.status)
        try:
            edit_idea(idea=idea, by=signed_in(request), **form.cleaned_data)
        except ChangedMeanwhileError as error:
            return self._both(request, _idea_of(request, slug, pk), form, error)
        except ProductError as error:
            form.add_error("text", error.sentence)
            return _idea_page(request, idea, edit_form=form, status=error.status)
        return _back(idea)

    @staticmethod
    def _both(
        request: HttpRequest, idea: Idea, form: IdeaEditForm, error: ChangedMeanwhileError
    ) -> HttpResponse:
        """Theirs above, one's own still in the field, to be sent over what is there now."""
        data = {**form.data.dict(), "revision": str(idea.revision)}  # type: ignore[attr-defined]  # a QueryDict
        again = IdeaEditForm(data, brainstorm=idea.brainstorm)
        again.full_clean()
        again.add_error("text", error.sentence)
        return _idea_page(request, idea, edit_form=again, theirs=idea.text, status=error.status)


class IdeaNote(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        idea = _idea_of(request, slug, pk)
        form = IdeaForm(
            request.POST, brainstorm=idea.brainstorm, label=_("A note under it"), prefix="note"
        )
        if not form.is_valid():
            return _idea_page(request, idea, note_form=form, status=InvalidError.status)
        try:
            post_idea(
                brainstorm=idea.brainstorm, parent=idea, by=signed_in(request), **form.cleaned_data
            )
        except ProductError as error:
            form.add_error("text", error.sentence)
            return _idea_page(request, idea, note_form=form, status=error.status)
        return _back(idea)


class IdeaRemove(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        idea = remove_idea(idea=_idea_of(request, slug, pk), by=signed_in(request))
        messages.success(request, _("It is taken away. The history brings it back."))
        return redirect("polls:brainstorm_detail", slug=idea.brainstorm.slug)


class IdeaSort(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        idea = _idea_of(request, slug, pk)
        others = sortable_cards(idea.brainstorm)
        form = SortForm(request.POST, others=others)
        if not form.is_valid():
            return _idea_page(request, idea, sort_form=form, status=InvalidError.status)
        before = next((card for card in others if card.pk == form.cleaned_data["before"]), None)
        moved = move_idea(
            idea=idea, before=before, group=form.cleaned_data["group"], by=signed_in(request)
        )
        return _back(moved)


class IdeaMerge(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        idea = _idea_of(request, slug, pk)
        others = sortable_cards(idea.brainstorm)
        form = MergeForm(request.POST, others=others)
        if not form.is_valid():
            return _idea_page(request, idea, merge_form=form, status=InvalidError.status)
        into = next(card for card in others if card.pk == form.cleaned_data["into"])
        return _back(merge_idea(idea=idea, into=into, by=signed_in(request)))


class IdeaSplit(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return _back(split_idea(idea=_idea_of(request, slug, pk), by=signed_in(request)))


class ChangeUndo(Page):
    access = WRITE_IDEAS

    def post(self, request: HttpRequest, slug: str, seq: int) -> HttpResponse:
        brainstorm = brainstorm_seen_by(request.user, slug)
        events = IdeaEvent.objects.select_related("brainstorm", "idea__brainstorm")
        event = get_object_or_404(events, brainstorm=brainstorm, seq=seq)
        idea = undo_change(event=event, by=signed_in(request))
        messages.success(request, _("It is undone."))
        return _back(idea)
