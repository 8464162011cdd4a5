"""What organizers and inspectors do to an election: a button each, and where it leads back."""

import zoneinfo
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.core.errors import ForbiddenError, InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from polls import states
from polls.forms.running import ElectionExtendForm, ElectionReasonForm
from polls.models import Election, RollEntry
from polls.permissions import RUN_ELECTIONS
from polls.selectors.elections.elections import election_for, is_run_by
from polls.services.elections.moves import (
    cancel_election,
    close_election,
    extend_election,
    open_election,
    open_nominations,
    opening_lacks,
    settle_election,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

BEFORE = frozenset({states.DRAFT, states.NOMINATING})


def run_context(election: Election) -> dict[str, Any]:
    """What the run page is filled with; ids of forms differ, for all stand on one page."""
    roll = RollEntry.objects.filter(election=election)
    return {
        "election": election,
        "lacks": opening_lacks(election) if election.state in BEFORE else {},
        "roll_size": roll.count(),
        "voted": roll.filter(has_voted=True).count(),
        "inspectors": election.inspectors.all(),
        "extend_form": ElectionExtendForm(auto_id="extend_%s"),
        "close_form": ElectionReasonForm(auto_id="close_%s"),
        "cancel_form": ElectionReasonForm(auto_id="cancel_%s"),
    }


class ElectionRun(Page):
    """The organizers' page: where the election is, what it lacks, and what comes next."""

    access = RUN_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = settle_election(run_election(request, slug))
        return self.page(request, election, {})

    @staticmethod
    def page(
        request: HttpRequest, election: Election, forms_: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        """The page, with a form that was refused in the place of its fresh one."""
        context = run_context(election) | forms_
        with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
            return render(request, "polls/elections/run.html", context, status=status)


def run_election(request: HttpRequest, slug: str) -> Election:
    """The election for one of its organizers. Raises NotFoundError, ForbiddenError."""
    election = election_for(slug, request.user)
    if not is_run_by(election, request.user):
        raise ForbiddenError("You do not organize this election's chapter.")
    return election


class _Move(Page):
    """A button of the run page, with or without a form."""

    access = RUN_ELECTIONS
    form: type[forms.Form] | None = None
    form_name = ""
    said: "StrPromise | str" = ""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:election_run", slug=slug)

    def move(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        """Do it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = run_election(request, slug)
        form = self.form(request.POST, auto_id=f"{self.form_name}_%s") if self.form else None
        status = InvalidError.status
        # A time is read as the page shows it: in the chapter's zone.
        with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
            is_good = form is None or form.is_valid()
        if is_good:
            try:
                self.move(election, request, form.cleaned_data if form else {})
            except ProductError as error:
                status = error.status
                if form is None:
                    messages.error(request, error.sentence)
                    return redirect("polls:election_run", slug=slug)
                form.add_error(None, error.sentence)
            else:
                messages.success(request, self.said)
                return redirect("polls:election_run", slug=slug)
        return ElectionRun.page(request, election, {f"{self.form_name}_form": form}, status)


class ElectionNominate(_Move):
    said = _("Nominations are open.")

    def move(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:  # noqa: ARG002 - a move
        open_nominations(election=election, by=signed_in(request))


class ElectionOpen(_Move):
    said = _("Voting is open; everyone on the roll gets their link.")

    def move(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:  # noqa: ARG002 - a move
        open_election(election=election, by=signed_in(request))


class ElectionExtend(_Move):
    form, form_name = ElectionExtendForm, "extend"
    said = _("Voting has more time.")

    def move(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        extend_election(election=election, by=signed_in(request), **fields)


class ElectionClose(_Move):
    form, form_name = ElectionReasonForm, "close"
    said = _("Voting is closed; the ballots are sealed and counted.")

    def move(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        close_election(election=election, by=signed_in(request), **fields)


class ElectionCancel(_Move):
    form, form_name = ElectionReasonForm, "cancel"
    said = _("The election is cancelled; ballots are destroyed.")

    def move(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        cancel_election(election=election, by=signed_in(request), **fields)
