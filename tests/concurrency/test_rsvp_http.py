"""200 members want 50 seats over HTTP, all in the same second."""

import http.client
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from community.models import Mail
from community.services.accounts import create_api_token
from meetups.models import Meetup, Rsvp
from tests.concurrency.served import serving
from tests.factories.community import UserFactory
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SEATS, PEOPLE = 50, 200
UNLOCKED = """
from meetups.models import Meetup
from meetups.services import rsvps
rsvps.lock_meetup = lambda pk: Meetup.objects.get(pk=pk)
"""


def race(port, meetup):
    """Everyone answers at once; the statuses in the answers."""
    tokens = [create_api_token(user=user, name="race") for user in UserFactory.create_batch(PEOPLE)]
    gate = threading.Barrier(PEOPLE)

    def answer(token):
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        line.connect()
        gate.wait(timeout=60)
        line.request(
            "PUT",
            f"/api/v1/meetups/{meetup.slug}/rsvp/",
            json.dumps({"status": "going"}),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        got = line.getresponse()
        body = json.loads(got.read())
        line.close()
        return body["status"] if got.status == http.HTTPStatus.OK else got.status

    with ThreadPoolExecutor(max_workers=PEOPLE) as threads:
        return list(threads.map(answer, tokens))


def test_two_hundred_clients_for_fifty_seats():
    meetup = MeetupFactory(capacity=SEATS)
    with serving() as port:
        statuses = race(port, meetup)
    assert statuses.count("going") == SEATS
    assert statuses.count("waitlisted") == PEOPLE - SEATS
    assert Meetup.objects.get(pk=meetup.pk).going == SEATS
    assert Mail.objects.filter(purpose="meetups/rsvp_going").count() == SEATS
    waiting = Rsvp.objects.filter(status="waitlisted").order_by("waitlisted_at", "id")
    assert list(waiting) == list(waiting.order_by("id"))


def test_control_without_the_lock_and_the_databases_count_it_oversells():
    meetup = MeetupFactory(capacity=SEATS)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE meetups_rsvp DISABLE TRIGGER meetups_count_going")
    try:
        with serving(UNLOCKED) as port:
            race(port, meetup)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE meetups_rsvp ENABLE TRIGGER meetups_count_going")
    assert Rsvp.objects.filter(meetup=meetup, status="going").count() > SEATS
