"""Series: the rule, and drafts made from it."""

import datetime as dt
import zoneinfo
from typing import Any

from django.db import IntegrityError, transaction

from community.core.errors import ConflictError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from meetups.models import Meetup, Series
from meetups.selectors.series import next_dates, planned_months
from meetups.services.chapters import chapter_for
from meetups.services.meetups import create_meetup

MOST_MONTHS = 24
# Addresses of pages, which no series may have.
RESERVED_SLUGS = frozenset({"new"})


def _save(series: Series) -> None:
    if series.timezone not in zoneinfo.available_timezones():
        raise InvalidError("This time zone is not known.", errors={"timezone": ["not known"]})
    if series.slug in RESERVED_SLUGS:
        raise InvalidError("Choose another slug.", errors={"slug": ["reserved"]})
    try:
        with transaction.atomic():
            series.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise InvalidError(
            f"There is a series at “{series.slug}” already.", errors={"slug": ["taken"]}
        ) from None


@transaction.atomic
def create_series(*, by: User, chapter: Chapter | None = None, **fields: Any) -> Series:
    """A new series of a chapter `by` organizes. Raises ForbiddenError, InvalidError."""
    series = Series(chapter=chapter_for(by, chapter), **fields)
    _save(series)
    record("created", f"series {series.slug}", by=by, chapter=series.chapter)
    return series


@transaction.atomic
def change_series(*, series: Series, by: User, **changes: Any) -> Series:
    """Change the rule or its words; meetups already made from it stay as they are."""
    chapter_for(by, series.chapter)
    series = _lock_series(series)
    for name, value in changes.items():
        setattr(series, name, value)
    _save(series)
    record("changed", f"series {series.slug}", by=by, chapter=series.chapter, fields=list(changes))
    return series


def _lock_series(series: Series) -> Series:
    """The series with its row locked: two who plan at once take turns."""
    return (
        Series.objects.select_for_update(of=("self",))
        .select_related("chapter", "venue")
        .get(pk=series.pk)
    )


@transaction.atomic
def plan_series(*, series: Series, months: int, by: User) -> list[Meetup]:
    """Drafts for the next `months` dates of `series`; returns those that are new.

    A month that has a meetup of the series is left alone, also when that was moved or cancelled.
    Raises ForbiddenError, InvalidError, ConflictError for a series that has ended.
    """
    chapter = chapter_for(by, series.chapter)
    if not 1 <= months <= MOST_MONTHS:
        raise InvalidError(
            f"Plan from 1 to {MOST_MONTHS} months.", errors={"months": ["out of range"]}
        )
    series = _lock_series(series)
    if not series.is_active:
        raise ConflictError("This series has ended; nothing is planned from it.", code="ended")
    have = planned_months(series)
    slugs = set(Meetup.objects.filter(slug__startswith=series.slug).values_list("slug", flat=True))
    starts = [
        start
        for start in next_dates(series, months)
        if (start.year, start.month) not in have and _slug(series, start) not in slugs
    ]
    return [_make_draft(series, start, chapter, by) for start in starts]


def _slug(series: Series, start: dt.datetime) -> str:
    return f"{series.slug}-{start:%Y-%m}"


def _make_draft(series: Series, start: dt.datetime, chapter: Chapter, by: User) -> Meetup:
    length = dt.timedelta(minutes=series.duration_minutes)
    return create_meetup(
        by=by,
        chapter=chapter,
        series=series,
        slug=_slug(series, start),
        title=f"{series.title}, {start:%B %Y}",
        summary=series.summary,
        starts_at=start.astimezone(dt.UTC),
        ends_at=start.astimezone(dt.UTC) + length,
        timezone=series.timezone,
        venue=series.venue,
        capacity=series.capacity,
        has_online=series.has_online,
    )
