"""What a change of a meetup means for those who answered."""

import datetime as dt

import pytest

from community.core import clock
from community.core.errors import ConflictError
from community.models import Mail, Season
from community.services.mail import write_mail
from meetups.exceptions import RecordedError
from meetups.models import Meetup, Rsvp, SponsorOffer
from meetups.services.meetups import cancel_meetup, change_meetup, postpone_meetup
from meetups.services.news import queue_reminders
from meetups.services.rsvps import Answer, answer_rsvp, reconfirm_rsvp
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def answered(**fields):
    meetup = MeetupFactory(**fields)
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(), by=member(meetup.chapter))
    return meetup, rsvp, organizer(meetup.chapter)


def test_an_old_note_does_not_explain_a_new_change():
    meetup, _, boss = answered()
    change_meetup(meetup=meetup, by=boss, has_online=True, title="A", change_note="Speaker is ill.")
    change_meetup(meetup=meetup, by=boss, title="B")
    letter = Mail.objects.filter(purpose="meetups/changed").latest("created_at")
    write_mail(letter)
    assert "Something has changed" in letter.text
    assert "ill" not in letter.text


def test_who_confirmed_the_old_date_is_asked_again_for_the_new_one():
    meetup, rsvp, boss = answered()
    reconfirm_rsvp(rsvp=rsvp, by=rsvp.user)
    soon = clock.now() + dt.timedelta(hours=20)
    Rsvp.objects.filter(pk=rsvp.pk).update(changed_at=clock.now() - dt.timedelta(days=9))
    change_meetup(meetup=meetup, by=boss, starts_at=soon, ends_at=soon + dt.timedelta(hours=2))
    rsvp.refresh_from_db()
    assert rsvp.reconfirmed_at is None
    assert queue_reminders() == 1


def test_a_meetup_taken_back_to_a_draft_tells_nobody_its_new_title():
    meetup, _, boss = answered()
    change_meetup(meetup=meetup, by=boss, title="Not for you", is_published=False)
    assert not Mail.objects.filter(purpose="meetups/changed").exists()


def test_what_was_cancelled_meanwhile_is_not_postponed():
    meetup, _, boss = answered()
    read_before = Meetup.objects.get(pk=meetup.pk)
    cancel_meetup(meetup=meetup, by=boss, note="No speaker.")
    with pytest.raises(ConflictError):
        postpone_meetup(meetup=read_before, by=boss, note="Later.")
    assert Mail.objects.filter(purpose="meetups/cancelled").count() == 1


def test_a_meeting_on_record_stays_as_it_is(client):
    season = Season.objects.create(slug="2012", title="2012", year=2012, chapter=ChapterFactory())
    meetup = MeetupFactory(season=season)
    boss, told = organizer(meetup.chapter), meetup.title
    with pytest.raises(RecordedError):
        change_meetup(meetup=meetup, by=boss, title="Another story")
    client.force_login(boss)
    client.post(f"/meetups/{meetup.slug}/state/", {"action": "cancel"})
    meetup.refresh_from_db()
    assert (meetup.is_cancelled, meetup.title) == (False, told)


def test_a_meetup_moved_into_a_month_gets_that_months_sponsor():
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    later = (meetup.starts_at + dt.timedelta(days=70)).replace(hour=18)
    SponsorOffer.objects.create(
        chapter=meetup.chapter, month=later.date().replace(day=1), kind="food", state="confirmed",
        organization_name="Dell", contact_name="Dee", contact_email="dee@example.org",
    )  # fmt: skip
    assert not meetup.sponsorships.exists()
    change_meetup(meetup=meetup, by=boss, starts_at=later, ends_at=None)
    assert meetup.sponsorships.get().organization.name == "Dell"


def test_the_sessions_move_with_the_date():
    meetup = MeetupFactory()
    boss, start = organizer(meetup.chapter), meetup.starts_at
    half_hour = dt.timedelta(minutes=30)
    meetup.sessions.create(title="A talk", starts_at=start, ends_at=start + half_hour)
    meetup.sessions.create(title="Open end")
    later = start + dt.timedelta(days=7, hours=1)
    postpone_meetup(meetup=meetup, by=boss, note="", starts_at=later)
    times = list(meetup.sessions.values_list("starts_at", "ends_at"))
    assert times == [(later, later + half_hour), (None, None)]


def test_a_postponed_meetup_does_not_say_its_old_date(client):
    meetup, _, boss = answered()
    year = f"{meetup.starts_at:%Y}"
    assert year in client.get(f"/meetups/{meetup.slug}/").content.decode()
    postpone_meetup(meetup=meetup, by=boss, note="")
    page = client.get(f"/meetups/{meetup.slug}/").content.decode()
    assert "the new date is not set yet" in page
    assert year not in page.partition("<main")[2].partition("</header>")[0].partition("<aside")[0]
    mail = Mail.objects.get(purpose="meetups/postponed")
    write_mail(mail)
    assert "the new date is not set yet" in mail.text
    assert year not in mail.text
