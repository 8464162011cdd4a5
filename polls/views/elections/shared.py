"""What the pages of elections share."""

import zoneinfo
from typing import Any

from django import forms
from django.http import HttpRequest

from community.core.errors import ForbiddenError, ProductError
from polls.models import Candidate, Election
from polls.selectors.elections.candidates import candidate_for
from polls.selectors.elections.elections import is_run_by
from polls.views.elections.results import seen_election


def organized_election(request: HttpRequest, slug: str) -> Election:
    """The election at `slug`, for one of its organizers.

    Raises NotFoundError for what one may not see, ForbiddenError for what others run.
    """
    election = seen_election(request, slug)
    if not is_run_by(election, request.user):
        raise ForbiddenError("You do not run this group's elections.")
    return election


def seen_candidate(request: HttpRequest, slug: str, pk: int) -> Candidate:
    """A candidate one may see; raises NotFoundError or Http404."""
    election = seen_election(request, slug)
    runs = is_run_by(election, request.user)
    candidate = candidate_for(election, pk, request.user, runs=runs)
    candidate.election = election
    return candidate


def zone_of(election: Election) -> zoneinfo.ZoneInfo:
    """The zone in which an election's times are told and entered."""
    return zoneinfo.ZoneInfo(election.chapter.timezone)


def refuse(form: forms.Form | forms.ModelForm[Any], error: ProductError) -> int:
    """Say a refusal on the form, at its fields where it names them; the answer's status."""
    for name, sentences in error.extra.get("errors", {}).items():
        if name in form.fields:
            form.add_error(name, sentences)
    form.add_error(None, error.sentence)
    return error.status
