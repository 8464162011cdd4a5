"""The group as a chapter, its sister group as another, and the season they share."""

from collections.abc import Callable
from itertools import count
from typing import Any

from django.utils.text import slugify

from community.models import Chapter, Season
from meetups.models import Meetup, Venue
from meetups.services.season.context import UNKNOWN_ZONE, Loading, Target

# The files give a sister group's city and nothing else; where that is, is common knowledge.
CITY_ZONES = {"Boston": "America/New_York"}
NO_CITY = {"users", "user", "group", "usergroup", "ug", "meetup", "community", "club", "stackers"}
SLUG = 50


def load_target(loading: Loading) -> Target:
    """The home chapter, the sister chapter if one is named, and the season's own row."""
    city = home_city(loading)
    home = _chapter(
        loading,
        slug=slugify(city or loading.group["name"])[:SLUG] or "group",
        name=loading.group["name"],
        city=city,
        zone=loading.home_zone,
        about="",
    )
    if loading.group.get("home_venue"):
        loading.changes.put(
            Venue.objects, {"chapter": home, "name": loading.group["home_venue"]}, {}
        )
    return Target(_season(loading, home), home, _sister(loading, home, city))


def home_city(loading: Loading) -> str:
    """The group's own city: the part of its name that is also a site or in its venue's name.

    Without such a witness the name's last word, unless that is a word for a group.
    """
    words = loading.group["name"].split()
    runs = [
        " ".join(words[start:end])
        for length in range(len(words), 0, -1)
        for start in range(len(words) - length + 1)
        for end in [start + length]
    ]
    sites = {
        site for event in loading.content.get("community_events") or [] for site in _sites(event)
    }
    venue = (loading.group.get("home_venue") or "").split()
    for run in runs:
        if run in sites or (run in venue and run.lower() not in NO_CITY):
            return run
    return words[-1] if words[1:] and words[-1].lower() not in NO_CITY else ""


def _sites(event: dict[str, Any]) -> list[str]:
    sites = event.get("sites")
    return sites if isinstance(sites, list) else []


def _sister(loading: Loading, home: Chapter, home_city: str) -> Chapter | None:
    city = loading.group.get("sister_group_city")
    if not city:
        return None
    name = loading.group["name"].replace(home_city, city) if home_city else city
    return _chapter(
        loading,
        slug=slugify(city)[:SLUG] or "sister",
        name=name[:120],
        city=city,
        zone=CITY_ZONES.get(city),
        about=f"Sister group of {home.name}. The sources give its city alone; "
        "the name is formed from it.",
        # Its own season says more about it.
        is_settled=lambda chapter: chapter.seasons.exists(),
    )


def _chapter(
    loading: Loading,
    *,
    slug: str,
    name: str,
    city: str,
    zone: str | None,
    about: str,
    is_settled: Callable[[Chapter], bool] = lambda chapter: False,  # noqa: ARG005 - as the others
) -> Chapter:
    """The chapter of that name. One that has members belongs to them and is left as it is."""
    chapter = Chapter.objects.filter(name=name).first()
    if chapter is not None and (is_settled(chapter) or chapter.memberships.exists()):
        return chapter
    if chapter is not None:
        slug = chapter.slug
    elif Chapter.objects.filter(slug=slug).exists():
        slug = _free_slug(slugify(name)[: SLUG - 4])
    if zone is None:
        about = f"{about} The time zone is not known; UTC stands in for it.".strip()
    values = {"name": name, "city": city, "timezone": zone or UNKNOWN_ZONE, "about": about}
    return loading.changes.put(Chapter.objects, {"slug": slug}, values)


def _free_slug(base: str) -> str:
    candidates = (base if number == 1 else f"{base}-{number}" for number in count(1))
    return next(slug for slug in candidates if not Chapter.objects.filter(slug=slug).exists())


def _season(loading: Loading, home: Chapter) -> Season:
    year = loading.year
    inferred_year = loading.inferred.get("year") or {}
    values = {
        "slug": f"{home.slug}-{year}" if year else home.slug,
        "title": f"{loading.group['name']} {year}" if year else loading.group["name"],
        "chapter": home,
        "year": year,
        "is_year_inferred": year is not None,
        "year_because": inferred_year.get("because") or [],
        "about": loading.content.get("_about") or "",
    }
    season = _known_season(loading, home)
    if season is not None:
        return loading.changes.change(season, values)
    loading.changes.count += 1
    return Season.objects.create(**values)


def _known_season(loading: Loading, home: Chapter) -> Season | None:
    """The season loaded before: the chapter's of that year.

    Or one that shares a meetup with this while one of the two has no year: the inferences came
    or went.
    """
    seasons = Season.objects.filter(chapter=home)
    keys = [meetup["key"] for meetup in loading.content.get("meetups") or []]
    shared = Meetup.objects.filter(archive_key__in=keys).exclude(season=None).values("season")
    same_year = seasons.filter(year=loading.year).first()
    if same_year is not None or not keys:
        return same_year
    others = seasons.filter(pk__in=shared)
    return (others.filter(year=None) if loading.year else others).first()
