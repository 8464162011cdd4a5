from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from community.core import panels
from community.core.views import Page
from community.models import Season
from community.permissions import READ_SITE
from community.selectors.archive import season_records


class Archive(Page):
    access = READ_SITE

    def get(self, request: HttpRequest) -> HttpResponse:
        seasons = Season.objects.select_related("chapter")
        return render(request, "community/archive.html", {"seasons": seasons})


class SeasonPage(Page):
    """Everything recorded of one season, section by section."""

    access = READ_SITE

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        season = get_object_or_404(Season.objects.select_related("chapter"), slug=slug)
        context = {
            "season": season,
            "records": season_records(season),
            "panels": panels.render("season", request, season),
        }
        return render(request, "community/season_detail.html", context)
