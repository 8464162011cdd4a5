"""Who votes: by the personal link that was opened in this session, else by who is signed in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from community.core.errors import TooManyError
from community.core.views import Page, client_address
from polls.exceptions import VoterTokenError
from polls.models import Election, RollEntry
from polls.permissions import VOTE_SECRETLY
from polls.selectors.elections.elections import election_for
from polls.selectors.elections.standing import entry_of, entry_of_link, session_key
from polls.services.elections.ballots import why_closed
from polls.services.elections.moves import settle_election
from polls.services.elections.tokens import check_token
from polls.views.elections.standing import standing_page

SEE_OTHER = 303


def remember_voter(request: HttpRequest, election: Election, entry: RollEntry) -> None:
    """Keep that the link of `entry` was opened; the link itself is not kept."""
    nonce = entry.token_nonce
    request.session[session_key(election)] = {
        "entry": entry.pk,
        "nonce": nonce.hex if nonce else "",
    }


def forget_voter(request: HttpRequest, election: Election) -> None:
    """Forget which link was opened."""
    request.session.pop(session_key(election), None)


def has_opened_link(request: HttpRequest, election: Election) -> bool:
    """Whether a personal link of `election` was opened in this session and not forgotten."""
    return session_key(election) in request.session


def entry_in_session(request: HttpRequest, election: Election) -> RollEntry | None:
    """The entry whose link was opened, unless a newer one was sent; else the account's own."""
    return entry_of_link(election, request.session) or entry_of(election, request.user)


class VoteLink(Page):
    """Where a personal link leads: to the ballot, whose address holds nothing personal.

    Mail scanners open links, too: nothing is voted or changed by it.
    """

    access = VOTE_SECRETLY

    def get(self, request: HttpRequest, slug: str, token: str) -> HttpResponse:
        election = settle_election(election_for(slug, request.user))
        if why_closed(election):  # the ballot's page says so, and where the result is
            answer = self._ballot(election)
        else:
            answer = self._answer(request, election, token)
        answer["Referrer-Policy"] = "no-referrer"
        answer["Cache-Control"] = "no-store"
        return answer

    @staticmethod
    def _answer(request: HttpRequest, election: Election, token: str) -> HttpResponse:
        try:
            entry = check_token(election=election, token=token, address=client_address(request))
        except (VoterTokenError, TooManyError) as error:
            return standing_page(request, election, error.status, refusal=error.sentence)
        remember_voter(request, election, entry)
        return VoteLink._ballot(election)

    @staticmethod
    def _ballot(election: Election) -> HttpResponse:
        return HttpResponseRedirect(
            reverse("polls:election_ballot", args=[election.slug]), status=SEE_OTHER
        )
