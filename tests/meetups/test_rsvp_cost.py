"""What an answer costs the database, pinned; pretix needs 252 statements for the same."""

import pytest

from tests.factories.community import member
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db

PAGE, ANSWER = 6, 11


def test_the_whole_rsvp(client, chapter, django_assert_num_queries):
    meetup = MeetupFactory(chapter=chapter, capacity=60)
    client.force_login(member(chapter))
    client.get(f"/meetups/{meetup.slug}/")  # what is said of the meetup is made by the first reader
    with django_assert_num_queries(PAGE):
        client.get(f"/meetups/{meetup.slug}/")
    with django_assert_num_queries(ANSWER):
        client.post(f"/meetups/{meetup.slug}/rsvp/", {"guests": "1", "mode": "in_person"})
    assert meetup.rsvps.get().guests == 1
