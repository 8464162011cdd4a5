from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.core.errors import ForbiddenError, InvalidError, ProductError
from community.core.views import Page
from community.selectors.chapters import membership_of
from community.selectors.people import signed_in
from polls import states
from polls.forms.candidates import WORDS, StepForm, WordsForm
from polls.models import Candidate
from polls.permissions import NOMINATE, READ_ELECTIONS, STAND
from polls.selectors.elections.candidates import answers_of, endorsed_by, endorsements_of
from polls.selectors.elections.elections import is_run_by
from polls.services.elections import candidates as services
from polls.services.elections.locks import BEFORE_OPENING, check_rules_open
from polls.services.elections.words import change_words
from polls.views.elections.shared import refuse, seen_candidate, zone_of


class CandidateDetail(Page):
    """Who somebody is that stands, what they say, and who put in a word for them."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        candidate = seen_candidate(request, slug, pk)
        election, user = candidate.election, request.user
        is_self = user.is_authenticated and candidate.account_id == user.pk
        is_run = is_run_by(election, user)
        stands = candidate.state in (states.NOMINATED, states.ACCEPTED)
        context = {
            "candidate": candidate,
            "election": election,
            "answers": answers_of(candidate),
            "links": candidate.links.splitlines(),
            "endorsements": endorsements_of(candidate) if user.is_authenticated else [],
            "has_endorsed": candidate.pk in endorsed_by(election, user),
            "is_member": membership_of(election.chapter, user) is not None,
            "is_self": is_self,
            "is_run": is_run,
            "is_before_opening": election.state in BEFORE_OPENING,
            "may_endorse": election.takes_nominations and stands and not is_self,
            "may_withdraw": election.state in BEFORE_OPENING or election.takes_ballots,
            "may_edit": may_edit(candidate, user, is_run=is_run),
        }
        with timezone.override(zone_of(election)):
            return render(request, "polls/elections/candidate.html", context)


def may_edit(candidate: Candidate, user: Any, *, is_run: bool) -> bool:
    """Whether the words can be changed now, by `user`."""
    election = candidate.election
    is_theirs = user.is_authenticated and candidate.account_id == user.pk
    is_open = election.state in BEFORE_OPENING or election.is_external
    is_on_record = election.season_id is not None
    return is_open and not is_on_record and (is_theirs or (is_run and candidate.is_entered))


class CandidateEdit(Page):
    """A candidate's own words, until voting opens."""

    access = STAND

    def _form(self, candidate: Candidate, data: Any = None) -> WordsForm:
        answers = answers_of(candidate)
        initial = {name: getattr(candidate, name) for name in WORDS}
        return WordsForm(data, answers=answers, initial=initial)

    def _page(
        self, request: HttpRequest, candidate: Candidate, form: WordsForm, status: int = 200
    ) -> HttpResponse:
        context = {"candidate": candidate, "election": candidate.election, "form": form}
        return render(request, "polls/elections/candidate_form.html", context, status=status)

    def _candidate(self, request: HttpRequest, slug: str, pk: int) -> Candidate:
        candidate = seen_candidate(request, slug, pk)
        is_run = is_run_by(candidate.election, request.user)
        election = candidate.election
        is_ours = not election.is_external and election.season_id is None
        if is_ours and candidate.account_id == request.user.pk:
            check_rules_open(election)
        if not may_edit(candidate, request.user, is_run=is_run):
            raise ForbiddenError("These words cannot be changed by you now.")
        return candidate

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        candidate = self._candidate(request, slug, pk)
        return self._page(request, candidate, self._form(candidate))

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        candidate = self._candidate(request, slug, pk)
        form = self._form(candidate, request.POST)
        status = InvalidError.status
        if form.is_valid():
            try:
                change_words(
                    candidate=candidate,
                    by=signed_in(request),
                    answers=form.answers(),
                    **form.words(),
                )
            except ProductError as error:
                status = refuse(form, error)
            else:
                messages.success(request, _("Your words are saved."))
                return redirect("polls:candidate_detail", slug, pk)
        return self._page(request, candidate, form, status)


Step = Callable[..., Any]
# By the last part of the address: what is done, what is said then, and whether a reason is needed.
STEPS: dict[str, tuple[Step, Any, bool]] = {
    "endorse": (services.endorse_candidate, _("Your endorsement counts."), False),
    "unendorse": (services.withdraw_endorsement, _("Your endorsement is taken back."), False),
    "accept": (services.accept_nomination, _("You stand in this election."), False),
    "decline": (services.decline_nomination, _("You do not stand in this election."), False),
    "withdraw": (services.withdraw_candidacy, _("You no longer stand in this election."), False),
    "rule-out": (services.rule_out_candidate, _("The candidate is ruled out."), True),
    "reinstate": (services.reinstate_candidate, _("The nomination is taken up again."), True),
    "remove": (services.remove_candidate, _("The candidate is taken off."), False),
}


class CandidateStep(Page):
    """A button on a candidate's page, or beside them on the organizers'."""

    access = NOMINATE

    def get(self, request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        if step not in STEPS:
            raise Http404
        return redirect("polls:candidate_detail", slug, pk)

    def post(self, request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
        if step not in STEPS:
            raise Http404
        candidate = seen_candidate(request, slug, pk)
        act, said, needs_reason = STEPS[step]
        given = {}
        if needs_reason:
            form = StepForm(request.POST)
            given["reason"] = form.cleaned_data["reason"] if form.is_valid() else ""
        act(candidate=candidate, by=signed_in(request), **given)
        messages.success(request, said)
        if step in ("rule-out", "reinstate", "remove"):
            return redirect("polls:election_people", slug)
        return redirect("polls:candidate_detail", slug, pk)
