"""The inspectors' page: the count before anyone else sees it, the files, and the signature."""

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
from polls.forms.running import CertifyForm, ElectionReasonForm
from polls.models import Election
from polls.permissions import INSPECT
from polls.selectors.elections.elections import inspector_of
from polls.selectors.elections.results import may_read_results
from polls.selectors.elections.told import told_log, told_result
from polls.services.elections.certifying import certify_election, object_to_count
from polls.services.elections.log import broken_line
from polls.views.elections.results import seen_election

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class ElectionInspect(Page):
    """The inspectors' page: the count before anyone else sees it, the files, and the signature."""

    access = INSPECT

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.page(request, inspected_election(request, slug))

    @staticmethod
    def page(
        request: HttpRequest,
        election: Election,
        status: int = 200,
        **refused: forms.Form,
    ) -> HttpResponse:
        """The page, with a form that was refused in the place of its fresh one."""
        can_read = may_read_results(election, request.user)
        context = {
            "election": election,
            "inspector": inspector_of(election, request.user),
            "inspectors": election.inspectors.all(),
            "lines": told_log(election),
            "broken": broken_line(election),
            "certify_form": CertifyForm(auto_id="certify_%s"),
            "object_form": ElectionReasonForm(auto_id="object_%s"),
            **(told_result(election.result) if can_read else {}),
            **refused,
        }
        with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
            return render(request, "polls/elections/inspect.html", context, status=status)


def inspected_election(request: HttpRequest, slug: str) -> Election:
    """The election for one of its inspectors. Raises NotFoundError, ForbiddenError."""
    election = seen_election(request, slug)
    if inspector_of(election, request.user) is None:
        raise ForbiddenError("You are no inspector of this election.")
    return election


class _Signature(Page):
    access = INSPECT
    form: type[forms.Form]
    form_name: str
    said: "StrPromise | str"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:election_inspect", slug=slug)

    def sign(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        """Do it."""
        raise NotImplementedError

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = inspected_election(request, slug)
        form = self.form(request.POST, auto_id=f"{self.form_name}_%s")
        status = InvalidError.status
        if form.is_valid():
            try:
                self.sign(election, request, form.cleaned_data)
            except ProductError as error:
                form.add_error(None, error.sentence)
                status = error.status
            else:
                messages.success(request, self.said)
                return redirect("polls:election_inspect", slug=slug)
        refused = {f"{self.form_name}_form": form}
        return ElectionInspect.page(request, election, status, **refused)


class Certify(_Signature):
    form, form_name = CertifyForm, "certify"
    said = _("You have signed the result.")

    def sign(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        certify_election(election=election, by=signed_in(request), **fields)


class Object(_Signature):
    form, form_name = ElectionReasonForm, "object"
    said = _("Your objection stands in the public log.")

    def sign(self, election: Election, request: HttpRequest, fields: dict[str, Any]) -> None:
        object_to_count(election=election, by=signed_in(request), **fields)
