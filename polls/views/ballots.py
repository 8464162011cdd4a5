import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from polls import states
from polls.forms.ballots import BallotForm, ballot_form
from polls.forms.polls import ExtendForm, ReasonForm
from polls.models import Poll
from polls.permissions import READ_POLLS, VOTE
from polls.selectors.chain import brainstorm_of, lists_of
from polls.selectors.electorate import electorate_size
from polls.selectors.polls import (
    ballots_cast,
    is_run_by,
    log_of,
    may_vote,
    options_for,
    own_ballot,
    poll_seen_by,
)
from polls.services.ballots import cast_ballot, withdraw_ballot
from polls.services.moves import settle_poll
from polls.views.words import said_choices


def _page(
    request: HttpRequest, poll: Poll, form: BallotForm | None = None, status: int = 200
) -> HttpResponse:
    user = request.user
    ballot = own_ballot(poll, user)
    options = options_for(poll, user)
    is_voter = user.is_authenticated and may_vote(poll, user)
    votes_now = poll.takes_ballots and is_voter and (ballot is None or "change" in request.GET)
    if form is None and votes_now:
        form = ballot_form(poll, options, ballot)
    runs = is_run_by(poll, user)
    context = {
        "poll": poll,
        "options": options,
        "form": form,
        "ballot": ballot,
        "sent": said_choices(poll, ballot, options) if ballot else [],
        "is_voter": is_voter,
        "may_run": runs,
        "log": log_of(poll),
        "brainstorm": brainstorm_of(poll, user),
        "lists": lists_of(poll, user),
        **(_forms() if runs else {}),
        **(_turnout(poll) if poll.state == states.OPEN else {}),
    }
    with timezone.override(zoneinfo.ZoneInfo(poll.chapter.timezone)):
        return render(request, "polls/poll_detail.html", context, status=status)


def _turnout(poll: Poll) -> dict[str, int]:
    cast = ballots_cast(poll)
    return {"cast": cast, "electorate": electorate_size(poll, cast)}


def _forms() -> dict[str, Any]:
    """Their ids differ, for all of them stand on one page."""
    return {
        "extend_form": ExtendForm(auto_id="extend_%s"),
        "close_form": ReasonForm(auto_id="close_%s"),
        "cancel_form": ReasonForm(auto_id="cancel_%s"),
    }


class PollDetail(Page):
    """Before it opens: when. While it is open: the ballot is the page. Then: the result."""

    access = READ_POLLS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return _page(request, settle_poll(poll_seen_by(request.user, slug)))


class BallotChange(Page):
    """The button under the ballot."""

    access = VOTE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:poll_detail", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        by = signed_in(request)
        poll = settle_poll(poll_seen_by(by, slug))
        options = options_for(poll, by)
        form = ballot_form(poll, options, own_ballot(poll, by), request.POST)
        status = InvalidError.status
        if form.is_valid():
            try:
                cast_ballot(poll=poll, choices=form.choices(), by=by)
            except ProductError as error:
                form.refuse(error)
                status = error.status
            else:
                messages.success(request, _("Your ballot is in."))
                return redirect("polls:poll_detail", slug=slug)
        return _page(request, poll, form, status)


class BallotWithdraw(Page):
    """Takes one's ballot back."""

    access = VOTE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:poll_detail", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        poll = settle_poll(poll_seen_by(request.user, slug))
        if withdraw_ballot(poll=poll, by=signed_in(request)):
            messages.success(request, _("Your ballot is taken back. You can vote again."))
        return redirect("polls:poll_detail", slug=slug)
