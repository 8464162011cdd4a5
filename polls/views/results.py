import zoneinfo
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from community.core.errors import InvalidError
from community.core.views import Page
from community.selectors.people import signed_in
from meetups.models import Meetup
from polls.exceptions import ResultsHiddenError
from polls.forms.polls import TopicForm
from polls.models import Poll, PollOption
from polls.permissions import READ_RESULTS, RUN_POLLS
from polls.selectors.chain import brainstorm_of, lists_of
from polls.selectors.exports import ballots_document, result_csv, result_document
from polls.selectors.polls import cards_seen_by, is_run_by, log_of, organized_poll, poll_seen_by
from polls.selectors.results import Outcome, is_quorum_met, poll_outcome
from polls.selectors.topics import meetups_for_topics, next_without_topic
from polls.services.moves import settle_poll
from polls.services.topics import plan_option
from polls.views.words import MAIN, TALLIES, meaning_of, said_disagreements, said_tallies

Rows = list[dict[str, Any]]


def _rows(content: dict[str, Any], options: dict[int, PollOption]) -> Rows:
    """The options in the order of the result, each with what stands beside it."""
    ranks = [row["rank"] for row in content["options"]]
    return [
        row | {"option": options[row["id"]], "is_shared": ranks.count(row["rank"]) > 1}
        for row in content["options"]
    ]


def _groups(rows: Rows) -> list[Rows]:
    """Runs of neighbours that cannot be told apart; most hold one option."""
    groups: list[Rows] = []
    is_joined = False
    for row in rows:
        if is_joined:
            groups[-1].append(row)
        else:
            groups.append([row])
        is_joined = row["is_apart"] is False
    return groups


def _tallies(content: dict[str, Any], rows: Rows) -> dict[str, Any]:
    """The tallies as a table: the main one first, then the others."""
    main = MAIN[content["method"]]
    names = [main, *(name for name in TALLIES if name in content["tallies"] and name != main)]
    found = {
        name: {row["id"]: row for row in content["tallies"][name]["options"]} for name in names
    }
    return {
        "names": [TALLIES[name] for name in names],
        "meanings": [words for name, words in said_tallies(content["method"]) if name in names],
        "lines": [(row["option"], [found[name][row["id"]] for name in names]) for row in rows],
    }


def _pairs(content: dict[str, Any], rows: Rows) -> list[tuple[Any, list[dict[str, Any] | None]]]:
    """Of each two options how many put the one above the other; None where a row meets itself."""
    counts = content["pairwise"]["counts"]
    size = range(len(rows))
    return [
        (
            row,
            [
                None
                if above == below
                else {
                    "count": counts[above][below],
                    "wins": counts[above][below] > counts[below][above],
                }
                for below in size
            ],
        )
        for above, row in enumerate(rows)
    ]


def _topics(request: HttpRequest, poll: Poll, options: list[PollOption]) -> dict[str, Any]:
    if poll.purpose != Poll.Purpose.TOPICS or not is_run_by(poll, request.user):
        return {}
    meetups = meetups_for_topics(poll, request.user)
    return {"meetups": meetups, "next_meetup": next_without_topic(meetups, options)}


def _chain(request: HttpRequest, poll: Poll, outcome: Outcome) -> dict[str, Any]:
    return {
        "brainstorm": brainstorm_of(poll, request.user),
        "lists": lists_of(poll, request.user),
        "may_publish": is_run_by(poll, request.user)
        and poll.purpose == Poll.Purpose.PRIORITIES
        and is_quorum_met(poll, outcome) is not False,
    }


class PollResults(Page):
    """What was counted, what it means, and how far it can be trusted."""

    access = READ_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        poll = settle_poll(poll_seen_by(request.user, slug))
        try:
            outcome = poll_outcome(poll)
        except ResultsHiddenError as error:
            return render(
                request, "polls/poll_results_hidden.html", {"poll": poll}, status=error.status
            )
        content = outcome.content
        options = list(
            poll.options.select_related("topic__meetup").prefetch_related(
                cards_seen_by(request.user)
            )
        )
        rows = _rows(content, {option.pk: option for option in options})
        context = {
            "poll": poll,
            "outcome": outcome,
            "turnout": round(100 * outcome.ballots / outcome.electorate)
            if outcome.electorate
            else None,
            "is_quorum_met": is_quorum_met(poll, outcome),
            "groups": _groups(rows),
            "meaning": meaning_of(poll.method),
            "tallies": _tallies(content, rows),
            "disagreements": said_disagreements(
                content, {option.pk: option.title for option in options}
            ),
            "pairs": _pairs(content, rows),
            "log": log_of(poll),
            "may_run": is_run_by(poll, request.user),
            **_chain(request, poll, outcome),
            **_topics(request, poll, options),
        }
        with timezone.override(zoneinfo.ZoneInfo(poll.chapter.timezone)):
            return render(request, "polls/poll_results.html", context)


class ResultsCsv(Page):
    """The result as a table for a spreadsheet."""

    access = READ_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        text = result_csv(settle_poll(poll_seen_by(request.user, slug)))
        name = f'attachment; filename="{slug}.csv"'
        return HttpResponse(
            text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
        )


class ResultsJson(Page):
    """The result as the API gives it."""

    access = READ_RESULTS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return JsonResponse(result_document(settle_poll(poll_seen_by(request.user, slug))))


class BallotsJson(Page):
    """The ballots without their voters, for counting elsewhere."""

    access = RUN_POLLS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return JsonResponse(ballots_document(settle_poll(organized_poll(request.user, slug))))


class TopicPlan(Page):
    """Turns an option into a planned topic of a coming meetup."""

    access = RUN_POLLS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG002 - a signature
        """Where one lands after signing in on the way to the button."""
        return redirect("polls:poll_results", slug=slug)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        by = signed_in(request)
        poll = organized_poll(by, slug)
        form = TopicForm(
            request.POST, poll=poll, meetups=Meetup.objects.filter(chapter=poll.chapter_id)
        )
        if not form.is_valid():
            raise InvalidError("Choose an option and a coming meetup. Nothing was planned.")
        topic = plan_option(by=by, **form.cleaned_data)
        said = _("“%(topic)s” is a planned topic of “%(meetup)s”.")
        messages.success(request, said % {"topic": topic.text, "meetup": topic.meetup.title})
        return redirect("polls:poll_results", slug=slug)
