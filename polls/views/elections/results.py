import json
import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from community.core.views import Page
from polls.exceptions import ResultsHiddenError
from polls.models import Election
from polls.permissions import READ_ELECTION_RESULTS, READ_ELECTIONS
from polls.selectors.elections.elections import election_for, inspector_of, is_run_by
from polls.selectors.elections.results import (
    SEALED,
    election_result,
    may_read_ballots,
    published_ballots,
    receipts_of,
)
from polls.selectors.elections.rules import rules_of
from polls.selectors.elections.told import told_log, told_result
from polls.services.elections.log import broken_line
from polls.services.elections.moves import settle_election
from polls.tally.election import canonical_bytes
from polls.tally.sheets import ballots_csv


def seen_election(request: HttpRequest, slug: str) -> Election:
    """The election, as time has left it, for whoever may see it. Raises NotFoundError."""
    return settle_election(election_for(slug, request.user))


def _hidden(request: HttpRequest, election: Election, error: ResultsHiddenError) -> HttpResponse:
    context = {"election": election, "sentence": error.sentence}
    return render(request, "polls/elections/hidden.html", context, status=error.status)


def _file(content: bytes | str, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


class ElectionResults(Page):
    """Who is seated, votes beside voters, every step, and what other methods would do."""

    access = READ_ELECTION_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = seen_election(request, slug)
        try:
            result = election_result(election, request.user)
        except ResultsHiddenError as error:
            return _hidden(request, election, error)
        context = {
            "election": election,
            "result": result,
            "inspector": inspector_of(election, request.user),
            "inspectors": election.inspectors.all(),
            "is_run": is_run_by(election, request.user),
            "has_ballots": may_read_ballots(election, request.user),
            **told_result(result),
        }
        with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
            return render(request, "polls/elections/results.html", context)


class ElectionLog(Page):
    """The public log, each line chained to the one before."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = seen_election(request, slug)
        context = {
            "election": election,
            "lines": told_log(election),
            "broken": broken_line(election),
        }
        with timezone.override(zoneinfo.ZoneInfo(election.chapter.timezone)):
            return render(request, "polls/elections/log.html", context)


class ElectionReceipts(Page):
    """The receipts of all ballots: where a voter finds their own."""

    access = READ_ELECTION_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = seen_election(request, slug)
        try:
            receipts = receipts_of(election)
        except ResultsHiddenError as error:
            return _hidden(request, election, error)
        context = {"election": election, "receipts": receipts}
        return render(request, "polls/elections/receipts.html", context)


class ElectionPromises(Page):
    """What is secret, what is not, and what can be checked."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        context = {"election": election_for(slug, request.user)}
        return render(request, "polls/elections/promises.html", context)


class BallotsCsv(Page):
    """The ballots without voters: for inspectors, and for everyone where it was announced."""

    access = READ_ELECTION_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        rules, ballots = published_ballots(seen_election(request, slug), request.user)
        return _file(ballots_csv(rules, ballots), "text/csv; charset=utf-8", "ballots.csv")


class RulesJson(Page):
    """The rules in the form in which they are counted by; with the seed once it is revealed."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = seen_election(request, slug)
        if election.state not in SEALED:
            raise ResultsHiddenError("The rules are given out as a file once ballots are sealed.")
        text = json.dumps(rules_of(election), indent=1, sort_keys=True, ensure_ascii=False)
        return _file(text, "application/json", "rules.json")


class ResultsJson(Page):
    """The count, byte for byte as `manage.py recount` gives it."""

    access = READ_ELECTION_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        content = election_result(seen_election(request, slug), request.user).content
        return _file(canonical_bytes(content), "application/json", "results.json")
