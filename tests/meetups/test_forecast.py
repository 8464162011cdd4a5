"""The model against seasons made up with known no-show rates."""

import random
from statistics import mean

import pytest

from meetups import forecast
from meetups.forecast import PRIOR_SHARE, Held, Known, forecast_headcount, likeness, pizzas_for

SEASONS = 400
TRUE_SHARES = (0.45, 0.6, 0.75, 0.9)


def made_up(rng, share, *, spread=0.07, smallest=20, largest=60):
    """One meetup of a group whose share is `share`: its own share first, then each person."""
    going = rng.randint(smallest, largest)
    own = min(0.99, max(0.05, rng.gauss(share, spread)))
    return Held("", going, sum(rng.random() < own for _ in range(going)), "meetup")


def seasons(share, past, seed, spread=0.07):
    """(forecast, what came) of the meetup that follows `past` others, many times."""
    rng = random.Random(f"{share} {past} {seed}")
    for _ in range(SEASONS):
        history = [made_up(rng, share, spread=spread) for _ in range(past)]
        coming = made_up(rng, share, spread=spread)
        yield (
            forecast_headcount(going=coming.going, kind="meetup", history=history),
            coming.came,
        )


def error(share, past):
    """The mean error in people for each person going."""
    return mean(abs(made.expected - came) / made.going for made, came in seasons(share, past, 1))


def inside(share, past, seed, spread=0.07):
    """The part of the seasons in which as many came as the range said."""
    made = seasons(share, past, seed, spread)
    return mean(one.low <= came <= one.high for one, came in made)


@pytest.mark.parametrize("share", TRUE_SHARES)
@pytest.mark.parametrize("past", [6, 12, 24])
def test_eight_in_ten_fall_into_the_range(share, past):
    """Few past meetups leave it wider than it need be, never much narrower."""
    assert 0.76 <= inside(share, past, 2) <= (0.98 if past < 12 else 0.95)


@pytest.mark.parametrize("share", [0.6, 0.7, 0.8])
def test_without_history_the_range_is_wide_enough_for_ordinary_groups(share):
    assert inside(share, 0, 3) >= 0.8


def test_control_a_range_of_chance_alone_is_too_narrow(monkeypatch):
    """Without the variance between meetups the range claims more than is known."""
    assert inside(0.6, 12, 2, spread=0.14) >= 0.76
    monkeypatch.setattr(forecast, "_between", lambda *_: 0.0)
    assert inside(0.6, 12, 2, spread=0.14) < 0.65


@pytest.mark.parametrize("share", [0.45, 0.9])
def test_the_error_shrinks_with_history_and_beats_the_prior_alone(share):
    by_past = [error(share, past) for past in (0, 3, 12, 24)]
    assert by_past == sorted(by_past, reverse=True)
    assert by_past[-1] < 0.6 * by_past[0]  # 0 past meetups: the prior alone


def test_where_the_prior_is_right_history_costs_little():
    assert error(PRIOR_SHARE, 12) < 1.15 * error(PRIOR_SHARE, 0)


def test_the_range_narrows_with_history():
    rng = random.Random(4)
    history = [made_up(rng, 0.6) for _ in range(20)]
    widths = []
    for past in (0, 3, 20):
        made = forecast_headcount(going=40, kind="meetup", history=history[:past])
        widths.append(made.high - made.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[-1]


def test_with_no_history_it_is_the_stated_prior():
    made = forecast_headcount(going=40, kind="meetup", history=[])
    assert (made.low, made.expected, made.high) == (18, 28, 38)
    assert made.used == ()


def test_a_worked_example():
    """Four alike meetups at exactly half: (2 * 0.7 + 4 * 0.5) / 6 = 0.567."""
    history = [Held(str(n), 40, 20, "meetup") for n in range(4)]
    made = forecast_headcount(going=40, kind="meetup", history=history)
    assert made.share == pytest.approx(3.4 / 6)
    assert made.expected == 23
    assert made.history_weight == pytest.approx(4)


def test_likeness_goes_by_kind_size_and_how_it_is_known():
    held = Held("", 20, 15, "meetup")
    assert likeness(held, going=20, kind="meetup") == 1
    assert likeness(held, going=40, kind="meetup") == 0.5
    assert likeness(held, going=20, kind="hack_day") == 0.5
    for known in Known:
        other = Held("", 20, 15, "meetup", known)
        assert likeness(other, going=20, kind="meetup") == known.value


def test_another_kind_counts_half():
    same = [Held("", 40, 36, "meetup")] * 6
    other = [Held("", 40, 36, "hack_day")] * 6
    near = forecast_headcount(going=40, kind="meetup", history=same)
    far = forecast_headcount(going=40, kind="meetup", history=other)
    assert PRIOR_SHARE < far.share < near.share


def test_walk_ins_may_bring_more_than_answered():
    crowded = [Held("", 30, 36, "meetup")] * 8
    made = forecast_headcount(going=30, kind="meetup", history=crowded)
    assert 30 < made.expected <= made.high <= 36
    quiet = forecast_headcount(going=30, kind="meetup", history=[Held("", 30, 29, "meetup")] * 8)
    assert quiet.high <= 30


def test_nobody_going_and_meetups_without_rsvps():
    history = [Held("", 0, 12, "meetup")]
    assert forecast_headcount(going=0, kind="meetup", history=history).high == 0
    assert forecast_headcount(going=10, kind="meetup", history=history).used == ()


@pytest.mark.parametrize(("people", "pizzas"), [(0, 0), (1, 1), (8, 3), (9, 4), (40, 15)])
def test_pizzas(people, pizzas):
    assert pizzas_for(people) == pizzas
