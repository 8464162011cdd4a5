from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from community.core.errors import InvalidError, NotFoundError, ProductError
from community.core.views import Page
from community.models import User
from community.selectors.people import signed_in
from polls.forms.candidates import (
    CampaignForm,
    EnterForm,
    InspectorForm,
    QuestionsForm,
    StepForm,
)
from polls.models import Campaign, Election
from polls.permissions import RUN_ELECTIONS
from polls.selectors.elections.candidates import all_candidates
from polls.services.elections.candidates import enter_candidate
from polls.services.elections.inspectors import name_inspector, release_inspector
from polls.services.elections.locks import BEFORE_OPENING
from polls.services.elections.people import person_at
from polls.services.elections.questions import write_questions
from polls.services.elections.words import end_campaign, write_campaign
from polls.views.elections.shared import organized_election, refuse


def _forms(election: Election) -> dict[str, forms.Form]:
    """The page's forms; their ids differ, for all of them stand on one page."""
    questions = "\n".join(election.questions.values_list("text", flat=True))
    return {
        "candidate": EnterForm(auto_id="candidate_%s"),
        "campaign": CampaignForm(election=election, auto_id="campaign_%s"),
        "questions": QuestionsForm(initial={"texts": questions}, auto_id="questions_%s"),
        "inspector": InspectorForm(auto_id="inspector_%s"),
    }


def _bound(name: str, election: Election, data: Any) -> forms.Form | None:
    if name == "campaign":
        return CampaignForm(data, election=election, auto_id="campaign_%s")
    kinds = {"candidate": EnterForm, "questions": QuestionsForm, "inspector": InspectorForm}
    return kinds[name](data, auto_id=f"{name}_%s") if name in kinds else None


class ElectionPeople(Page):
    """Candidates, joint campaigns, questions and inspectors, on one page for organizers."""

    access = RUN_ELECTIONS

    def _page(
        self, request: HttpRequest, election: Election, status: int = 200, **bound: forms.Form
    ) -> HttpResponse:
        context = {
            "election": election,
            "candidates": all_candidates(election),
            "campaigns": list(election.campaigns.prefetch_related("candidates")),
            "inspectors": list(election.inspectors.all()),
            "forms": _forms(election) | bound,
            "is_before_opening": election.state in BEFORE_OPENING,
            "may_write": election.state in BEFORE_OPENING or election.is_external,
            "may_remove": election.announced_at is None or election.is_external,
        }
        return render(request, "polls/elections/people.html", context, status=status)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(request, organized_election(request, slug))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = organized_election(request, slug)
        by, action = signed_in(request), request.POST.get("action", "")
        form = _bound(action, election, request.POST)
        if form is None:
            said = self._press(request, election, by, action)
            messages.success(request, said)
            return redirect("polls:election_people", slug)
        status = InvalidError.status
        if form.is_valid():
            try:
                said = _write(action, election, by, form.cleaned_data)
            except ProductError as error:
                status = refuse(form, error)
            else:
                messages.success(request, said)
                return redirect("polls:election_people", slug)
        return self._page(request, election, status, **{action: form})

    def _press(self, request: HttpRequest, election: Election, by: User, action: str) -> str:
        """The buttons beside a row."""
        number = request.POST.get("id", "")
        pk = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0  # noqa: PLR2004 - a database's number
        if action == "release":
            inspector = election.inspectors.filter(pk=pk).first()
            if inspector is None:
                raise NotFoundError("There is no such inspector.")
            form = StepForm(request.POST)
            reason = form.cleaned_data["reason"] if form.is_valid() else ""
            release_inspector(inspector=inspector, reason=reason, by=by)
            return _("They are no inspector any more.")
        if action == "end-campaign":
            campaign = Campaign.objects.filter(election=election, pk=pk).first()
            if campaign is None:
                raise NotFoundError("There is no such campaign.")
            end_campaign(campaign=campaign, by=by)
            return _("They run each alone.")
        raise InvalidError("That is nothing this page does.", errors={"action": ["unknown"]})


def _write(action: str, election: Election, by: User, data: dict[str, Any]) -> str:
    if action == "candidate":
        enter_candidate(election=election, by=by, **data)
        return _("The candidate is entered.")
    if action == "campaign":
        members = list(data.pop("members"))
        write_campaign(election=election, by=by, members=members, **data)
        return _("The joint campaign is saved.")
    if action == "questions":
        write_questions(election=election, texts=data["texts"], by=by)
        return _("The questions are saved.")
    account = person_at(data["email"], field="email")
    name_inspector(election=election, account=account, affiliation=data["affiliation"], by=by)
    return _("The inspector is named and gets a mail.")
