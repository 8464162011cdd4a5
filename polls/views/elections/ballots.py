from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from community.core.errors import InvalidError, ProductError
from community.core.views import Page
from polls.exceptions import ElectionClosedError
from polls.forms.secret_ballots import FORMS, SecretBallotForm, in_voters_order
from polls.models import Candidate, Election, RollEntry
from polls.permissions import VOTE_SECRETLY
from polls.selectors.elections.elections import election_for
from polls.selectors.elections.rules import ballot_paper, employers_of
from polls.services.elections.ballots import cast_ballot, why_closed
from polls.services.elections.choices import NOTHING_SAVED
from polls.services.elections.moves import settle_election
from polls.views.elections.voter import entry_in_session, forget_voter, has_opened_link


def _form(election: Election, entry: RollEntry, data: Any = None) -> SecretBallotForm:
    # The seed is a secret of the open days that the sealing wipes out: who could work the orders
    # out afterwards would find those voters who rank from top to bottom.
    seed = f"{election.lot_seed_sealed}:{entry.pk}"
    candidates = in_voters_order(standing(election), seed)
    return FORMS[election.method](
        data,
        election=election,
        candidates=candidates,
        employers=employers_of(election) if election.asks_employer else {},
        has_voted=entry.has_voted,
    )


def standing(election: Election) -> list[Candidate]:
    """The candidates who can be voted for: on the paper, and not withdrawn."""
    return [one for one in ballot_paper(election) if one.state != Candidate.State.WITHDRAWN]


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "polls/elections/ballot.html", context, status=status)


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters(), name="dispatch")
class ElectionBallot(Page):
    """The ballot, and after it is sent the receipt.

    The receipt is the answer to the post itself: kept nowhere, it could only be kept beside the
    voter. Reloading sends the same ballot with the same code once more, which changes nothing.
    """

    access = VOTE_SECRETLY

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = settle_election(election_for(slug, request.user))
        entry = entry_in_session(request, election)
        context = self._context(request, election, entry)
        closed = why_closed(election)
        if closed:
            return _page(request, context | {"closed": closed})
        return _page(request, context | {"form": entry and _form(election, entry)})

    @sensitive_variables()
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = settle_election(election_for(slug, request.user))
        entry = entry_in_session(request, election)
        context = self._context(request, election, entry)
        closed = why_closed(election)
        if closed:  # first of all: the close ends the links, too
            said = context | {"closed": f"{closed} {NOTHING_SAVED}"}
            return _page(request, said, status=ElectionClosedError.status)
        if entry is None:
            return _page(request, context, status=403)
        form = _form(election, entry, request.POST)
        status = InvalidError.status
        if form.is_valid():
            code = form.cleaned_data["revote_code"]
            try:
                receipt = cast_ballot(
                    election=election,
                    entry=entry,
                    choices=form.choices(),
                    revote_code=code,
                    employer=form.cleaned_data.get("employer"),
                )
            except ElectionClosedError as error:
                return _page(request, context | {"closed": error.sentence}, status=error.status)
            except ProductError as error:
                form.refuse(error)
                status = error.status
            else:
                sent = context | {"receipt": receipt, "code": code}
                return render(request, "polls/elections/receipt.html", sent)
        return _page(request, context | {"form": form}, status)

    @staticmethod
    def _context(
        request: HttpRequest, election: Election, entry: RollEntry | None
    ) -> dict[str, Any]:
        has_link = entry is not None and has_opened_link(request, election)
        return {"election": election, "entry": entry, "has_link": has_link}


class LeaveBallot(Page):
    """Forgets in this browser which personal link was opened: for devices others use too."""

    access = VOTE_SECRETLY

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands who comes by another way."""
        return redirect("polls:election_ballot", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        forget_voter(request, election_for(slug, request.user))
        messages.success(request, _("This browser has forgotten your link."))
        return redirect("polls:election_detail", slug=slug)
