"""What the pages say of a meetup and of one's answer to it, and what their buttons are called."""

import datetime as dt

import pytest

from community.core import clock
from community.models import Mail
from community.services.mail import write_mail
from meetups.models import Site, SponsorOffer
from meetups.services.links import request_rsvp_link
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.meetups import MeetupFactory, VenueFactory

pytestmark = pytest.mark.django_db


def soon(hours, **fields):
    return MeetupFactory(starts_at=clock.now() + dt.timedelta(hours=hours), **fields)


def home(client):
    return client.get("/").content.decode()


def page(client, meetup):
    return client.get(f"/meetups/{meetup.slug}/").content.decode()


def offered(chapter):
    """A full meetup about to begin, one who left it, and one who is offered the place."""
    meetup, going, next_one = soon(3, chapter=chapter, capacity=1), UserFactory(), member(chapter)
    answer_rsvp(meetup=meetup, answer=Answer(), by=going)
    answer_rsvp(meetup=meetup, answer=Answer(), by=next_one)
    answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=going)
    meetup.refresh_from_db()
    return meetup, next_one


def test_home_leads_a_stranger_to_the_answer_by_mail(client):
    meetup = MeetupFactory()
    assert f"/meetups/{meetup.slug}/rsvp/by-mail/" in home(client)
    client.force_login(member())
    assert "by-mail" not in home(client)


def test_home_says_that_it_is_full(client):
    answer_rsvp(meetup=MeetupFactory(capacity=1), answer=Answer(), by=UserFactory())
    assert "Put me on the waitlist" in home(client)
    client.force_login(member())
    assert "Put me on the waitlist" in home(client)


def test_home_says_that_it_is_on(client):
    meetup = soon(-1)
    shown = home(client)
    assert "On now" in shown
    assert f"/meetups/{meetup.slug}/notes/" in shown
    assert "Next meetup" not in shown


def test_a_place_that_is_held_is_said_to_all_of_them(client, chapter):
    meetup, next_one = offered(chapter)
    shown = page(client, meetup)
    assert "0 going of 1, 1 held" in shown
    assert "Put me on the waitlist" in shown
    client.force_login(next_one)
    assert "A place is held for you" in home(client)
    assert "Count me in" not in home(client)
    assert "Leave it to the next" in page(client, meetup)


def test_who_waits_leaves_the_waitlist(client, chapter):
    meetup, waits = MeetupFactory(chapter=chapter, capacity=1), member(chapter)
    for person in (UserFactory(), waits):
        answer_rsvp(meetup=meetup, answer=Answer(), by=person)
    client.force_login(waits)
    assert "Take me off the waitlist" in page(client, meetup)
    assert "I cannot come" not in page(client, meetup)


def test_a_draft_does_not_say_that_its_rsvp_is_closed(client, chapter):
    meetup = MeetupFactory(chapter=chapter, is_published=False)
    client.force_login(organizer(chapter))
    assert "It can be answered once it is published." in page(client, meetup)
    assert "RSVP is closed." not in page(client, meetup)


def test_the_answer_counts_the_guests(client):
    meetup = MeetupFactory()
    client.force_login(member(meetup.chapter))
    url = f"/meetups/{meetup.slug}/rsvp/"
    for guests, words in ((2, "in with 2 guests."), (1, "in with 1 guest."), (0, "in. A mail")):
        sent = {"guests": guests, "accepts_code_of_conduct": "on"}
        assert words in client.post(url, sent, follow=True).content.decode()


def test_a_mail_says_that_one_may_join_online(chapter):
    meetup = MeetupFactory(chapter=chapter, has_online=True, venue=VenueFactory(name="The barn"))
    request_rsvp_link(meetup=meetup, email="new@example.org")
    mail = Mail.objects.get()
    write_mail(mail)
    assert "The barn, or online" in mail.text


def test_home_tells_an_organizer_what_waits(client, chapter):
    meetup = MeetupFactory(chapter=chapter)
    site = Site.objects.create(meetup=meetup, name="Dallas", state="proposed")
    SponsorOffer.objects.create(chapter=chapter, month=dt.date(2031, 5, 1), kind="food")
    client.force_login(organizer(chapter))
    shown = home(client)
    assert "Dallas, " in shown
    assert "1 offer of a sponsor" in shown
    client.force_login(organizer(ChapterFactory(slug="boston")))
    assert "Waiting for you" not in home(client)
    client.force_login(organizer(chapter))
    said = client.post(f"/meetups/{meetup.slug}/sites/{site.pk}/approve/", follow=True)
    assert "Dallas is on the list." in said.content.decode()
    assert "Dallas" not in home(client)


def test_a_new_date_is_said_to_be_set_and_a_cancelled_one_is_asked_for_none(client, chapter):
    meetup = MeetupFactory(chapter=chapter)
    client.force_login(organizer(chapter))
    url = f"/meetups/{meetup.slug}/state/"
    said = client.post(url, {"action": "postpone"}, follow=True).content.decode()
    assert "It is postponed. Everyone" in said
    assert "Set the new date" in client.get(url).content.decode()
    sent = {"action": "postpone", "starts_at": "2031-05-08T18:30"}
    assert "The new date is set." in client.post(url, sent, follow=True).content.decode()
    client.post(url, {"action": "cancel"})
    assert "New start" not in client.get(url).content.decode()
