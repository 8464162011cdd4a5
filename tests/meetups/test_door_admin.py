import pytest

from community.models import AuditEntry
from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from meetups.models import CheckIn
from meetups.services.checkin import Device, check_in_walk_in
from meetups.services.rsvps import Answer, answer_rsvp
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    grant_organizers()
    user = organizer(ChapterFactory())
    user.groups.add(organizers_group())
    client.force_login(user)
    return user


def test_check_ins_of_ones_own_chapter_are_listed_and_taken_back(client, boss):
    own = MeetupFactory()
    foreign = MeetupFactory(chapter=ChapterFactory(slug="boston"))
    for meetup in (own, foreign):
        check_in_walk_in(meetup=meetup, device=Device("a"), by=boss, name=f"Wim {meetup.slug}")
    page = client.get("/admin/meetups/checkin/")
    assert [row.meetup for row in page.context["cl"].queryset] == [own]
    chosen = list(CheckIn.objects.values_list("pk", flat=True))
    client.post(
        "/admin/meetups/checkin/", {"action": "take_back", "_selected_action": chosen}, follow=True
    )
    assert list(CheckIn.objects.values_list("meetup", flat=True)) == [foreign.pk]


def test_taking_off_in_the_admin_names_who_did_it(client, boss):
    meetup = MeetupFactory()
    rsvp = answer_rsvp(meetup=meetup, answer=Answer(), by=member())
    client.post(
        "/admin/meetups/rsvp/", {"action": "take_off", "_selected_action": [rsvp.pk]}, follow=True
    )
    rsvp.refresh_from_db()
    assert rsvp.status == "not_going"
    assert AuditEntry.objects.get(verb="answered for a person").actor == boss
