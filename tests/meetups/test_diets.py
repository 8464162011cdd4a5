import datetime as dt

import pytest
import time_machine
from django.db import connection

from community.core import clock
from meetups.models import DietaryNote
from meetups.services.diets import delete_expired_notes, dietary_counts, dietary_note
from meetups.services.meetups import change_meetup
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def note(meetup, text):
    return answer_rsvp(meetup=meetup, answer=Answer(diet=text), by=member(meetup.chapter))


def test_a_note_is_not_stored_in_clear(client):
    rsvp = note(MeetupFactory(), "canary seeds")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM meetups_dietarynote")
        assert "canary" not in str(cursor.fetchall())
    assert dietary_note(rsvp) == "canary seeds"


def test_notes_end_a_week_after_the_event_and_not_before(settings):
    meetup = MeetupFactory()
    rsvp = note(meetup, "vegan")
    with time_machine.travel(meetup.ends_at + dt.timedelta(days=6, hours=23)):
        assert delete_expired_notes() == 0
    with time_machine.travel(meetup.ends_at + dt.timedelta(days=7, minutes=1)):
        assert delete_expired_notes() == 1
    assert (DietaryNote.objects.count(), dietary_note(rsvp)) == (0, "")


def test_their_end_moves_with_the_date():
    meetup = MeetupFactory()
    note(meetup, "vegan")
    later = clock.now() + dt.timedelta(days=60)
    change_meetup(meetup=meetup, by=organizer(meetup.chapter), starts_at=later, ends_at=None)
    assert DietaryNote.objects.get().expires_at == later + dt.timedelta(days=7)


def test_counts_have_no_names_and_leave_out_who_is_not_coming():
    meetup = MeetupFactory()
    for text in ("Vegan, no nuts", "vegan", "", "halal;  NO   nuts"):
        note(meetup, text)
    away = note(meetup, "vegan")
    answer_rsvp(meetup=meetup, answer=Answer(status="not_going"), by=away.user)
    assert dietary_counts(meetup) == {"no nuts": 2, "vegan": 2, "halal": 1}


def test_an_emptied_note_is_gone():
    rsvp = note(MeetupFactory(), "vegan")
    answer_rsvp(meetup=rsvp.meetup, answer=Answer(diet=""), by=rsvp.user)
    assert not DietaryNote.objects.exists()
