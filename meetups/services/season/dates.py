"""Dates as precisely as they are known, and what of them rests on an inferred year."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from community.exceptions import SeasonError
from meetups.models import Meetup

Precision = Meetup.Precision
_COARSE_TO_FINE = [
    Precision.NONE,
    Precision.WEEKDAY,
    Precision.MONTH,
    Precision.DAY,
    Precision.MINUTE,
]
_LABEL = 80
_ISO = re.compile(
    r"(?P<first>\d{4}-\d{2}-\d{2})(/(?P<last>\d{4}-\d{2}-\d{2}))?"
    r"(T(?P<clock>\d{2}:\d{2}))?( (?P<zone>[A-Za-z_+\-0-9]+(/[A-Za-z_+\-0-9]+)*))?"
)


@dataclass(frozen=True)
class KnownDate:
    """A date as a meetup keeps it."""

    precision: str = Precision.NONE
    label: str = ""
    day: dt.date | None = None
    starts_at: dt.datetime | None = None
    is_inferred: bool = False


@dataclass(frozen=True)
class IsoDate:
    """An inferred date: one day or several, perhaps with a zone. Nothing of it is printed."""

    first: dt.date
    last: dt.date
    zone: str


def parse_iso(text: str, place: str) -> IsoDate | None:
    """The inferred date, or None where it is put in words. Raises SeasonError for no date."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    try:
        first = dt.date.fromisoformat(match["first"])
        last = dt.date.fromisoformat(match["last"]) if match["last"] else first
        zone = ZoneInfo(match["zone"]).key if match["zone"] else ""
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise SeasonError(f"{place}: {text!r} is no date. Nothing was loaded.") from error
    return IsoDate(first, last, zone)


def coarser(precision: str, stated: str | None) -> str:
    """The coarser of the precision found and the one stated (`none of its own`)."""
    if not stated:
        return precision
    words = [Precision(precision), Precision(stated.split(" ")[0])]
    return min(words, key=_COARSE_TO_FINE.index)


def date_of_meetup(
    meetup: dict[str, Any], *, year: int | None, zone: str, stated: str | None, place: str
) -> KnownDate:
    """A meetup's date: `January`, `Thursday`, `Thursday, April 12`, `March 8, 18:30`."""
    month, day, clock = meetup.get("month"), meetup.get("day"), meetup.get("start_time")
    month_label = meetup.get("month_label") or (calendar.month_name[month] if month else "")
    weekday = meetup.get("weekday") or ""
    date_label = f"{month_label} {day}" if month and day else month_label
    label = ", ".join(part for part in (weekday, date_label, clock) if part)
    if month and day:
        found = Precision.MINUTE if clock else Precision.DAY
    elif month_label:
        found = Precision.MONTH
    else:
        found = Precision.WEEKDAY if weekday else Precision.NONE
    precision = coarser(found, stated)
    if not (month and day):
        return KnownDate(precision, label)
    date = real_date(year, month, day, place)
    if year is None or precision not in (Precision.DAY, Precision.MINUTE):
        return KnownDate(precision, label)
    if precision == Precision.DAY or clock is None:
        return KnownDate(precision, label, day=date, is_inferred=True)
    start = dt.datetime.combine(date, dt.time.fromisoformat(clock), tzinfo=ZoneInfo(zone))
    return KnownDate(precision, label, starts_at=start, is_inferred=True)


def date_of_event(event: dict[str, Any], *, year: int | None, place: str) -> KnownDate:
    """An event's date: a day, a month, several months, or weekly times as printed."""
    known = _date_of_event(event, year, place)
    if len(known.label) > _LABEL:
        raise SeasonError(f"{place}: {known.label!r} is too long for a date. Nothing was loaded.")
    return known


def _date_of_event(event: dict[str, Any], year: int | None, place: str) -> KnownDate:
    month, day = event.get("month"), event.get("day")
    if month and day:
        date = real_date(year, month, day, place)
        label = f"{calendar.month_name[month]} {day}"
        known = year is not None
        return KnownDate(Precision.DAY, label, day=date if known else None, is_inferred=known)
    if month:
        return KnownDate(Precision.MONTH, calendar.month_name[month])
    if event.get("months"):
        return KnownDate(Precision.MONTH, _months(event["months"]))
    if event.get("times"):
        return KnownDate(Precision.WEEKDAY, ", ".join(event["times"]))
    return KnownDate()


def date_of_summit(iso: IsoDate | None) -> KnownDate:
    """The summit's days; nothing is printed of them, so all of it is inferred."""
    if iso is None:
        return KnownDate()
    label = f"{iso.first:%B} {iso.first.day}"
    if iso.last != iso.first:
        same_month = iso.first.month == iso.last.month
        label += f" to {iso.last.day}" if same_month else f" to {iso.last:%B} {iso.last.day}"
    return KnownDate(Precision.DAY, label, day=iso.first, is_inferred=True)


def real_date(year: int | None, month: int, day: int, place: str) -> dt.date:
    """The date, checked in a leap year where the year is unknown. Raises SeasonError."""
    try:
        return dt.date(year or 2000, month, day)
    except ValueError as error:
        raise SeasonError(
            f"{place}: there is no day {day} in {calendar.month_name[month]}. Nothing was loaded."
        ) from error


def _months(months: list[dict[str, Any]]) -> str:
    """`March and May 2012`: a year stands behind the last month it belongs to."""
    words: list[str] = []
    for index, entry in enumerate(months):
        following = months[index + 1] if index + 1 < len(months) else {}
        year = entry.get("year")
        is_last = year is not None and following.get("year") != year
        words.append(calendar.month_name[entry["month"]] + (f" {year}" if is_last else ""))
    return (", ".join(words[:-1]) + " and " if words[1:] else "") + words[-1]


def fineness(precision: str) -> int:
    """How well a date is known, as a number to compare by."""
    return _COARSE_TO_FINE.index(Precision(precision))
