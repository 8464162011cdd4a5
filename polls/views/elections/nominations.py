from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import ConflictError, InvalidError, ProductError
from community.core.views import Page
from community.selectors.chapters import membership_of
from community.selectors.people import signed_in
from polls.forms.candidates import NominateForm
from polls.models import Candidate, Election
from polls.permissions import NOMINATE
from polls.services.elections.candidates import CLOSED, nominate_candidate
from polls.views.elections.results import seen_election
from polls.views.elections.shared import refuse, zone_of

ONESELF = "self"


class Nominate(Page):
    """Who should stand: somebody else, by their address, or oneself."""

    access = NOMINATE

    def _election(self, request: HttpRequest, slug: str) -> Election:
        election = seen_election(request, slug)
        if not election.takes_nominations:
            raise ConflictError(CLOSED, code="nominations_closed")
        return election

    def _page(
        self, request: HttpRequest, election: Election, form: NominateForm, status: int = 200
    ) -> HttpResponse:
        context = {
            "election": election,
            "form": form,
            "is_member": membership_of(election.chapter, request.user) is not None,
            "own": Candidate.objects.filter(election=election, account=request.user.pk).first(),
        }
        with timezone.override(zone_of(election)):
            return render(request, "polls/elections/nominate.html", context, status=status)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self._page(request, self._election(request, slug), NominateForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        by = signed_in(request)
        election = self._election(request, slug)
        is_self = request.POST.get("who") == ONESELF
        form = NominateForm(request.POST)
        status = InvalidError.status
        if is_self or form.is_valid():
            email = "" if is_self else form.cleaned_data["email"]
            try:
                candidate = nominate_candidate(election=election, by=by, email=email)
            except ProductError as error:
                if is_self:
                    raise
                status = refuse(form, error)
            else:
                is_self = candidate.account_id == by.pk
                messages.success(request, _said(candidate, is_self=is_self))
                page = "candidate_edit" if is_self else "candidate_detail"
                return redirect(f"polls:{page}", slug, candidate.pk)
        return self._page(request, election, form, status)


def _said(candidate: Candidate, *, is_self: bool) -> str:
    if is_self:
        return _("You stand in this election. Say what you stand for.")
    return _("%(name)s is nominated and gets a mail that asks whether they stand.") % {
        "name": candidate.name
    }
