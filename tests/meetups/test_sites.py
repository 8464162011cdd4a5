"""Sites: proposed by members, decided by organizers, listed by the clock."""

import datetime as dt

import pytest

from community.core import panels
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import Mail
from community.services.mail import write_mail
from meetups.exceptions import CapacityBelowGoingError, DecidedError
from meetups.models import Meetup, Site
from meetups.selectors.sites import SITE_KINDS, site_lines
from meetups.services.rsvps import Answer, answer_rsvp
from meetups.services.sites import change_site, decide_site, propose_site
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def hack_day(**fields):
    return MeetupFactory(kind="hack_day", **fields)


def site(meetup, name="Boston", **fields):
    return Site.objects.create(meetup=meetup, name=name, address="1 Main St", **fields)


def names(meetup, user):
    return [line.site.name for line in site_lines(meetup, user)]


@pytest.mark.parametrize("kind", Meetup.Kind.values)
def test_kinds_with_sites(kind):
    meetup, user = MeetupFactory(kind=kind), member()
    if kind == "meetup":
        with pytest.raises(InvalidError, match="in one place"):
            propose_site(meetup=meetup, by=user, name="Boston", address="x")
    else:
        assert kind in SITE_KINDS
        assert propose_site(meetup=meetup, by=user, name="Boston", address="x").state == "proposed"


def test_a_proposal_is_seen_by_who_made_it_and_who_decides(client):
    meetup, user = hack_day(), member()
    boss, foreign = organizer(meetup.chapter), organizer(ChapterFactory(slug="boston"))
    site(meetup, "Austin")
    made = propose_site(meetup=meetup, by=user, name="Boston", is_online=True)
    seen = [names(meetup, one) for one in (user, boss, member(), foreign)]
    assert seen == [["Austin", "Boston"], ["Austin", "Boston"], ["Austin"], ["Austin"]]
    decide_site(site=made, is_approved=True, by=boss, note="Good room.")
    assert names(meetup, member()) == ["Austin", "Boston"]
    letter = Mail.objects.get(to=user.email)
    write_mail(letter)
    assert letter.subject == "Your site Boston was approved"
    assert "Good room." in letter.text
    with pytest.raises(DecidedError):
        decide_site(site=made, is_approved=False, by=boss)
    with pytest.raises(ForbiddenError):
        decide_site(site=made, is_approved=False, by=foreign)
    assert propose_site(meetup=meetup, by=boss, name="Essex", address="x").state == "approved"


def test_what_makes_no_sense_is_refused():
    meetup, user = hack_day(), member()
    with pytest.raises(InvalidError, match="where it is"):
        propose_site(meetup=meetup, by=user, name="Boston")
    with pytest.raises(InvalidError, match="time zone"):
        propose_site(meetup=meetup, by=user, name="Boston", address="x", timezone="Mars/Base")
    propose_site(meetup=meetup, by=user, name="Boston", address="x")
    with pytest.raises(ConflictError, match="already"):
        propose_site(meetup=meetup, by=user, name="Boston", address="y")
    over = hack_day(starts_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    with pytest.raises(ConflictError, match="no more sites"):
        propose_site(meetup=over, by=user, name="Boston", address="x")


def test_the_list_goes_from_the_east_to_the_west_by_local_clocks():
    start = dt.datetime(2027, 3, 10, 15, tzinfo=dt.UTC)
    meetup = hack_day(starts_at=start)
    for name, zone in (("Austin", ""), ("Berlin", "Europe/Berlin"), ("Boston", "America/New_York")):
        site(meetup, name, timezone=zone)
    lines = [(line.site.name, f"{line.local_start:%H:%M}") for line in site_lines(meetup, member())]
    assert lines == [("Berlin", "16:00"), ("Boston", "10:00"), ("Austin", "09:00")]


def test_how_to_get_in_is_for_those_who_go_there():
    meetup = hack_day(capacity=10)
    there = site(meetup, join_instructions="Ring at 42.")
    elsewhere = site(meetup, "Austin", join_instructions="Back door.")
    going, boss = member(), organizer(meetup.chapter)
    answer_rsvp(meetup=meetup, answer=Answer(site=there), by=going)
    told = {
        who: {line.site.name: line.join_instructions for line in site_lines(meetup, user)}
        for who, user in (("going", going), ("boss", boss), ("other", member()))
    }
    assert told == {
        "going": {"Boston": "Ring at 42.", "Austin": None},
        "boss": {"Boston": "Ring at 42.", "Austin": elsewhere.join_instructions},
        "other": {"Boston": None, "Austin": None},
    }


def test_fewer_places_than_people_going_there():
    meetup = hack_day(capacity=10)
    there, boss = site(meetup, capacity=5), organizer(meetup.chapter)
    answer_rsvp(meetup=meetup, answer=Answer(site=there, guests=2), by=member())
    with pytest.raises(CapacityBelowGoingError, match="3 people are going"):
        change_site(site=there, by=boss, capacity=2)
    assert change_site(site=there, by=boss, capacity=3).capacity == 3
    with pytest.raises(ForbiddenError):
        change_site(site=there, by=member(), capacity=9)


def test_the_pages(client):
    meetup, user = hack_day(), member()
    url = f"/meetups/{meetup.slug}/sites/"
    there = site(meetup, "Austin")
    assert client.get(f"{url}new/").status_code == 302
    client.force_login(user)
    form = {"name": "Boston", "address": "1 Main St", "timezone": "America/New_York"}
    assert client.post(f"{url}new/", form | {"timezone": "x"}).status_code == 422
    assert client.post(f"{url}new/", form | {"address": ""}).status_code == 422
    said = client.post(f"{url}new/", form, follow=True).content.decode()
    assert "An organizer decides" in said
    assert "Your proposals" in said
    made = Site.objects.get(name="Boston")
    assert client.post(f"{url}{made.pk}/approve/").status_code == 403
    assert "Boston" not in client.get(f"/meetups/{meetup.slug}/").content.decode()
    client.force_login(organizer(meetup.chapter))
    client.post(f"{url}{made.pk}/approve/", {"note": "fine"})
    made.refresh_from_db()
    assert (made.state, made.decision_note) == ("approved", "fine")
    changed = {"name": "Boston", "address": "2 Main St", "capacity": 7, "is_online": ""}
    client.post(f"{url}{made.pk}/", changed)
    made.refresh_from_db()
    assert (made.address, made.capacity) == ("2 Main St", 7)
    assert there.name in client.get(url).content.decode()


def test_a_place_for_panels(client, monkeypatch):
    meetup = hack_day()
    one = site(meetup)
    asked = []
    monkeypatch.setitem(panels._providers, "site", [(1, lambda _, subject: asked.append(subject))])
    client.get(f"/meetups/{meetup.slug}/sites/")
    assert asked == [one]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    meetup, user = hack_day(), member()
    for n in range(rows):
        site(meetup, f"Site {n}")
        propose_site(meetup=meetup, by=user, name=f"Proposal {n}", is_online=True)
    with django_assert_num_queries(2):
        client.get(f"/meetups/{meetup.slug}/sites/")
    client.force_login(organizer(meetup.chapter))
    with django_assert_num_queries(8):
        client.get(f"/meetups/{meetup.slug}/sites/")


def test_more_places_at_a_site_move_its_waitlist_up():
    meetup = hack_day()
    boston = site(meetup, capacity=1)
    first, second = member(), member()
    for user in (first, second):
        rsvp = answer_rsvp(meetup=meetup, answer=Answer(site=boston), by=user)
    assert rsvp.status == "waitlisted"
    changed = change_site(site=boston, by=organizer(meetup.chapter), capacity=2)
    rsvp.refresh_from_db()
    assert (rsvp.status, changed.going) == ("going", 2)
    assert Mail.objects.filter(to=second.email, purpose="meetups/rsvp_going").exists()


def test_a_site_people_go_to_does_not_move_online():
    meetup = hack_day(has_online=True)
    boston, boss = site(meetup), organizer(meetup.chapter)
    answer_rsvp(meetup=meetup, answer=Answer(site=boston), by=member())
    with pytest.raises(ConflictError, match="answered"):
        change_site(site=boston, by=boss, is_online=True)
    assert change_site(site=boston, by=boss, is_online=False, note="Bring a badge.").note
