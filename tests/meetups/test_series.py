"""Series: dates by the wall clock, drafts for months that have none."""

import datetime as dt

import pytest

from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import AuditEntry
from meetups.models import Meetup, Series
from meetups.selectors.series import next_dates, rhythm
from meetups.services.meetups import change_meetup
from meetups.services.series import change_series, create_series, plan_series
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory, VenueFactory

pytestmark = pytest.mark.django_db
FEBRUARY = dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC)


def series(**fields):
    fields.setdefault("chapter", ChapterFactory())
    fields = {
        "slug": "monthly", "title": "Monthly meetup", "week": 2, "weekday": 3,
        "starts_at_time": dt.time(18, 30),
    } | fields  # fmt: skip
    return Series.objects.create(**fields)


def local(starts):
    return [f"{start:%a %d %b %H:%M %Z}" for start in starts]


def test_half_past_six_stays_half_past_six_across_summer_time(time_machine):
    time_machine.move_to(FEBRUARY, tick=False)
    starts = next_dates(series(), 3)
    assert local(starts) == [
        "Thu 11 Feb 18:30 CST", "Thu 11 Mar 18:30 CST", "Thu 08 Apr 18:30 CDT",
    ]  # fmt: skip
    assert [start.astimezone(dt.UTC).hour for start in starts] == [0, 0, 23]
    time_machine.move_to(dt.datetime(2027, 10, 1, tzinfo=dt.UTC), tick=False)
    berlin = series(slug="berlin", timezone="Europe/Berlin", week=-1, weekday=2)
    assert local(next_dates(berlin, 3)) == [
        "Wed 27 Oct 18:30 CEST", "Wed 24 Nov 18:30 CET", "Wed 29 Dec 18:30 CET",
    ]  # fmt: skip


def test_a_time_that_the_switch_leaves_out_moves_on(time_machine):
    time_machine.move_to(dt.datetime(2027, 3, 1, tzinfo=dt.UTC), tick=False)
    night = series(week=2, weekday=6, starts_at_time=dt.time(2, 30))
    assert local(next_dates(night, 1)) == ["Sun 14 Mar 03:30 CDT"]


def test_todays_date_counts_until_it_has_begun(time_machine):
    one = series()
    time_machine.move_to(dt.datetime(2027, 2, 12, 0, 29, tzinfo=dt.UTC), tick=False)
    assert local(next_dates(one, 1)) == ["Thu 11 Feb 18:30 CST"]
    time_machine.move_to(dt.datetime(2027, 2, 12, 0, 30, tzinfo=dt.UTC), tick=False)
    assert local(next_dates(one, 1)) == ["Thu 11 Mar 18:30 CST"]


def test_the_rule_in_words():
    assert rhythm(series()) == "the second Thursday of every month, 18:30"


def test_drafts_carry_what_the_series_says(time_machine):
    time_machine.move_to(FEBRUARY, tick=False)
    venue = VenueFactory()
    one = series(venue=venue, capacity=40, has_online=True, summary="Talks.", duration_minutes=90)
    (draft,) = plan_series(series=one, months=1, by=organizer(one.chapter))
    assert (draft.slug, draft.title) == ("monthly-2027-02", "Monthly meetup, February 2027")
    assert (draft.venue, draft.capacity, draft.has_online, draft.summary) == (
        venue,
        40,
        True,
        "Talks.",
    )
    assert draft.starts_at == dt.datetime(2027, 2, 12, 0, 30, tzinfo=dt.UTC)
    assert draft.ends_at - draft.starts_at == dt.timedelta(minutes=90)
    assert (draft.is_published, draft.series, draft.chapter) == (False, one, one.chapter)


def test_months_that_have_their_meetup_are_left_alone(time_machine):
    time_machine.move_to(FEBRUARY, tick=False)
    one = series()
    boss = organizer(one.chapter)
    archived = MeetupFactory(starts_at=dt.datetime(2012, 3, 8, 18, tzinfo=dt.UTC))
    before = Meetup.objects.filter(pk=archived.pk).values().get()
    first = plan_series(series=one, months=3, by=boss)
    assert [meetup.slug[-7:] for meetup in first] == ["2027-02", "2027-03", "2027-04"]
    assert plan_series(series=one, months=3, by=boss) == []
    moved = first[1].starts_at + dt.timedelta(days=5)
    change_meetup(meetup=first[1], by=boss, starts_at=moved, ends_at=None, slug="march")
    change_meetup(meetup=first[2], by=boss, is_cancelled=True)
    again = plan_series(series=one, months=4, by=boss)
    assert [meetup.slug for meetup in again] == ["monthly-2027-05"]
    assert Meetup.objects.filter(pk=archived.pk).values().get() == before


def test_refusals():
    one = series()
    boss, foreign = organizer(one.chapter), organizer(ChapterFactory(slug="boston"))
    for wrong in (0, 25):
        with pytest.raises(InvalidError, match="from 1 to 24"):
            plan_series(series=one, months=wrong, by=boss)
    with pytest.raises(ForbiddenError):
        plan_series(series=one, months=1, by=foreign)
    with pytest.raises(ForbiddenError):
        change_series(series=one, by=foreign, title="x")
    with pytest.raises(InvalidError, match="time zone"):
        change_series(series=one, by=boss, timezone="Mars/Base")
    with pytest.raises(InvalidError, match="already"):
        create_series(by=boss, slug="monthly", title="x", starts_at_time=dt.time(18))
    with pytest.raises(InvalidError, match="another slug"):
        create_series(by=boss, slug="new", title="x", starts_at_time=dt.time(18))
    change_series(series=one, by=boss, is_active=False)
    with pytest.raises(ConflictError, match="has ended"):
        plan_series(series=one, months=1, by=boss)
    assert AuditEntry.objects.filter(subject="series monthly", verb="changed").count() == 1


FORM = {
    "title": "Monthly", "slug": "monthly", "week": 2, "weekday": 3, "starts_at_time": "18:30",
    "duration_minutes": 120, "timezone": "America/Chicago", "venue_name": "TechRanch",
}  # fmt: skip


def test_the_address_is_made_from_the_title(client):
    chapter = ChapterFactory()
    client.force_login(organizer(chapter))
    given = {"chapter": chapter.pk, "slug": "", "title": "The last Friday"}
    client.post("/series/new/", FORM | given)
    assert Series.objects.get().slug == "the-last-friday"


def test_the_pages(client):
    chapter = ChapterFactory()
    boss = organizer(chapter)
    assert client.get("/series/new/").status_code == 302
    client.force_login(boss)
    assert (
        client.post("/series/new/", FORM | {"chapter": chapter.pk, "timezone": "x"}).status_code
        == 422
    )
    client.post("/series/new/", FORM | {"chapter": chapter.pk})
    one = Series.objects.get(slug="monthly")
    assert (one.venue.name, one.chapter) == ("TechRanch", chapter)
    client.post("/series/monthly/edit/", FORM | {"title": "Monthly, new", "is_active": "on"})
    one.refresh_from_db()
    assert (one.title, one.is_active) == ("Monthly, new", True)
    said = client.post("/series/monthly/plan/", {"months": 2}, follow=True).content.decode()
    assert "2 drafts are made." in said
    said = client.post("/series/monthly/plan/", {"months": 2}, follow=True).content.decode()
    assert "Nothing was made." in said
    draft = one.meetups.earliest("starts_at")
    assert f"/meetups/{draft.slug}/" in client.get("/series/monthly/").content.decode()
    assert "/series/monthly/" in client.get(f"/meetups/{draft.slug}/").content.decode()
    client.force_login(member())
    assert draft.slug not in client.get("/series/monthly/").content.decode()
    assert client.post("/series/monthly/plan/", {"months": 2}).status_code == 403
    client.force_login(organizer(ChapterFactory(slug="boston")))
    assert client.post("/series/monthly/plan/", {"months": 2}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    for n in range(rows):
        one = series(slug=f"series-{n}", venue=VenueFactory())
        MeetupFactory.create_batch(rows, series=one)
    with django_assert_num_queries(1):
        client.get("/series/")
    with django_assert_num_queries(2):
        client.get("/series/series-0/")
