from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.meetup import NoteForm
from meetups.models import Meetup, Note
from meetups.permissions import MODERATE_NOTES, POST_NOTES, READ_NOTES
from meetups.selectors.desk import is_organized_by, meetup_seen_by, organized_meetup
from meetups.selectors.notes import is_present, is_running, last_number, notes_of, takes_notes
from meetups.services.notes import close_notes, hide_note, open_notes, post_note, restore_note

PAGE_SIZE = 100


def _page(
    request: HttpRequest, meetup: Meetup, form: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    last_seq = last_number(meetup.pk)  # first: a note that comes now is told by the socket
    notes = notes_of(meetup, request.user).order_by("-pk")
    is_open = takes_notes(meetup)
    may_post = is_open and is_present(meetup, request.user)
    context: dict[str, Any] = {
        "meetup": meetup,
        "notes": Paginator(notes, PAGE_SIZE).get_page(request.GET.get("page")),
        "last_seq": last_seq,
        "is_on": is_running(meetup),
        "is_open": is_open,
        "may_post": may_post,
        "may_moderate": is_organized_by(meetup, request.user),
        "is_following": not may_post or "follow" in request.GET,
        "form": form or NoteForm(),
    }
    return render(request, "meetups/note_list.html", context, status=status)


class NoteList(Page):
    access = READ_NOTES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return _page(request, meetup_seen_by(request.user, slug))


class NoteNew(Page):
    """The button under the field."""

    access = POST_NOTES

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("meetups:note_list", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = meetup_seen_by(request.user, slug)
        form = NoteForm(request.POST)
        if not form.is_valid():
            return _page(request, meetup, form, InvalidError.status)
        try:
            post_note(meetup=meetup, text=form.cleaned_data["text"], by=signed_in(request))
        except ProductError as error:  # what was written must not be lost
            form.add_error("text", error.sentence)
            return _page(request, meetup, form, error.status)
        return redirect("meetups:note_list", slug=slug)


class _Moderation(Page):
    access = MODERATE_NOTES

    def act(self, note: Note, request: HttpRequest) -> None:
        raise NotImplementedError

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        self.act(get_object_or_404(notes_of(meetup, request.user), pk=pk), request)
        return redirect("meetups:note_list", slug=slug)


class NoteHide(_Moderation):
    def act(self, note: Note, request: HttpRequest) -> None:
        hide_note(note=note, by=signed_in(request))
        messages.success(request, _("The note is hidden. Only organizers see it now."))


class NoteRestore(_Moderation):
    def act(self, note: Note, request: HttpRequest) -> None:
        restore_note(note=note, by=signed_in(request))
        messages.success(request, _("Everyone sees the note again."))


class NoteStreamChange(Page):
    """Takes notes, or takes no more."""

    access = MODERATE_NOTES

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        meetup = organized_meetup(request.user, slug)
        if request.POST.get("state") == "open":
            open_notes(meetup=meetup, by=signed_in(request))
        else:
            close_notes(meetup=meetup, by=signed_in(request))
        return redirect("meetups:note_list", slug=slug)
