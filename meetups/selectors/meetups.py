from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, When

from community.core import clock
from community.models import Season
from meetups.models import Meetup, MeetupQuerySet


def meetups_seen_by(user: Any) -> MeetupQuerySet:
    """Meetups `user` may see, with what a page says about each."""
    return Meetup.objects.visible_to(user).select_related(
        "chapter", "venue", "same_as", "season", "series"
    )


def public_page_version(slug: str) -> int | None:
    """What a stranger sees at `slug` changes with this number; None where they see nothing."""
    with connection.cursor() as cursor:  # before every page for strangers: no more than it needs
        cursor.execute(
            "SELECT page_version FROM meetups_meetup WHERE slug = %s AND is_published", [slug]
        )
        row = cursor.fetchone()
    return row and int(row[0])


def upcoming_meetups(user: Any) -> MeetupQuerySet:
    """Meetups `user` may see that are not over, the next one first."""
    now = clock.now()
    return (
        meetups_seen_by(user)
        .filter(
            Q(ends_at__gt=now) | Q(ends_at=None, starts_at__gt=now) | Q(is_postponed=True),
            season=None,
        )
        .order_by("starts_at")
    )


def undated_meetups(user: Any) -> MeetupQuerySet:
    """Meetups `user` may see that have no date yet, the latest planned first."""
    return meetups_seen_by(user).filter(starts_at=None, season=None).order_by("-pk")


def past_meetups(user: Any) -> MeetupQuerySet:
    """Meetups `user` may see that are over or recorded in the archive, the latest first.

    Those of a recorded season stand in the order of the record, its meetups before its other
    days: some have no date at all.
    """
    now = clock.now()
    return (
        meetups_seen_by(user)
        .filter(Q(ends_at__lte=now) | Q(ends_at=None, starts_at__lte=now) | Q(season__isnull=False))
        .exclude(is_postponed=True)
        .order_by(
            F("season__year").desc(nulls_first=True),
            "season",
            Case(When(season=None, then=F("starts_at"))).desc(nulls_last=True),
            Case(When(kind=Meetup.Kind.MEETUP, then=0), default=1),
            "-id",
        )
    )


def next_meetups(user: Any, count: int) -> list[Meetup]:
    """The next `count` meetups `user` may see."""
    return list(upcoming_meetups(user).filter(is_cancelled=False, is_postponed=False)[:count])


def held_count(user: Any) -> int:
    """How many meetings are on record; two records of one meeting count once."""
    return past_meetups(user).filter(same_as=None).count()


def season_gatherings(season: Season, user: Any) -> list[Meetup]:
    """What was held in a season, in its source's order."""
    order = season.records.filter(section__in=["meetups", "community_events"])
    positions = dict(order.values_list("key", "position"))
    meetups = (
        Meetup.objects.visible_to(user)
        .filter(season=season)
        .select_related("venue", "same_as", "season")
        .prefetch_related("sites", "sessions", "sponsorships__organization")
    )
    return sorted(meetups, key=lambda meetup: positions.get(meetup.archive_key, len(positions)))
