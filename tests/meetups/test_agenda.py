"""The agenda: sessions in the meetup's own time, topics from plan to meeting."""

import datetime as dt
import json

import pytest
from django.contrib.auth.models import AnonymousUser

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from meetups.exceptions import ChangedMeanwhileError, RecordedError
from meetups.models import Session, Topic
from meetups.selectors.paper import agenda_facts
from meetups.services.agenda import announce_planned, hold_as_announced, save_agenda
from meetups.services.season import load_season
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.meetups.paper import filled
from tests.meetups.season_files import FILES
from tests.meetups.season_files import meetup as recorded

pytestmark = pytest.mark.django_db

START = dt.datetime(2027, 3, 4, 0, 30, tzinfo=dt.UTC)  # 18:30 in Austin, the day before


def topic(text, stage="planned", **fields):
    return {"text": text, "stage": stage, "moved_to": None, **fields}


def save(meetup, boss, *topics, sessions=(), **fields):
    return save_agenda(meetup=meetup, sessions=sessions, topics=topics, by=boss, **fields)


def stages(meetup):
    rows = meetup.topics.order_by("position", "id").values_list("stage", "text")
    return {stage: [text for at, text in rows if at == stage] for stage in Topic.Stage.values}


def api(client, meetup, user, method="get", path="", body=None):
    return getattr(client, method)(
        f"/api/v1/meetups/{meetup.slug}/agenda/{path}",
        *([json.dumps(body or {})] if method != "get" else []),
        content_type="application/json",
        headers=bearer(user) if user else {},
    )


def test_from_plan_to_announcement_to_meeting():
    meetup, later = MeetupFactory(), MeetupFactory()
    boss = organizer(meetup.chapter)
    with pytest.raises(ConflictError):
        announce_planned(meetup=meetup, by=boss)
    save(meetup, boss, topic("Swift"), topic("Dashboard"), topic("Quantum", moved_to=later))
    with pytest.raises(ConflictError):
        hold_as_announced(meetup=meetup, by=boss)
    assert announce_planned(meetup=meetup, by=boss) == 2
    assert announce_planned(meetup=meetup, by=boss) == 0  # twice is once
    assert hold_as_announced(meetup=meetup, by=boss) == 2
    assert stages(meetup) == {
        "planned": ["Swift", "Dashboard", "Quantum"],
        "announced": ["Swift", "Dashboard"],
        "held": ["Swift", "Dashboard"],
    }


def test_the_page_says_what_moved_where_but_not_to_a_draft(client):
    meetup, later = MeetupFactory(), MeetupFactory(title="The later one", is_published=False)
    boss = organizer(meetup.chapter)
    save(meetup, boss, topic("Quantum", moved_to=later))
    url = f"/meetups/{meetup.slug}/"
    page = client.get(url).content.decode()
    assert "Quantum" in page
    assert "The later one" not in page
    assert agenda_facts(meetup, AnonymousUser())["topics"][0]["moved_to"] is None
    later.is_published = True
    later.save()
    assert "The later one" in client.get(url).content.decode()
    assert agenda_facts(meetup, AnonymousUser())["topics"][0]["moved_to"] == later.slug
    there = client.get(f"/meetups/{later.slug}/").content.decode()
    assert "moved here from" in there
    assert "Quantum" in there
    meetup.is_published = False
    meetup.save()
    assert "Quantum" not in client.get(f"/meetups/{later.slug}/").content.decode()


def test_a_topic_moves_within_its_group():
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    elsewhere = MeetupFactory(chapter=ChapterFactory(slug="boston"))
    for target in (meetup, elsewhere):
        with pytest.raises(InvalidError):
            save(meetup, boss, topic("Swift", moved_to=target))
    assert not Topic.objects.exists()


def test_sessions_end_after_they_start_and_old_readings_are_refused():
    meetup = MeetupFactory(starts_at=START)
    boss = organizer(meetup.chapter)
    version = agenda_facts(meetup, boss)["version"]
    session = {"title": "Vision", "kind": "vision", "starts_at": START, "ends_at": START}
    with pytest.raises(InvalidError):
        save(meetup, boss, sessions=[session])
    session["ends_at"] = START + dt.timedelta(hours=1)
    save(meetup, boss, sessions=[session], version=version)
    with pytest.raises(ChangedMeanwhileError):
        save(meetup, boss, version=version)
    assert Session.objects.get().kind == "vision"


def test_the_archive_stays_as_it_was_recorded():
    load_season(FILES)
    march = recorded("2012-03")
    boss = organizer(march.chapter)
    before = stages(march)
    for act in (
        lambda: save(march, boss),
        lambda: announce_planned(meetup=march, by=boss),
        lambda: hold_as_announced(meetup=march, by=boss),
    ):
        with pytest.raises(RecordedError):
            act()
    assert stages(march) == before


def test_the_sheet_speaks_the_meetups_own_time(client):
    meetup = MeetupFactory(starts_at=START, timezone="America/Chicago")
    boss = organizer(meetup.chapter)
    other = MeetupFactory()
    client.force_login(boss)
    url = f"/meetups/{meetup.slug}/agenda/"
    data = filled(
        client.get(url),
        {
            "sessions-0-title": "What the lab taught us", "sessions-0-kind": "road_report",
            "sessions-0-speakers": "Rob, Matt ,", "sessions-0-starts_at": "2027-03-03T18:45",
            "sessions-0-ends_at": "2027-03-03T19:30", "sessions-0-place_name": "Room 2",
            "sessions-0-description": "With *pictures*.", "sessions-0-place": "2",
            "sessions-1-title": "Party", "sessions-1-kind": "party", "sessions-1-place": "1",
            "topics-0-text": "Swift", "topics-0-stage": "planned", "topics-0-moved_to": other.pk,
        },
    )  # fmt: skip
    assert client.post(url, data).status_code == 302
    party, talk = Session.objects.order_by("position")
    assert party.title == "Party"
    assert (talk.speakers, talk.place) == (["Rob", "Matt"], "Room 2")
    assert talk.starts_at == START + dt.timedelta(minutes=15)
    assert Topic.objects.get().moved_to == other
    shown = client.get(url)
    assert shown.context["sessions"][1]["starts_at"].value() is not None
    assert 'value="2027-03-03T18:45"' in shown.content.decode()
    page = client.get(f"/meetups/{meetup.slug}/").content.decode()
    assert "18:45\N{EN DASH}19:30 CST" in page
    assert "With <em>pictures</em>." in page
    assert client.post(url, data).status_code == 409  # an old reading
    wrong = filled(client.get(url), {"sessions-0-ends_at": "2027-03-03T18:00",
                                     "sessions-0-starts_at": "2027-03-03T18:00"})  # fmt: skip
    answer = client.post(url, wrong)
    assert answer.status_code == 422
    assert "It must end after it starts." in answer.content.decode()
    gone = filled(client.get(url), {"sessions-0-DELETE": "on", "topics-0-DELETE": "on",
                                    "sessions-1-starts_at": "2027-03-03T18:45",
                                    "sessions-1-ends_at": "2027-03-03T19:30"})  # fmt: skip
    assert client.post(url, gone).status_code == 302
    assert [row.title for row in Session.objects.all()] == ["What the lab taught us"]
    assert not Topic.objects.exists()


def test_a_session_starts_on_a_day_of_the_meetup():
    meetup = MeetupFactory(starts_at=START)
    boss = organizer(meetup.chapter)
    late = {"title": "Panel", "starts_at": START + dt.timedelta(days=1)}
    with pytest.raises(InvalidError, match="another day"):
        save(meetup, boss, sessions=[late])
    save(meetup, boss, sessions=[late | {"starts_at": START}])
    assert Session.objects.get().starts_at == START


@pytest.mark.parametrize(("hours", "shown"), [(-1, True), (1, False)])
def test_what_was_held_is_asked_once_it_has_begun(client, hours, shown):
    meetup = MeetupFactory(starts_at=clock.now() + dt.timedelta(hours=hours))
    client.force_login(organizer(meetup.chapter))
    page = client.get(f"/meetups/{meetup.slug}/agenda/").content.decode()
    assert ("It was held as announced" in page) == shown


def test_the_buttons_carry(client):
    meetup = MeetupFactory()
    boss = organizer(meetup.chapter)
    save(meetup, boss, topic("Swift"))
    client.force_login(boss)
    client.post(f"/meetups/{meetup.slug}/agenda/announce/")
    client.post(f"/meetups/{meetup.slug}/agenda/hold/")
    assert stages(meetup)["held"] == ["Swift"]


def test_the_api_writes_what_the_page_writes(client):
    meetup, other = MeetupFactory(starts_at=START), MeetupFactory()
    boss = organizer(meetup.chapter)
    body = {
        "sessions": [{"title": "Panel", "kind": "panel", "speakers": ["Rob"],
                      "starts_at": "2027-03-04T00:30:00Z"}],
        "topics": [topic("Swift"), topic("Quantum", moved_to=other.slug)],
    }  # fmt: skip
    answer = api(client, meetup, boss, "put", body=body)
    assert answer.status_code == 200
    facts = answer.json()
    assert facts == api(client, meetup, None).json()
    assert [row["moved_to"] for row in facts["topics"]] == [None, other.slug]
    assert api(client, meetup, boss, "post", "announce/").json() == {"added": 1}
    assert api(client, meetup, boss, "post", "hold/").json() == {"added": 1}
    stale = api(client, meetup, boss, "put", body=facts)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    hidden = MeetupFactory(chapter=ChapterFactory(slug="boston"), is_published=False)
    unseen = {"sessions": [], "topics": [topic("x", moved_to=hidden.slug)]}
    assert api(client, meetup, boss, "put", body=unseen).status_code == 422
    wrong = {"sessions": [{"title": "x", "kind": "dance"}], "topics": []}
    assert api(client, meetup, boss, "put", body=wrong).status_code == 422


@pytest.mark.parametrize("path", ["", "announce/", "hold/"])
def test_only_its_organizers_write(client, path):
    meetup = MeetupFactory()
    method = "post" if path else "put"
    elsewhere = organizer(ChapterFactory(slug="boston"))
    for user, status in ((None, 401), (member(), 403), (elsewhere, 403)):
        answer = api(client, meetup, user, method, path, {"sessions": [], "topics": []})
        assert answer.status_code == status
    client.force_login(elsewhere)
    assert client.get(f"/meetups/{meetup.slug}/agenda/").status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_as_often_for_three_topics_as_for_one(client, rows, django_assert_num_queries):
    meetup, other = MeetupFactory(), MeetupFactory()
    boss = organizer(meetup.chapter)
    topics = [topic(f"topic {number}", moved_to=other) for number in range(rows)]
    sessions = [{"title": f"talk {number}"} for number in range(rows)]
    save(meetup, boss, *topics, sessions=sessions)
    with django_assert_num_queries(4):
        api(client, meetup, None)
    with django_assert_num_queries(8):  # one for the page's version, one for polls
        client.get(f"/meetups/{meetup.slug}/")
    client.force_login(boss)
    with django_assert_num_queries(11):
        client.get(f"/meetups/{meetup.slug}/agenda/")
