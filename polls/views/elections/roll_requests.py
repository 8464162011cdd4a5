"""Asking to be on a roll, and deciding on it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from community.core.errors import InvalidError
from community.core.views import Page
from community.selectors.people import signed_in
from polls.forms.election_roll import AskForRollForm, DecisionForm
from polls.permissions import ASK_FOR_ROLL, RUN_ELECTIONS
from polls.selectors.elections.elections import election_for
from polls.selectors.elections.roll import organized_election, request_in
from polls.services.elections.roll_requests import ask_for_roll, decide_request
from polls.views.elections.standing import standing_page


class Ask(Page):
    """The button under the form of somebody who is not on the roll."""

    access = ASK_FOR_ROLL

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:election_roll_me", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = election_for(slug, request.user)
        form = AskForRollForm(request.POST)
        if not form.is_valid():
            return standing_page(request, election, InvalidError.status, ask_form=form)
        ask_for_roll(election=election, text=form.cleaned_data["text"], by=signed_in(request))
        messages.success(
            request, _("The organizers have your request. Their answer comes by mail.")
        )
        return redirect("polls:election_roll_me", slug=slug)


class Decide(Page):
    """The two buttons beside a request."""

    access = RUN_ELECTIONS

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:election_roll", slug=slug)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        found = request_in(organized_election(request.user, slug), pk)
        form = DecisionForm(request.POST)
        answer = request.POST.get("answer")
        if not form.is_valid() or answer not in ("accept", "refuse"):
            raise InvalidError("Say why, in at most 300 characters. Nothing was changed.")
        accept = answer == "accept"
        reason = form.cleaned_data["reason"]
        decide_request(request=found, accept=accept, reason=reason, by=signed_in(request))
        said = _("They are on the roll.") if accept else _("The request is refused.")
        messages.success(request, said + " " + _("They get your reason by mail."))
        return redirect("polls:election_roll", slug=slug)
