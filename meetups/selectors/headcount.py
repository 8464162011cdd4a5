"""What a group's own meetups say about how many come, and what they will eat."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from community.core import clock
from meetups.forecast import (
    PRIOR_MEETUPS,
    PRIOR_SHARE,
    RANGE_PERCENT,
    SLICES_A_PERSON,
    SLICES_A_PIZZA,
    Forecast,
    Held,
    Known,
    forecast_headcount,
    pizzas_for,
)
from meetups.models import CheckIn, Meetup

# As many past meetups are looked at; older ones say little about the group as it is.
MOST_HISTORY = 24


@dataclass(frozen=True)
class PastMeetup:
    """A past meetup and what of it is known."""

    meetup: Meetup
    held: Held
    weight: float = 0.0


@dataclass(frozen=True)
class Headcount:
    """The forecast for a meetup and the past meetups it rests on, the weightiest first."""

    forecast: Forecast
    past: tuple[PastMeetup, ...]

    @property
    def pizzas(self) -> int:
        """Pizzas for those expected."""
        return pizzas_for(self.forecast.expected)

    @property
    def most_pizzas(self) -> int:
        """Pizzas for the high end of the range."""
        return pizzas_for(self.forecast.high)


def headcount_of(meetup: Meetup) -> Headcount:
    """How many to expect at `meetup`, from its chapter's history."""
    past = {str(one.pk): (one, held) for one in _history(meetup) if (held := _held(one))}
    going = Meetup.objects.values_list("going", flat=True).get(pk=meetup.pk)
    forecast = forecast_headcount(
        going=going, kind=meetup.kind, history=[held for _, held in past.values()]
    )
    used = tuple(PastMeetup(past[one.held.name][0], one.held, one.weight) for one in forecast.used)
    return Headcount(forecast, used)


def basis_of(headcount: Headcount) -> dict[str, Any]:
    """What the forecast rests on, as data."""
    forecast = headcount.forecast
    return {
        "share": round(forecast.share, 3),
        "range_percent": RANGE_PERCENT,
        "prior_share": PRIOR_SHARE,
        "prior_weight": PRIOR_MEETUPS,
        "history_weight": round(forecast.history_weight, 2),
        "slices_a_person": SLICES_A_PERSON,
        "slices_a_pizza": SLICES_A_PIZZA,
        "meetups": [
            {
                "slug": past.meetup.slug,
                "going": past.held.going,
                "came": past.held.came,
                "share": round(past.held.share, 3),
                "known": past.held.known.name.lower(),
                "weight": round(past.weight, 3),
            }
            for past in headcount.past
        ],
    }


def _history(meetup: Meetup) -> QuerySet[Meetup]:
    """The chapter's latest meetups that are over, each with the people counted at its door."""
    one = OuterRef("pk")
    counted = CheckIn.objects.filter(meetup=one).order_by().values("meetup")
    return (
        Meetup.objects.filter(chapter=meetup.chapter_id, is_cancelled=False, same_as=None)
        .filter(_is_over())
        .exclude(pk=meetup.pk)
        .annotate(
            counted=Coalesce(Subquery(counted.annotate(n=Sum("people")).values("n")), 0),
        )
        .order_by(F("starts_at").desc(nulls_last=True), "-pk")[:MOST_HISTORY]
    )


def _is_over() -> Q:
    now = clock.now()
    return Q(ends_at__lte=now) | Q(ends_at=None, starts_at__lte=now) | Q(season__isnull=False)


def _held(meetup: Any) -> Held | None:
    """What `meetup` says of the share that comes; None where it says nothing.

    People counted at the door come first, unless a larger number was reported: then the door
    stopped counting. RSVPs are those of the site, else the reported number.
    """
    going = meetup.going or meetup.reported_rsvps or 0
    reported = meetup.headcount
    if not going or (reported is None and not meetup.counted):
        return None
    if reported is None or meetup.counted >= reported:
        return Held(str(meetup.pk), going, meetup.counted, meetup.kind, Known.COUNTED)
    return Held(str(meetup.pk), going, reported, meetup.kind, _how_known(meetup))


def _how_known(meetup: Meetup) -> Known:
    if meetup.is_headcount_minimum:
        return Known.AT_LEAST
    were_still_coming_in = not meetup.going and bool(meetup.reported_rsvps_as_of)
    if meetup.is_headcount_uncertain or were_still_coming_in:
        return Known.UNCERTAIN
    return Known.REPORTED
