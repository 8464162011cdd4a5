from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from community.core.errors import ConflictError, InvalidError, ProductError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.forms.paper import check_all
from polls.forms.outside import SourceForm, result_rows
from polls.models import Election
from polls.permissions import RUN_ELECTIONS
from polls.services.elections.outside import enter_outside_results
from polls.views.elections.shared import organized_election, refuse


class OutsideResults(Page):
    """The result of an election held elsewhere, row by row, with its source."""

    access = RUN_ELECTIONS

    def _election(self, request: HttpRequest, slug: str) -> Election:
        election = organized_election(request, slug)
        if not election.is_external:
            raise ConflictError("This election is held here; its result is counted, not entered.")
        return election

    def _page(
        self, request: HttpRequest, election: Election, form: SourceForm, rows: Any, status: int
    ) -> HttpResponse:
        context = {"election": election, "form": form, "rows": rows}
        return render(request, "polls/elections/outside_results.html", context, status=status)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = self._election(request, slug)
        form = SourceForm(initial={"source": election.result_source})
        return self._page(request, election, form, result_rows(election), 200)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = self._election(request, slug)
        form, rows = SourceForm(request.POST), result_rows(election, request.POST)
        status = InvalidError.status
        if check_all(form, rows):
            entries = [entry for row in rows.forms if row.cleaned_data if (entry := row.entry())]
            source = form.cleaned_data["source"]
            by = signed_in(request)
            try:
                enter_outside_results(election=election, rows=entries, source=source, by=by)
            except ProductError as error:
                status = refuse(form, error)
            else:
                messages.success(request, _("The result is saved. Everyone sees it."))
                return redirect("polls:election_detail", slug)
        return self._page(request, election, form, rows, status)
