from functools import partial

import pytest

from meetups.services.attendees import ImportRefusedError, import_attendees
from meetups.services.rsvps import Answer, answer_rsvp
from tests.concurrency.stampede import stampede
from tests.factories.community import UserFactory, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

SEATS, LINES, PEOPLE = 20, 8, 24
LIST = "Email\n" + "".join(f"listed{number}@example.org\n" for number in range(LINES))


@pytest.mark.parametrize("place", [0, 6, 23])
def test_a_list_among_a_crowd_is_taken_whole_or_not_at_all(place):
    meetup = MeetupFactory(capacity=SEATS)
    boss = organizer(meetup.chapter)
    calls = [
        partial(answer_rsvp, meetup=meetup, answer=Answer(), by=user)
        for user in UserFactory.create_batch(PEOPLE)
    ]
    calls.insert(place, partial(import_attendees, meetup=meetup, text=LIST, by=boss))
    results = stampede(calls, width=12)
    refused = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(result, ImportRefusedError) for result in refused)
    listed = meetup.rsvps.filter(user__email__startswith="listed").count()
    assert listed == (0 if refused else LINES)
    meetup.refresh_from_db()
    assert meetup.going == meetup.rsvps.filter(status="going").count() == SEATS
