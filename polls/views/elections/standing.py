"""Whether somebody is on the roll: what they ask first."""

import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import InvalidError
from community.core.views import Page, client_address
from polls.forms.election_roll import AskForRollForm, OwnLinkForm
from polls.models import Election
from polls.permissions import READ_ELECTIONS, VOTE_SECRETLY
from polls.selectors.elections.elections import election_for
from polls.selectors.elections.roll import standing_context
from polls.services.elections.tokens import send_own_token


def standing_page(
    request: HttpRequest, election: Election, status: int = 200, **forms: Any
) -> HttpResponse:
    """The page, with `ask_form` or `link_form` as they were sent."""
    context = {
        "election": election,
        "election_url": f"/elections/{election.slug}/",
        "ask_form": AskForRollForm(),
        "link_form": OwnLinkForm(),
        **standing_context(election, request.user),
        **forms,
    }
    with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
        return render(request, "polls/elections/roll_me.html", context, status=status)


class Standing(Page):
    """Whether one is on the roll, and why; else the form to ask, or to have the link sent."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return standing_page(request, election_for(slug, request.user))


class OwnLink(Page):
    """Sends the personal link once more; what it answers does not tell who is on the roll."""

    access = VOTE_SECRETLY

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands who comes by another way."""
        return redirect("polls:election_roll_me", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = election_for(slug, request.user)
        form = OwnLinkForm(request.POST)
        if not form.is_valid():
            return standing_page(request, election, InvalidError.status, link_form=form)
        email = form.cleaned_data["email"]
        send_own_token(election=election, email=email, address=client_address(request))
        said = _("If this address is on the roll, its link is on its way there.")
        messages.success(request, said)
        return redirect("polls:election_roll_me", slug=slug)
