"""Random seasons of answers: the promises hold after every step."""

import datetime as dt
from collections import Counter

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from community.core import clock
from community.core.errors import ProductError
from community.models import Mail
from meetups.models import Meetup, Rsvp, Site
from meetups.services.meetups import change_meetup
from meetups.services.places import fill_vacancies, lapse_due_offers
from meetups.services.rsvps import Answer, accept_offer, answer_rsvp
from meetups.waitlist import Party, Room, move_up
from tests.factories.community import UserFactory, organizer
from tests.factories.meetups import MeetupFactory

START = dt.datetime(2031, 5, 8, 23, 30, tzinfo=dt.UTC)
PEOPLE = 7


class Season(RuleBasedStateMachine):
    """A small room, two sites of which one is limited, and people who change their minds."""

    @initialize()
    def begin(self):
        self.travel = time_machine.travel(START - dt.timedelta(hours=12), tick=False)
        self.clock = self.travel.start()
        self.meetup = MeetupFactory(
            starts_at=START, ends_at=START + dt.timedelta(hours=2), capacity=4,
            has_online=True, online_capacity=2,
        )  # fmt: skip
        self.sites = [
            None,
            Site.objects.create(meetup=self.meetup, name="Austin", capacity=2),
            Site.objects.create(meetup=self.meetup, name="Boston"),
        ]
        self.boss = organizer(self.meetup.chapter)
        self.people = UserFactory.create_batch(PEOPLE)

    def teardown(self):
        if hasattr(self, "travel"):
            self.travel.stop()

    def attempt(self, call):
        """Do it, a second later than what was before; a refusal changes nothing."""
        self.clock.shift(1)
        before = list(Rsvp.objects.order_by("id").values("id", "status", "guests", "waitlisted_at"))
        try:
            call()
        except ProductError:
            now = Rsvp.objects.order_by("id").values("id", "status", "guests", "waitlisted_at")
            assert list(now) == before

    @rule(
        who=st.integers(0, PEOPLE - 1), guests=st.integers(0, 3), online=st.booleans(),
        site=st.integers(0, 2),
    )  # fmt: skip
    def answers(self, who, guests, online, site):
        answer = Answer(
            guests=guests,
            mode="online" if online else "in_person",
            site=None if online else self.sites[site],
        )
        self.attempt(lambda: answer_rsvp(meetup=self.meetup, answer=answer, by=self.people[who]))

    @rule(who=st.integers(0, PEOPLE - 1))
    def leaves(self, who):
        wish = Answer(status="not_going")
        self.attempt(lambda: answer_rsvp(meetup=self.meetup, answer=wish, by=self.people[who]))

    @rule(who=st.integers(0, PEOPLE - 1))
    def takes_the_offer(self, who):
        rsvp = Rsvp.objects.filter(meetup=self.meetup, user=self.people[who]).first()
        if rsvp is not None:
            self.attempt(lambda: accept_offer(rsvp=rsvp, by=self.people[who]))

    @rule(capacity=st.integers(1, 8), online=st.integers(1, 4))
    def organizer_changes_the_capacity(self, capacity, online):
        self.attempt(
            lambda: change_meetup(
                meetup=self.meetup, by=self.boss, capacity=capacity, online_capacity=online
            )
        )

    @rule(minutes=st.integers(1, 120))
    def time_passes(self, minutes):
        if clock.now() + dt.timedelta(minutes=minutes) < START - dt.timedelta(minutes=5):
            self.clock.shift(dt.timedelta(minutes=minutes))
            lapse_due_offers()

    @invariant()
    def nobody_is_too_many(self):
        if not hasattr(self, "meetup"):
            return
        meetup = Meetup.objects.get(pk=self.meetup.pk)
        held = Rsvp.objects.filter(meetup=meetup, status__in=["going", "offered"])
        for mode, capacity, kept in (
            ("in_person", meetup.capacity, meetup.going + meetup.offered),
            ("online", meetup.online_capacity, meetup.online_going + meetup.online_offered),
        ):
            people = sum(rsvp.party_size for rsvp in held if rsvp.mode == mode)
            assert people == kept <= capacity
        site = Site.objects.get(pk=self.sites[1].pk)
        assert sum(r.party_size for r in held if r.site_id == site.pk) == site.going <= 2

    @invariant()
    def the_waitlist_has_moved_as_far_as_it_may(self):
        if not hasattr(self, "meetup") or Rsvp.objects.filter(
            status="offered", offer_expires_at__lte=clock.now()
        ):
            return
        assert fill_vacancies(self.meetup.pk) == []

    @invariant()
    def every_move_is_mailed_once(self):
        if not hasattr(self, "meetup"):
            return
        keys = Counter(Mail.objects.filter(key__startswith="rsvp:").values_list("key", flat=True))
        for rsvp in Rsvp.objects.all():
            told = [keys[f"rsvp:{rsvp.pk}:{number}"] for number in range(rsvp.revision + 1)]
            # Who began with “not going” was not told of that.
            assert told[1:] == [1] * rsvp.revision
            assert told[0] <= 1


class TestSeason(TestCase):
    def test_the_promises_hold(self):
        from hypothesis.stateful import run_state_machine_as_test

        def fresh():
            Rsvp.objects.all().delete()
            Mail.objects.all().delete()
            return Season()

        run_state_machine_as_test(
            fresh,
            settings=settings(
                max_examples=25, stateful_step_count=25, deadline=None, database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )  # fmt: skip


def test_the_head_blocks_its_own_queue_and_no_other():
    pair, single, other = (
        Party(1, "in_person", 7, 2),
        Party(2, "in_person", 7, 1),
        Party(3, "in_person", None, 1),
    )
    room = Room({"in_person": 5}, {7: 1})
    assert move_up([pair, single, other], room) == [other]
    room = Room({"in_person": 1}, {7: 5})
    assert move_up([pair, single, other], room) == []
    assert room.modes == {"in_person": 1}


@pytest.mark.django_db
class TestOffers:
    def _full(self, hours):
        start = clock.now() + dt.timedelta(hours=hours)
        meetup = MeetupFactory(capacity=1, starts_at=start, ends_at=start + dt.timedelta(hours=2))
        first, second, third = UserFactory.create_batch(3)
        for user in (first, second, third):
            answer_rsvp(meetup=meetup, answer=Answer(), by=user)
        answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=first)
        return meetup, second, third

    @pytest.mark.parametrize(("hours", "status"), [(7, "going"), (5, "offered")])
    def test_a_place_is_given_early_and_offered_late(self, hours, status):
        meetup, second, _ = self._full(hours)
        assert meetup.rsvps.get(user=second).status == status
        meetup.refresh_from_db()
        assert (meetup.going, meetup.offered) == ((1, 0) if status == "going" else (0, 1))

    def test_a_lapsed_offer_goes_to_the_next_and_is_told(self):
        meetup, second, third = self._full(5)
        with time_machine.travel(clock.now() + dt.timedelta(minutes=61)):
            assert lapse_due_offers() == 1
            assert meetup.rsvps.get(user=second).status == "not_going"
            assert meetup.rsvps.get(user=third).status == "offered"
            with pytest.raises(ProductError, match="held for you"):
                accept_offer(rsvp=meetup.rsvps.get(user=second), by=second)
            assert accept_offer(rsvp=meetup.rsvps.get(user=third), by=third).status == "going"
        lapsed = Mail.objects.get(to=second.email, purpose="meetups/rsvp_not_going")
        assert lapsed.about["has_lapsed"] is True

    def test_an_offer_holds_the_place_against_newcomers(self):
        meetup, _, third = self._full(5)
        answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=third)
        assert answer_rsvp(meetup=meetup, answer=Answer(), by=UserFactory()).status == "waitlisted"
