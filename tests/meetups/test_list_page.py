import pytest

from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_as_often_for_three_as_for_one(client, chapter, rows, django_assert_num_queries):
    user = member(chapter)
    for meetup in MeetupFactory.create_batch(rows, chapter=chapter):
        answer_rsvp(meetup=meetup, answer=Answer(), by=user)
    with django_assert_num_queries(4):
        assert client.get("/meetups/").context["upcoming"].count() == rows
    client.force_login(user)
    with django_assert_num_queries(9):
        client.get("/me/")


def test_a_postponed_meetup_is_still_to_come_and_a_draft_is_not_shown(client, chapter):
    MeetupFactory(chapter=chapter, title="Put off", is_postponed=True)
    MeetupFactory(chapter=chapter, title="Not yet told", is_published=False)
    page = client.get("/meetups/").content.decode()
    assert ("Put off" in page, "Not yet told" in page) == (True, False)
    client.force_login(organizer(chapter))
    assert "Not yet told" in client.get("/meetups/").content.decode()
