"""The roll for the organizers of an election."""

import zoneinfo
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.core import clock
from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.models import User
from community.selectors.people import signed_in
from polls.forms.election_roll import DecisionForm, RollImportForm, RollMembersForm
from polls.models import Election, RollEntry, RollRequest
from polls.permissions import RUN_ELECTIONS
from polls.selectors.elections.roll import (
    decided_requests,
    entry_on,
    link_mails,
    organized_election,
    roll_numbers,
    roll_of,
    waiting_requests,
)
from polls.services.elections.locks import BEFORE_OPENING
from polls.services.elections.roll import (
    add_members,
    add_people,
    preview_members,
    preview_people,
    remove_person,
)
from polls.services.elections.roll_rows import Person, read_roll_csv
from polls.services.elections.tokens import resend_token
from polls.services.elections.voter_reminders import remind_voters

PAGE_SIZE = 100
MOST_REQUESTS = 100
SHOWN = 20


def _render(
    request: HttpRequest, election: Election, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    whole = {
        "election": election,
        "election_url": f"/elections/{election.slug}/",
        "is_before": election.state in BEFORE_OPENING,
        **context,
    }
    with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
        return render(request, f"polls/elections/{name}.html", whole, status=status)


def _with_forms(found: list[RollRequest]) -> list[tuple[RollRequest, DecisionForm]]:
    """Their ids differ, for all of them stand on one page."""
    return [(one, DecisionForm(auto_id=f"request_{one.pk}_%s")) for one in found]


class Roll(Page):
    """Everybody on it, why, and how far their link got; who has voted is a number only."""

    access = RUN_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request.user, slug)
        search = request.GET.get("q", "")
        entries = roll_of(election, search)
        if "sheet" in request.GET:
            return _render(
                request, election, "roll_sheet", {"entries": entries, "now": clock.now()}
            )
        page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
        shown = list(page)
        mails = link_mails(shown)
        context = {
            "page": page,
            "rows": [(entry, mails.get(entry.pk)) for entry in shown],
            "search": search,
            "numbers": roll_numbers(election),
            "waiting": _with_forms(list(waiting_requests(election)[:MOST_REQUESTS])),
            "decided": decided_requests(election)[:MOST_REQUESTS],
        }
        return _render(request, election, "roll", context)


class RollImport(Page):
    """A list from elsewhere: looked at first, then added whole or not at all."""

    access = RUN_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request.user, slug)
        return _render(request, election, "roll_import", {"form": RollImportForm()})

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election, by = organized_election(request.user, slug), signed_in(request)
        form = RollImportForm(request.POST, request.FILES)
        context: dict[str, Any] = {"form": form}
        if not form.is_valid():
            return _render(request, election, "roll_import", context, InvalidError.status)
        content = form.content()
        text = content if isinstance(content, str) else content.decode("utf-8-sig", "replace")
        context["form"] = RollImportForm(initial={"text": text})
        try:
            people = read_roll_csv(content)
            if request.POST.get("action") == "add":
                count = add_people(election=election, people=people, by=by)
                return _added(request, election, count)
            context |= _found(preview_people(election=election, people=people, by=by))
        except ProductError as error:
            context |= {"refusal": error.sentence, "errors": _beside(error, text)}
            return _render(request, election, "roll_import", context, error.status)
        return _render(request, election, "roll_import", context)


def _beside(error: ProductError, text: str) -> list[dict[str, Any]]:
    """What is wrong, each with the line it is about."""
    lines = dict(enumerate(text.replace("\r\n", "\n").split("\n"), start=1))
    rows = error.extra.get("errors", {}).get("rows", [])
    return [row | {"line": lines.get(row["row"], "")} for row in rows]


def _found(people: list[RollEntry] | list[Person]) -> dict[str, Any]:
    return {"count": len(people), "people": people[:SHOWN], "more": max(0, len(people) - SHOWN)}


def _added(request: HttpRequest, election: Election, count: int) -> HttpResponse:
    said = ngettext("%s person is on the roll now.", "%s people are on the roll now.", count)
    messages.success(request, said % count)
    return redirect("polls:election_roll", slug=election.slug)


class RollMembers(Page):
    """Members of the chapter by a rule: looked at first, then added."""

    access = RUN_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request.user, slug)
        return _render(request, election, "roll_members", {"form": RollMembersForm()})

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request.user, slug)
        form = RollMembersForm(request.POST)
        if not form.is_valid():
            return _render(request, election, "roll_members", {"form": form}, InvalidError.status)
        rule: dict[str, Any] = {
            "election": election,
            "chapter": election.chapter,
            "by": signed_in(request),
            **form.cleaned_data,
        }
        if request.POST.get("action") == "add":
            return _added(request, election, add_members(**rule))
        context = {"form": form, **_found(preview_members(**rule))}
        return _render(request, election, "roll_members", context)


class _Move(Page):
    """A button on the roll; back to the roll then."""

    access = RUN_ELECTIONS

    def act(self, election: Election, by: User, **of: int) -> str:
        """Do it; what to say then."""
        raise NotImplementedError

    def get(self, request: HttpRequest, slug: str, **of: int) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:election_roll", slug=slug)

    def post(self, request: HttpRequest, slug: str, **of: int) -> HttpResponse:
        election = organized_election(request.user, slug)
        messages.success(request, self.act(election, signed_in(request), **of))
        return redirect("polls:election_roll", slug=slug)


class Resend(_Move):
    def act(self, election: Election, by: User, **of: int) -> str:
        entry = entry_on(election, of["pk"])
        resend_token(election=election, entry=entry, by=by)
        said = _("A new link is on its way to %(email)s. The one before is dead.")
        return said % {"email": entry.email}


class Remove(_Move):
    def act(self, election: Election, by: User, **of: int) -> str:
        entry = entry_on(election, of["pk"])
        remove_person(election=election, entry=entry, by=by)
        return _("%(email)s is off the roll.") % {"email": entry.email}


class RollRemind(_Move):
    def act(self, election: Election, by: User, **of: int) -> str:  # noqa: ARG002 - a signature
        if not remind_voters(election=election, by=by):
            return _("Everyone has voted. Nobody was mailed.")
        return _("Those who have not voted get a mail with their link.")
