import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.models import Chapter, User
from community.selectors.people import signed_in
from meetups.selectors.desk import organized_chapters
from polls.forms.elections import ElectionForm
from polls.models import Election
from polls.permissions import RUN_ELECTIONS
from polls.services.elections.setup import (
    announce_election,
    change_election,
    create_election,
    delete_draft,
    publish_external,
)
from polls.views.elections.shared import organized_election, refuse, zone_of


def _form_page(
    request: HttpRequest, form: ElectionForm, election: Election | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "election": election}
    return render(request, "polls/elections/form.html", context, status=status)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a database's number


class ElectionNew(Page):
    """A new election: a draft, until it is announced."""

    access = RUN_ELECTIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        chapters = organized_chapters(request.user)
        initial = {"chapter": chapters[0]}
        with timezone.override(zoneinfo.ZoneInfo(chapters[0].timezone)):
            return _form_page(request, ElectionForm(chapters=chapters, initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        by = signed_in(request)
        chapters = organized_chapters(by)
        wanted = chapters.filter(pk=_number(request.POST.get("chapter"))).first() or chapters[0]
        status = InvalidError.status
        with timezone.override(zoneinfo.ZoneInfo(wanted.timezone)):
            form = ElectionForm(request.POST, chapters=chapters)
            if form.is_valid():
                fields = {"chapter": wanted} | form.fields_for_service()
                try:
                    election = create_election(by=by, **fields)
                except ProductError as error:
                    status = refuse(form, error)
                else:
                    messages.success(request, _("The draft is saved. Only organizers see it yet."))
                    return redirect("polls:election_people", election.slug)
            return _form_page(request, form, status=status)


class ElectionEdit(Page):
    """What is said of an election; until voting opens also its rules."""

    access = RUN_ELECTIONS

    def _form(self, election: Election, data: Any = None) -> ElectionForm:
        chapters = Chapter.objects.filter(pk=election.chapter_id)
        return ElectionForm(data, instance=election, chapters=chapters)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request, slug)
        with timezone.override(zone_of(election)):
            return _form_page(request, self._form(election), election)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request, slug)
        status = InvalidError.status
        with timezone.override(zone_of(election)):
            form = self._form(election, request.POST)
            if form.is_valid():
                fields = form.fields_for_service()
                try:
                    change_election(election=election, by=signed_in(request), **fields)
                except ProductError as error:
                    status = refuse(form, error)
                else:
                    messages.success(request, _("The change is saved."))
                    return redirect("polls:election_detail", slug)
            return _form_page(request, form, election, status)


class _Button(Page):
    """A button for organizers; back to the election then."""

    access = RUN_ELECTIONS

    def act(self, election: Election, by: User) -> str:
        """Do it; what to say then."""
        raise NotImplementedError

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:election_detail", slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request, slug)
        messages.success(request, self.act(election, signed_in(request)))
        return redirect("polls:election_detail", slug)


class ElectionAnnounce(_Button):
    def act(self, election: Election, by: User) -> str:
        announce_election(election=election, by=by)
        return _("The election is announced. The group's members get a mail.")


class ElectionPublish(_Button):
    def act(self, election: Election, by: User) -> str:
        publish_external(election=election, by=by)
        return _("It is public, as one that is held elsewhere. The group's members get a mail.")


class ElectionDelete(_Button):
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        delete_draft(election=organized_election(request, slug), by=signed_in(request))
        messages.success(request, _("The draft is deleted."))
        return redirect("polls:election_list")
