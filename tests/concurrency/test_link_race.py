"""The button of a mail's link, pressed several times at once by somebody without an account."""

from functools import partial

import pytest

from community.models import Mail, User
from meetups.services.links import person_of_link, request_rsvp_link
from tests.concurrency.stampede import stampede
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_one_account_however_often_the_button_is_pressed():
    request_rsvp_link(meetup=MeetupFactory(), email="new@example.org")
    mail = Mail.objects.get()
    got = stampede([partial(person_of_link, mail=mail)] * 6, width=6)
    person = User.objects.get(email="new@example.org")
    assert got == [person] * 6
