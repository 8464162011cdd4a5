"""Sponsors, series and chapters when several people press the button at once."""

import datetime as dt
from functools import partial

import pytest

from community.core import clock
from community.exceptions import LastOrganizerError, TakeoverError
from community.models import Mail, Membership, Takeover
from community.services import chapters, takeovers
from meetups.exceptions import SlotTakenError
from meetups.models import Meetup, Series, Sponsorship
from meetups.selectors.sponsors import months_ahead
from meetups.services.series import plan_series
from meetups.services.sponsors import confirm_offer, offer_sponsorship
from tests.concurrency.stampede import stampede
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_one_of_six_offers_gets_the_slot():
    chapter = ChapterFactory()
    month = months_ahead(chapter)[1]
    MeetupFactory(
        chapter=chapter, starts_at=dt.datetime(month.year, month.month, 15, tzinfo=dt.UTC)
    )
    boss = organizer(chapter)
    offers = [
        offer_sponsorship(
            chapter=chapter, month=month, kind="food", organization_name=f"Company {n}",
            contact_name="A", contact_email=f"a{n}@example.org",
        )
        for n in range(6)
    ]  # fmt: skip
    got = stampede([partial(confirm_offer, offer=offer, by=boss) for offer in offers], width=6)
    assert sum(isinstance(one, SlotTakenError) for one in got) == 5
    assert chapter.sponsor_offers.filter(state="confirmed").count() == 1
    assert Sponsorship.objects.count() == 1


def test_the_last_two_organizers_cannot_both_step_down(monkeypatch):
    chapter = ChapterFactory()
    bosses = [organizer(chapter) for _ in range(6)]

    def race():
        Membership.objects.filter(user__in=bosses).update(role="organizer")
        step = [partial(chapters.step_down, chapter=chapter, by=boss) for boss in bosses]
        return stampede(step, width=6)

    for _ in range(3):
        got = race()
        assert sum(isinstance(one, LastOrganizerError) for one in got) == 1
        assert Membership.objects.filter(role="organizer").count() == 1
    # without the lock it goes wrong: that is what it is for
    monkeypatch.setattr(chapters, "lock_chapter", lambda chapter: chapter)
    left = []
    for _ in range(20):
        race()
        left.append(Membership.objects.filter(role="organizer").count())
        if left[-1] == 0:
            break
    assert min(left) == 0


def test_two_askers_at_once_and_two_workers_at_once():
    chapter = ChapterFactory()
    askers = [member(chapter) for _ in range(4)]
    Membership.objects.update(since=clock.now() - dt.timedelta(days=90))
    got = stampede(
        [
            partial(takeovers.ask_takeover, chapter=chapter, reason="x", by=asker)
            for asker in askers
        ],
        width=4,
    )
    assert sum(isinstance(one, TakeoverError) for one in got) == 3
    takeover = Takeover.objects.get()
    Takeover.objects.update(ripens_at=clock.now())
    done = stampede([partial(takeovers.ripen_takeover, takeover.pk)] * 4, width=4)
    assert sorted(done) == [False, False, False, True]
    assert Membership.objects.filter(role="organizer").count() == 1
    assert Mail.objects.filter(purpose="community/takeover_done").count() == 1


def test_two_who_plan_at_once_make_each_month_once():
    chapter = ChapterFactory()
    boss = organizer(chapter)
    series = Series.objects.create(
        chapter=chapter, slug="monthly", title="Monthly", starts_at_time=dt.time(18, 30)
    )
    plans = [partial(plan_series, series=series, months=3, by=boss)] * 4
    made = stampede(plans, width=4)
    assert sorted(len(drafts) for drafts in made) == [0, 0, 0, 3]
    assert Meetup.objects.filter(series=series).count() == 3
