"""Meetups that come back: when, and which are planned already."""

import datetime as dt
import zoneinfo
from typing import Any

from dateutil.rrule import MONTHLY, rrule, weekday
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.core import clock
from community.models.chapter import own_chapters
from meetups.models import Meetup, Series


def all_series() -> QuerySet[Series]:
    """Every series with its chapter and venue; those that go on first."""
    return Series.objects.select_related("chapter", "venue").order_by(
        "-is_active", "chapter", "title"
    )


def series_edited_by(user: Any) -> QuerySet[Series]:
    """Series of the chapters `user` organizes."""
    return all_series().filter(own_chapters(user))


def next_dates(series: Series, count: int) -> list[dt.datetime]:
    """The next `count` starts, as instants in the series' zone, by its wall clock.

    The rule (RFC 5545 by dateutil) runs on wall-clock times, so 18:30 stays 18:30 across a switch
    to or from summer time. A time that the switch leaves out moves on by the hour it skips.
    """
    zone = zoneinfo.ZoneInfo(series.timezone)
    now = clock.now()
    rule = rrule(
        MONTHLY,
        dtstart=dt.datetime.combine(now.astimezone(zone).date(), series.starts_at_time),
        byweekday=weekday(series.weekday, series.week),
        count=count + 1,
    )
    starts = (local.replace(tzinfo=zone).astimezone(dt.UTC).astimezone(zone) for local in rule)
    return [start for start in starts if start > now][:count]


def rhythm(series: Series) -> str:
    """The rule in words: the second Thursday of every month, 18:30."""
    return _("the %(week)s %(weekday)s of every month, %(time)s") % {
        "week": series.get_week_display(),
        "weekday": series.get_weekday_display(),
        "time": f"{series.starts_at_time:%H:%M}",
    }


def planned_months(series: Series) -> set[tuple[int, int]]:
    """Year and month, by the series' clock, of every meetup made from it, cancelled ones too."""
    zone = zoneinfo.ZoneInfo(series.timezone)
    starts = series.meetups.exclude(starts_at=None).values_list("starts_at", flat=True)
    local = (start.astimezone(zone) for start in starts if start)
    return {(start.year, start.month) for start in local}


def coming_meetups(series: Series, user: Any) -> QuerySet[Meetup]:
    """The series' meetups to come that `user` may see, drafts for organizers among them."""
    return (
        Meetup.objects.visible_to(user)
        .filter(series=series, starts_at__gt=clock.now())
        .select_related("chapter", "venue")
        .order_by("starts_at")
    )
