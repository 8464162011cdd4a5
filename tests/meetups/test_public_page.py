import pytest
from django.core.cache import caches

from community.core import public_pages
from meetups.models import Meetup
from meetups.services.meetups import cancel_meetup, change_meetup
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import OrganizationFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def meetup(chapter):
    return MeetupFactory(chapter=chapter, capacity=1, title="Before")


def page(client, meetup):
    return client.get(f"/meetups/{meetup.slug}/").content.decode()


def test_a_stranger_sees_every_change_at_once(client, meetup, chapter):
    boss = organizer(chapter)
    assert "0 going of 1" in page(client, meetup)
    changes = {
        "1 going of 1": lambda: answer_rsvp(meetup=meetup, answer=Answer(), by=member(chapter)),
        "1 waiting": lambda: answer_rsvp(meetup=meetup, answer=Answer(), by=member(chapter)),
        "After": lambda: change_meetup(meetup=meetup, by=boss, title="After"),
        "A talk": lambda: meetup.sessions.create(title="A talk"),
        "A topic": lambda: meetup.topics.create(stage="planned", text="A topic"),
        "A site": lambda: meetup.sites.create(name="A site"),
        "pays for pizza": lambda: meetup.sponsorships.create(
            organization=OrganizationFactory(), provides="pizza"
        ),
        "cancelled": lambda: cancel_meetup(meetup=meetup, by=boss, note=""),
    }
    for word, change in changes.items():
        assert word not in page(client, meetup)
        change()
        assert word in page(client, meetup), word
    meetup.sessions.all().delete()
    assert "A talk" not in page(client, meetup)


def test_control_without_the_version_an_old_page_stays(client, meetup, chapter, monkeypatch):
    monkeypatch.setattr(public_pages, "_version_of", lambda _path: "always-the-same")
    assert "Before" in page(client, meetup)
    change_meetup(meetup=meetup, by=organizer(chapter), title="After")
    assert "Before" in page(client, meetup)


def test_one_query_for_a_page_that_is_kept(client, meetup, django_assert_num_queries):
    first = client.get(f"/meetups/{meetup.slug}/")
    with django_assert_num_queries(1):
        second = client.get(f"/meetups/{meetup.slug}/")
    assert second.content == first.content
    assert second.headers == first.headers


def test_who_is_somebody_gets_a_page_of_their_own(client, meetup, chapter):
    page(client, meetup)
    client.force_login(organizer(chapter))
    assert "Edit" in page(client, meetup)
    client.logout()
    client.cookies.clear()
    assert "Edit" not in page(client, meetup)
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in page(client, meetup)


def test_a_draft_is_never_kept(client, meetup, chapter):
    page(client, meetup)
    Meetup.objects.update(is_published=False)
    assert client.get(f"/meetups/{meetup.slug}/").status_code == 404
    client.force_login(organizer(chapter))
    assert client.get(f"/meetups/{meetup.slug}/").status_code == 200
    client.logout()
    client.cookies.clear()
    assert client.get(f"/meetups/{meetup.slug}/").status_code == 404


def test_words_for_one_person_are_not_kept_for_others(client, meetup):
    client.post(f"/meetups/{meetup.slug}/rsvp/by-mail/", {"email": "a@example.org"})
    assert "a@example.org" in page(client, meetup)
    caches["pages"].clear()
    client.post(f"/meetups/{meetup.slug}/rsvp/by-mail/", {"email": "b@example.org"})
    page(client, meetup)
    client.cookies.clear()
    assert "b@example.org" not in page(client, meetup)
