from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from community.core.permissions import may
from community.core.views import Page
from polls import states
from polls.models import Election, OutsideResult
from polls.permissions import READ_ELECTIONS, RUN_ELECTIONS
from polls.selectors.elections.candidates import all_candidates, candidates_of, endorsed_by
from polls.selectors.elections.elections import inspector_of, is_run_by
from polls.selectors.elections.information import FeedLine, feed_lines, listed_elections, stage_of
from polls.selectors.elections.results import are_results_out
from polls.selectors.elections.roll import standing_context
from polls.views.elections.results import seen_election
from polls.views.elections.shared import zone_of

PAGE_SIZE = 50


class ElectionList(Page):
    """Elections: those that run, those that come, those that were."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = listed_elections(request.user)
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        stages: dict[str, list[Election]] = {}
        for election in page:
            stages.setdefault(stage_of(election), []).append(election)
        context = {"page": page, "may_run": may(request.user, RUN_ELECTIONS), **stages}
        return render(request, "polls/elections/list.html", context)


class ElectionDetail(Page):
    """What there is to know of an election: who stands, who may vote, when, and how."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        election = seen_election(request, slug)
        user = request.user
        is_run = is_run_by(election, user)
        candidates = all_candidates(election) if is_run else candidates_of(election, user)
        campaigns = list(election.campaigns.all())
        context = {
            "election": election,
            "candidates": candidates,
            "campaigns": [(one, _members(one.pk, candidates)) for one in campaigns],
            "is_run": is_run,
            "inspector": inspector_of(election, user),
            "inspectors": list(election.inspectors.all()),
            **standing_context(election, user),
            "endorsed": endorsed_by(election, user),
            "results": outside_results(election),
            "are_results_out": are_results_out(election),
        }
        with timezone.override(zone_of(election)):
            return render(request, "polls/elections/detail.html", context)


def _members(campaign: int, candidates: list[Any]) -> list[Any]:
    return [one for one in candidates if one.campaign_id == campaign]


def outside_results(election: Election) -> list[OutsideResult]:
    """The rows of a result from elsewhere, by rank; those without one last."""
    if election.state != states.EXTERNAL:
        return []
    rows = OutsideResult.objects.filter(candidate__election=election)
    return list(rows.select_related("candidate"))


def _address(page: str, *args: str) -> str:
    """A page's whole address: readers of a feed have no page it would be relative to."""
    return f"{settings.SITE_URL}{reverse(f'polls:{page}', args=args)}"


class _Elections(Feed):  # type: ignore[type-arg]  # the stubs ask for two parameters the class has not
    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Elections")

    def subtitle(self) -> str:
        return _("Elections that were announced, and results that are out")

    def link(self) -> str:
        return _address("election_list")

    def feed_url(self) -> str:
        return _address("election_feed")

    def items(self) -> list[FeedLine]:
        return feed_lines()

    def item_title(self, item: FeedLine) -> str:
        if item.is_result:
            return _("Result: %(title)s") % {"title": item.election.title}
        return item.election.title

    def item_description(self, item: FeedLine) -> str:
        return escape(item.election.body or item.election.chapter.name)  # it is read as HTML

    def item_link(self, item: FeedLine) -> str:
        return _address("election_detail", item.election.slug)

    def item_guid(self, item: FeedLine) -> str:
        part = "result" if item.is_result else "announced"
        return f"{self.item_link(item)}#{part}"

    def item_pubdate(self, item: FeedLine) -> Any:
        return item.at

    def item_updateddate(self, item: FeedLine) -> Any:
        return item.at


class ElectionFeed(Page):
    """Announced elections and results that are out, for a feed reader."""

    access = READ_ELECTIONS

    def get(self, request: HttpRequest) -> HttpResponse:
        return _Elections()(request)
