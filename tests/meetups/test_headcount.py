import datetime as dt

import pytest

from community.core import clock
from meetups.forecast import Known
from meetups.models import CheckIn, Rsvp
from meetups.selectors.headcount import headcount_of
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import (
    ChapterFactory,
    UserFactory,
    bearer,
    member,
    organizer,
)
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def held(days=30, **fields):
    """A meetup that is over."""
    return MeetupFactory(starts_at=clock.now() - dt.timedelta(days=days), **fields)


def went(meetup, going, came):
    """So many answered, and so many of them were counted at the door."""
    for number in range(going):
        rsvp = Rsvp.objects.create(meetup=meetup, user=UserFactory(), status="going")
        if number < came:
            CheckIn.objects.create(
                meetup=meetup, rsvp=rsvp, client_id=str(number), came_at=clock.now()
            )


def past(meetup):
    return [
        (one.meetup.title, one.held.going, one.held.came, one.held.known)
        for one in headcount_of(meetup).past
    ]


def test_each_meetup_says_what_is_known_of_it():
    coming = MeetupFactory()
    went(coming, 1, 0)
    went(held(title="counted"), 4, 3)
    held(title="reported", reported_rsvps=4, headcount=3)
    held(title="early", reported_rsvps=4, reported_rsvps_as_of="Monday noon", headcount=3)
    held(title="uncertain", reported_rsvps=4, headcount=3, is_headcount_uncertain=True)
    held(title="at least", reported_rsvps=4, headcount=3, is_headcount_minimum=True)
    went(held(title="stopped counting", headcount=3), 4, 1)
    # These say nothing of the share.
    held(reported_rsvps=4)
    held(headcount=30)
    held(headcount=30, reported_rsvps=40, is_cancelled=True)
    held(headcount=30, reported_rsvps=40, chapter=ChapterFactory(slug="boston"))
    MeetupFactory(headcount=30, reported_rsvps=40)
    assert set(past(coming)) == {
        ("counted", 4, 3, Known.COUNTED),
        ("reported", 4, 3, Known.REPORTED),
        ("early", 4, 3, Known.UNCERTAIN),
        ("uncertain", 4, 3, Known.UNCERTAIN),
        ("at least", 4, 3, Known.AT_LEAST),
        ("stopped counting", 4, 3, Known.REPORTED),
    }


def test_history_moves_the_forecast():
    coming = MeetupFactory()
    went(coming, 10, 0)
    alone = headcount_of(coming).forecast
    assert (alone.going, alone.expected, alone.used) == (10, 7, ())
    for days in (30, 60, 90):
        held(days=days, reported_rsvps=10, headcount=3)
    assert headcount_of(coming).forecast.expected == 5


def test_one_meeting_recorded_twice_counts_once():
    coming = MeetupFactory()
    went(coming, 4, 0)
    first = held(reported_rsvps=4, headcount=3)
    held(reported_rsvps=4, headcount=3, same_as=first)
    assert len(headcount_of(coming).past) == 1


def test_the_call_has_the_contracts_members(client):
    coming = MeetupFactory()
    boss = organizer(coming.chapter)
    for diet in ("vegan", "Vegan; no nuts", ""):
        answer_rsvp(meetup=coming, answer=Answer(guests=1, diet=diet), by=member())
    old = held(reported_rsvps=6, headcount=6)
    url = f"/api/v1/meetups/{coming.slug}/headcount/"
    answer = client.get(url, headers=bearer(boss)).json()
    basis = answer.pop("basis")
    assert answer == {
        "going": 6, "expected_low": 3, "expected": 5, "expected_high": 6,
        "dietary": {"vegan": 2, "no nuts": 1}, "pizzas": 2, "pizzas_at_most": 3,
    }  # fmt: skip
    assert basis["meetups"] == [
        {
            "slug": old.slug, "going": 6, "came": 6, "share": 1.0, "known": "reported",
            "weight": 0.75,
        }
    ]  # fmt: skip
    assert (basis["prior_share"], basis["range_percent"]) == (0.7, 80)
    assert client.get(url).status_code == 401
    assert client.get(url, headers=bearer(member())).status_code == 403
    boston = organizer(ChapterFactory(slug="boston"))
    assert client.get(url, headers=bearer(boston)).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    coming = MeetupFactory()
    went(coming, 4, 0)
    for number in range(rows):
        held(days=number + 1, reported_rsvps=10, headcount=3)
    client.force_login(organizer(coming.chapter))
    with django_assert_num_queries(8):
        page = client.get(f"/meetups/{coming.slug}/food/")
    assert len(page.context["headcount"].past) == rows


def test_the_page_shows_its_reasons_or_says_it_has_none(client):
    coming = MeetupFactory()
    client.force_login(organizer(coming.chapter))
    url = f"/meetups/{coming.slug}/food/"
    assert "Nobody is going yet" in client.get(url).content.decode()
    went(coming, 8, 0)
    page = client.get(url).content.decode()
    assert "an assumption" in page
    assert "Expect 6 people in the room" in page
    held(title="Old one", reported_rsvps=8, headcount=6, is_headcount_minimum=True)
    page = client.get(url).content.decode()
    assert "Old one" in page
    assert "at least so many" in page
    client.force_login(member())
    assert client.get(url).status_code == 403
