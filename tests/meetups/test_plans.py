"""Planning: the sheet saves what the API saves, in the event's own time."""

import datetime as dt

import pytest
from django.utils import timezone

from community.models import AuditEntry
from meetups.exceptions import ChangedMeanwhileError, RecordedError
from meetups.models import Meetup, Rsvp, Venue
from meetups.selectors.desk import plan_version
from meetups.services.plans import plan_meetup, replan_meetup
from meetups.services.season import load_season
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory, VenueFactory
from tests.meetups.paper import filled
from tests.meetups.season_files import FILES
from tests.meetups.season_files import meetup as recorded

pytestmark = pytest.mark.django_db

PLAN = {
    "title": "Spring meetup: Swift in practice", "kind": "meetup", "summary": "Two *talks*.",
    "timezone": "America/New_York", "starts_at": "2027-03-13T18:30", "ends_at": "2027-03-13T21:00",
    "venue_name": "Austin TechRanch", "venue_address": "9111 Jollyville Rd", "capacity": "60",
    "has_online": "on", "online_capacity": "200", "join_instructions": "Link follows.",
}  # fmt: skip
NEW = "/meetups/new/"


def test_a_plan_becomes_a_draft_in_its_own_time(client):
    boss = organizer()
    client.force_login(boss)
    answer = client.post(NEW, PLAN)
    meetup = Meetup.objects.get()
    assert answer.headers["Location"] == "/meetups/spring-meetup-swift-in-practice/"
    assert meetup.starts_at == dt.datetime(2027, 3, 13, 23, 30, tzinfo=dt.UTC)
    assert meetup.ends_at - meetup.starts_at == dt.timedelta(hours=2, minutes=30)
    assert (meetup.venue.name, meetup.venue.address) == ("Austin TechRanch", "9111 Jollyville Rd")
    assert (meetup.capacity, meetup.online_capacity, meetup.has_online) == (60, 200, True)
    assert (meetup.join_instructions, meetup.is_published) == ("Link follows.", False)
    assert AuditEntry.objects.get().verb == "created"
    assert client.post(NEW, PLAN).status_code == 302  # the same title: another address
    assert Meetup.objects.latest("pk").slug == "spring-meetup-swift-in-practice-2"
    assert Venue.objects.count() == 1
    assert "Two <em>talks</em>." in client.get(f"/meetups/{meetup.slug}/").content.decode()
    assert "Two talks." in client.get("/meetups/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "new", "own. Choose another."),
        ("slug", "taken", "already exists"),
        ("ends_at", "2027-03-13T18:30", "It must end after it starts."),
        ("starts_at", "", "Say when it starts, too."),
        (
            "starts_at",
            "2027-03-14T02:30",
            "be interpreted in time zone",
        ),  # the hour that is left out
        ("starts_at", "2300-03-14T02:30", "The year must be from"),
        ("timezone", "America/Nowhere", "is not one of the available choices"),
        ("capacity", "100001", "less than or equal to"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(client, field, value, sentence):
    MeetupFactory(slug="taken")
    client.force_login(organizer())
    extra = {"ends_at": ""} if value.startswith("2300") else {}
    answer = client.post(NEW, PLAN | {field: value} | extra)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Swift in practice" in page
    assert Meetup.objects.count() == 1
    assert not Venue.objects.exists()


def test_the_api_keeps_the_sites_own_addresses_too(client):
    body = {"slug": "new", "title": "New"}
    headers = bearer(organizer())
    answer = client.post("/api/v1/meetups/", body, content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert "slug" in answer.json()["errors"]


def edit(client, meetup, **fields):
    url = f"/meetups/{meetup.slug}/edit/"
    with timezone.override(meetup.zone):
        data = filled(client.get(url), fields)
    return client.post(url, data)


def test_the_sheet_changes_only_what_was_changed(client):
    meetup = MeetupFactory(
        starts_at=dt.datetime(2027, 3, 4, 0, 30, tzinfo=dt.UTC), capacity=2, venue=VenueFactory()
    )
    boss = organizer(meetup.chapter)
    client.force_login(boss)
    before = {field.name: getattr(meetup, field.name) for field in Meetup._meta.concrete_fields}
    assert edit(client, meetup, title="A new title").status_code == 302
    meetup.refresh_from_db()
    changed = {
        name for name, value in before.items() if getattr(meetup, name) != value
    } - {"change_note", "published_at", "page_version", "content_version"}  # fmt: skip
    assert changed == {"title", "sequence"}
    assert edit(client, meetup, timezone="Europe/Paris").status_code == 302
    meetup.refresh_from_db()  # the same hour of the wall clock, elsewhere
    assert meetup.local_start.isoformat() == "2027-03-03T18:30:00+01:00"
    assert edit(client, meetup, venue_name="").status_code == 302
    meetup.refresh_from_db()
    assert meetup.venue is None


def test_a_room_smaller_than_who_is_going_is_refused_with_the_sheet_kept(client):
    meetup = MeetupFactory(capacity=2)
    boss = organizer(meetup.chapter)
    Rsvp.objects.create(meetup=meetup, user=boss, status="going", guests=1)
    client.force_login(boss)
    answer = edit(client, meetup, capacity="1", summary="Kept words.")
    assert answer.status_code == 409
    assert "Kept words." in answer.content.decode()
    meetup.refresh_from_db()
    assert (meetup.capacity, meetup.summary) == (2, "")


def test_who_edits_on_an_old_reading_is_told(client):
    meetup = MeetupFactory(title="First")
    boss = organizer(meetup.chapter)
    version = plan_version(meetup)
    replan_meetup(meetup=meetup, by=boss, title="Second", version=version)
    with pytest.raises(ChangedMeanwhileError):
        replan_meetup(meetup=meetup, by=boss, title="Third", version=version)
    meetup.refresh_from_db()
    assert meetup.title == "Second"


def test_the_archive_is_not_planned_anew(client):
    load_season(FILES)
    january = recorded("2012-01")
    boss = organizer(january.chapter)
    with pytest.raises(RecordedError):
        replan_meetup(meetup=january, by=boss, title="x")
    client.force_login(boss)
    assert "Save the change" not in client.get(f"/meetups/{january.slug}/edit/").content.decode()


def test_organizers_plan_for_their_own_chapters(client):
    meetup = MeetupFactory()
    boston = ChapterFactory(slug="boston")
    elsewhere = organizer(boston)
    for user, status in ((None, 302), (member(), 403), (elsewhere, 403)):
        if user:
            client.force_login(user)
        assert client.get(f"/meetups/{meetup.slug}/edit/").status_code == status
        assert client.post(f"/meetups/{meetup.slug}/edit/", {}).status_code == status
    assert client.post(NEW, PLAN | {"chapter": meetup.chapter.pk}).status_code == 302
    assert Meetup.objects.latest("pk").chapter == boston  # a field that was not asked for
    planned = plan_meetup(by=elsewhere, chapter=None, title="!!!")
    assert (planned.slug, planned.chapter) == ("meetup", boston)


def test_the_organizers_bar_is_theirs(client):
    meetup = MeetupFactory()
    url = f"/meetups/{meetup.slug}/"
    assert "Organize this meetup" not in client.get(url).content.decode()
    client.force_login(organizer(ChapterFactory(slug="boston")))
    assert "Organize this meetup" not in client.get(url).content.decode()
    client.force_login(organizer(meetup.chapter))
    page = client.get(url).content.decode()
    for part in ("edit", "agenda", "minutes", "notes"):
        assert f'href="{url}{part}/"' in page


def test_drafts_without_a_date_are_listed_for_their_organizers(client):
    meetup = MeetupFactory(title="Some day", starts_at=None, is_published=False)
    assert "Some day" not in client.get("/meetups/").content.decode()
    client.force_login(organizer(meetup.chapter))
    page = client.get("/meetups/").content.decode()
    assert "Some day" in page
    assert f'href="{NEW}"' in page


@pytest.mark.parametrize("rows", [1, 3])
def test_sheets_ask_as_often_with_three_venues_as_with_one(client, rows, django_assert_num_queries):
    VenueFactory.create_batch(rows)
    meetup = MeetupFactory()
    client.force_login(organizer(meetup.chapter))
    with django_assert_num_queries(5):
        client.get(NEW)
    with django_assert_num_queries(6):
        client.get(f"/meetups/{meetup.slug}/edit/")
