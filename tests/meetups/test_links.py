import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from psycopg import sql

from community.core import clock
from community.models import Mail, MailOptOut, User
from community.services import outgoing
from community.services.mail import write_mail
from community.services.mail_links import reader_of, token_of, with_links
from meetups.models import Rsvp
from meetups.services.links import person_of_link, request_rsvp_link
from meetups.services.meetups import cancel_meetup, change_meetup, postpone_meetup, publish_meetup
from meetups.services.news import queue_reminders
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def every_row():
    """The whole database as text, but for what a request itself leaves: its session."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        names = sorted(name for (name,) in cursor.fetchall() if name != "django_session")
        rows = {}
        for name in names:
            cursor.execute(
                sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(name))
            )
            rows[name] = cursor.fetchall()
    return rows


def every_mail(chapter):
    """One of each kind of mail there is."""
    boss, user, waiting = organizer(chapter), member(chapter), member(chapter)
    meetup = MeetupFactory(chapter=chapter, capacity=1, is_published=False)
    publish_meetup(meetup=meetup, by=boss)
    meetup.refresh_from_db()
    answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    answer_rsvp(meetup=meetup, answer=Answer(), by=waiting)
    request_rsvp_link(meetup=meetup, email="new@example.org")
    soon = MeetupFactory(
        chapter=chapter,
        capacity=1,
        starts_at=clock.now() + dt.timedelta(hours=5),
        ends_at=clock.now() + dt.timedelta(hours=7),
    )
    for person in (user, waiting):
        answer_rsvp(meetup=soon, answer=Answer(), by=person)
    answer_rsvp(meetup=soon, answer=Answer(status="not_going"), by=user)
    Rsvp.objects.filter(meetup=meetup).update(changed_at=clock.now() - dt.timedelta(days=9))
    for hours in (60, 20):
        starts_at = clock.now() + dt.timedelta(hours=hours)
        change_meetup(
            meetup=meetup, by=boss, starts_at=starts_at, ends_at=starts_at + dt.timedelta(hours=2)
        )
        queue_reminders()
    postpone_meetup(meetup=meetup, by=boss, note="The room is flooded.")
    cancel_meetup(meetup=soon, by=boss, note="No speaker.")
    return meetup


def test_opening_every_link_of_every_mail_twice_changes_nothing(client, chapter, settings):
    settings.DEMO = True
    every_mail(chapter)
    purposes = set(Mail.objects.values_list("purpose", flat=True))
    assert purposes >= {
        "meetups/announced", "meetups/rsvp_going", "meetups/rsvp_waitlisted",
        "meetups/rsvp_offered", "meetups/rsvp_link", "meetups/reminder", "meetups/still_coming",
        "meetups/changed", "meetups/postponed", "meetups/cancelled",
    }  # fmt: skip
    links = set()
    for mail in Mail.objects.all():
        token = token_of(mail)
        links |= {f"/r/{token}/", f"/mail/{token}/unsubscribe/"}
    before = every_row()
    opened = 0
    for link in sorted(links) * 2:
        answer = client.get(link, headers={"host": "127.0.0.1"})
        opened += answer.status_code == 200
    assert opened == 2 * len(links) > 20
    assert every_row() == before


def test_control_a_button_does_change_it(client, chapter):
    meetup, user = MeetupFactory(chapter=chapter), member(chapter)
    answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    before = every_row()
    client.post(f"/r/{token_of(Mail.objects.get())}/", {"action": "not_going"})
    assert every_row() != before
    assert meetup.rsvps.get().status == "not_going"


def test_an_answer_without_an_account(client, chapter):
    meetup = MeetupFactory(chapter=chapter)
    answer = client.post(f"/meetups/{meetup.slug}/rsvp/by-mail/", {"email": "New@Example.org"})
    assert answer.status_code == 302
    mail = Mail.objects.get(purpose="meetups/rsvp_link")
    assert not User.objects.filter(email="new@example.org").exists()
    link = f"/r/{token_of(mail)}/"
    assert b"Count me in" in client.get(link).content
    refused = client.post(link, {"action": "going", "guests": 1})
    assert refused.status_code == 422
    assert not Rsvp.objects.exists()
    client.post(link, {"action": "going", "guests": 1, "accepts_code_of_conduct": "on"})
    rsvp = Rsvp.objects.get()
    assert (rsvp.user.email, rsvp.status, rsvp.guests) == ("new@example.org", "going", 1)
    assert not rsvp.user.has_usable_password()
    client.post(link, {"action": "not_going"})
    rsvp.refresh_from_db()
    assert rsvp.status == "not_going"


def test_links_are_not_guessed_and_not_stored(client, chapter):
    meetup, user = MeetupFactory(chapter=chapter), member(chapter)
    answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    mail = Mail.objects.get()
    write_mail(mail)
    token = token_of(mail)
    assert token not in mail.text
    assert f"/r/{token}/" in with_links(mail.text, mail)
    assert token not in str(every_row())
    other = f"{token[:-2]}{'ab' if token[-2:] != 'ab' else 'cd'}"
    assert client.get(f"/r/{other}/").status_code == 404
    assert client.post(f"/r/{mail.pk}/", {"action": "not_going"}).status_code == 404


def test_three_links_and_then_a_pause(client, chapter):
    meetup = MeetupFactory(chapter=chapter)
    url = f"/api/v1/meetups/{meetup.slug}/rsvp/by-mail/"
    body = {"email": "often@example.org"}
    answers = [client.post(url, body, content_type="application/json") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
    assert answers[3]["Retry-After"] == "300"
    assert Mail.objects.count() == 3


def test_unsubscribing_by_one_click_ends_that_kind_alone(client, chapter, mailoutbox):
    client.handler.enforce_csrf_checks = True
    user, boss = member(chapter), organizer(chapter)
    meetup = MeetupFactory(chapter=chapter, is_published=False)
    publish_meetup(meetup=meetup, by=boss)
    mail = Mail.objects.get(to=user.email)
    outgoing.send_queued_mail(str(mail.pk))
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<https?://[^/]+(/.*)>", headers["List-Unsubscribe"])[1]
    assert client.get(path).status_code == 200
    assert not MailOptOut.objects.exists()
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(MailOptOut.objects.values_list("user", "kind")) == [(user.pk, "announcement")]
    again = MeetupFactory(chapter=chapter, is_published=False)
    publish_meetup(meetup=again, by=boss)
    answer_rsvp(meetup=again, answer=Answer(), by=user)
    states = {}
    for mail in Mail.objects.filter(to=user.email, thread=f"meetup:{again.pk}"):
        outgoing.send_queued_mail(str(mail.pk))
        mail.refresh_from_db()
        states[mail.purpose] = mail.state
    assert states == {"meetups/announced": "unwanted", "meetups/rsvp_going": "sent"}


def test_a_link_to_a_second_confirmed_address_is_the_same_persons(chapter):
    user, meetup = member(chapter), MeetupFactory(chapter=chapter)
    EmailAddress.objects.create(user=user, email="also@example.org", verified=True)
    request_rsvp_link(meetup=meetup, email="Also@example.org")
    mail = Mail.objects.get()
    assert (mail.to, reader_of(mail), person_of_link(mail=mail)) == ("also@example.org", user, user)


def test_control_an_address_nobody_confirmed_is_nobodys(chapter):
    user, meetup = member(chapter), MeetupFactory(chapter=chapter)
    EmailAddress.objects.create(user=user, email="also@example.org", verified=False)
    request_rsvp_link(meetup=meetup, email="also@example.org")
    assert person_of_link(mail=Mail.objects.get()) != user
