"""How many of those who answered will come: a small model in plain Python.

The share of a meetup that came is people at the door by people with an RSVP, walk-ins included;
it can be above one. Shares differ from meetup to meetup around the group's own mean, and within
one meetup by chance. With weights w_i for how alike a past meetup i is to the coming one, a prior
share p0 that counts as much as k0 alike meetups, and n people going:

    mean     m  = (k0 p0 + sum w_i s_i) / (k0 + W),   s_i = came_i / going_i,   W = sum w_i
    between  t2 = (k0 t0^2 + sum w_i ((s_i - m)^2 - c / going_i)) / (k0 + W),  at least T_MIN^2
    range    n (m +/- z sqrt(t2 (1 + 1 / (k0 + W)) + c / n)),  c = max(m (1 - m), C_MIN)

The mean is the posterior mean of a normal mean under a prior worth k0 observations (Gelman et al.,
Bayesian Data Analysis, 3rd ed., 2.5); the between-meetup variance is a moment estimate that takes
off what chance within a meetup explains (DerSimonian and Laird 1986), shrunk to t0 in the same
way; z = 1.2816 leaves a tenth on either side. How alike: 1 for the same kind and KIND_WEIGHT for
another, times the ratio of the smaller to the larger size, times how well the number is known.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

# With no history: seven in ten come. Organizers' rules of thumb for free evenings run from six to
# eight in ten, so this is an assumption and no measurement; it is worth two meetups, and a few of
# the group's own outweigh it.
PRIOR_SHARE = 0.7
PRIOR_MEETUPS = 2.0
PRIOR_SPREAD = 0.15
KIND_WEIGHT = 0.5
SPREAD_MIN = 0.04
CHANCE_MIN = 0.05
Z_80 = 1.2816
RANGE_PERCENT = 80

SLICES_A_PERSON = 3
SLICES_A_PIZZA = 8


class Known(Enum):
    """How a past headcount is known, and how much it counts beside one counted at the door."""

    COUNTED = 1.0
    REPORTED = 0.75
    UNCERTAIN = 0.5  # said to be uncertain, or beside RSVPs that were still coming in
    AT_LEAST = 0.25  # a lower bound pulls the share down


@dataclass(frozen=True)
class Held:
    """A past meetup: people with an RSVP, people who came, its kind, how that is known."""

    name: str
    going: int
    came: int
    kind: str
    known: Known = Known.COUNTED

    @property
    def share(self) -> float:
        """People who came for each who had an RSVP."""
        return self.came / self.going


@dataclass(frozen=True)
class Used:
    """A past meetup and the weight it had in a forecast."""

    held: Held
    weight: float


@dataclass(frozen=True)
class Forecast:
    """People expected of `going`, the ends of the 80 % range, and what it rests on."""

    going: int
    low: int
    expected: int
    high: int
    share: float
    used: tuple[Used, ...]

    @property
    def history_weight(self) -> float:
        """What the group's own history counted, in meetups like the coming one."""
        return sum(used.weight for used in self.used)


def likeness(held: Held, *, going: int, kind: str) -> float:
    """The weight of a past meetup for one of `kind` with `going` people, from 0 to 1."""
    size = min(held.going, going) / max(held.going, going)
    return (1.0 if held.kind == kind else KIND_WEIGHT) * size * held.known.value


def forecast_headcount(*, going: int, kind: str, history: Iterable[Held]) -> Forecast:
    """How many of `going` people to expect at a meetup of `kind`; see the module for the model.

    Past meetups without RSVPs say nothing about shares and are left out. The high end is never
    above what the best-attended past meetup would make of `going`, nor below `going` for that.
    """
    past = [held for held in history if held.going > 0]
    if going <= 0:
        return Forecast(0, 0, 0, 0, _mean([]), ())
    used = [Used(held, likeness(held, going=going, kind=kind)) for held in past]
    mean = _mean(used)
    chance = max(mean * (1 - mean), CHANCE_MIN)
    total = PRIOR_MEETUPS + sum(one.weight for one in used)
    spread = _between(used, mean, chance) * (1 + 1 / total) + chance / going
    reach = Z_80 * math.sqrt(spread)
    most = max([1.0, *(held.share for held in past)])
    return Forecast(
        going=going,
        low=max(0, round(going * (mean - reach))),
        expected=round(going * mean),
        high=round(going * min(mean + reach, most)),
        share=mean,
        used=tuple(sorted(used, key=lambda one: -one.weight)),
    )


def _mean(used: list[Used]) -> float:
    total = PRIOR_MEETUPS + sum(one.weight for one in used)
    drawn = sum(one.weight * one.held.share for one in used)
    return (PRIOR_MEETUPS * PRIOR_SHARE + drawn) / total


def _between(used: list[Used], mean: float, chance: float) -> float:
    """The variance of the share from meetup to meetup, beyond chance."""
    total = PRIOR_MEETUPS + sum(one.weight for one in used)
    drawn = sum(
        one.weight * ((one.held.share - mean) ** 2 - chance / one.held.going) for one in used
    )
    return max(SPREAD_MIN**2, (PRIOR_MEETUPS * PRIOR_SPREAD**2 + drawn) / total)


def pizzas_for(people: int) -> int:
    """Whole pizzas at 3 slices a person and 8 slices a pizza."""
    return math.ceil(people * SLICES_A_PERSON / SLICES_A_PIZZA)
