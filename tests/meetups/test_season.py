"""The season loader: everything arrives, nothing unknown passes, twice is once."""

import copy
import datetime as dt
import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.forms.models import model_to_dict

from community.exceptions import SeasonError
from community.models import ArchiveRecord, Chapter, Membership, Organization, Season, User
from meetups.models import Meetup, MinutesItem, Session, Site, Sponsorship, Topic, Venue
from meetups.selectors.meetups import held_count
from meetups.services.season import load_season
from meetups.services.season.shape import path_name, walk

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[2] / "community" / "project" / "demo"
FILES = sorted(DEMO.glob("*.json"))
DOCUMENTS = {path.name: json.loads(path.read_text()) for path in FILES}
SEASON, INFERRED, BOARD = (
    "austin_2012.json",
    "austin_2012_inferred.json",
    "foundation_board_2012.json",
)
MODELS = [
    *[Season, ArchiveRecord, Chapter, Organization, Venue],
    *[Meetup, MinutesItem, Session, Site, Sponsorship, Topic],
]
OTHER = {
    "group": {"name": "Kubernetes Lisbon", "sister_group_city": "Porto"},
    "meetups": [
        {
            "key": "2012-01",
            "month": 5,
            "day": 3,
            "start_time": "19:00",
            "sponsors": [{"name": "Dell"}],
        },
        {"key": "pre-summit"},
    ],
    "community_events": [{"kind": "sprint", "name": "Docs sprint", "sites": ["Lisbon"]}],
}


def write(folder, documents):
    paths = []
    for name, content in documents.items():
        path = folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        paths.append(path)
    return paths


def everything():
    return {
        model.__name__: [
            {**model_to_dict(row), "pk": row.pk, "loaded_at": getattr(row, "loaded_at", None)}
            for row in model.objects.order_by("pk")
        ]
        for model in MODELS
    }


def meetup(key):
    return Meetup.objects.get(archive_key=key)


def objects_of(name):
    return [path for path, value in walk(DOCUMENTS[name]) if isinstance(value, dict)]


def at(document, path):
    for part in path:
        document = document[part]
    return document


def test_the_whole_season_is_there():
    season = load_season(FILES)
    assert (season.slug, season.title, season.year) == (
        "austin-2012",
        "OpenStack Austin 2012",
        2012,
    )
    assert season.is_year_inferred
    assert season.year_because == DOCUMENTS[INFERRED]["year"]["because"]
    counts = {model.__name__: model.objects.count() for model in MODELS}
    assert counts == {
        "Season": 1,
        "ArchiveRecord": 204,
        "Chapter": 2,
        "Organization": 13,
        "Venue": 1,
        "Meetup": 13,
        "MinutesItem": 8,
        "Session": 7,
        "Site": 4,
        "Sponsorship": 9,
        "Topic": 15,
    }
    sections = {
        "people": 11,
        "meetups": 6,
        "community_events": 6,
        "brainstorm_topics": 13,
        "priorities_items": 12,
        "posts": 10,
        "foundation_result_rows_known": 4,
    }
    for section, count in sections.items():
        assert season.records.filter(section=section).count() == count
    inferred = season.records.filter(is_inferred=True)
    assert set(inferred.values_list("source", flat=True)) == {INFERRED}


def test_chapters_come_from_the_group_and_its_sister_city():
    load_season(FILES)
    assert list(Chapter.objects.values_list("slug", "name", "city", "timezone")) == [
        ("austin", "OpenStack Austin", "Austin", "America/Chicago"),
        ("boston", "OpenStack Boston", "Boston", "America/New_York"),
    ]
    assert Venue.objects.get().name == "Austin TechRanch"


def test_dates_are_as_precise_as_known_and_no_more():
    load_season(FILES)
    meetups = Meetup.objects.filter(kind="meetup").order_by("pk")
    precision = {meetup.archive_key: meetup.date_precision for meetup in meetups}
    assert precision == {
        key: words.split(" ")[0] for key, words in DOCUMENTS[INFERRED]["precision"].items()
    }
    start = dt.datetime(2012, 3, 9, 0, 30, tzinfo=dt.UTC)
    fields = ("archive_key", "printed_date", "day", "starts_at", "is_date_inferred")
    assert list(Meetup.objects.order_by("pk").values_list(*fields)) == [
        ("2012-01", "January", None, None, False),
        ("2012-02", "February", None, None, False),
        ("2012-03", "March 8, 18:30", None, start, True),
        ("pre-summit", "", None, None, False),
        ("2012-04", "Thursday, April 12", dt.date(2012, 4, 12), None, True),
        ("post-summit", "Thursday", None, None, False),
        ("World Wide Essex Hack Day", "March 1", dt.date(2012, 3, 1), None, True),
        ("OpenStack Essex Doc Day", "March 6", dt.date(2012, 3, 6), None, True),
        ("OpenStack Essex Install Day", "March 8", dt.date(2012, 3, 8), None, True),
        ("OpenStack Essex Deploy Day", "", None, None, False),
        ("world-wide deploy day events", "March and May 2012", None, None, False),
        (
            "OpenStack Foundation webcasts",
            "Thursday 6pm central, Friday 9am central",
            None,
            None,
            False,
        ),
        ("summit", "April 16 to 20", dt.date(2012, 4, 16), None, True),
    ]


def test_what_was_reported_stays_as_reported():
    load_season(FILES)
    january, pre, april = meetup("2012-01"), meetup("pre-summit"), meetup("2012-04")
    assert (january.headcount, january.headcount_as_printed) == (60, ">60")
    assert january.is_headcount_minimum
    assert not january.is_headcount_uncertain
    assert (pre.headcount, pre.headcount_as_printed) == (48, "48?!")
    assert pre.is_headcount_uncertain
    assert not pre.is_headcount_minimum
    assert (april.headcount, april.reported_rsvps, april.reported_rsvps_as_of) == (
        None,
        35,
        "Monday noon",
    )
    assert january.minutes.get(number=2).facts == {"minutes_to_install": 10}
    assert january.facts["visitors_from"] == ["Portland", "Boston"]
    assert list(april.topics.values_list("stage", "text")) == [
        ("announced", "Austin at Summit"),
        ("announced", "DevStack Essex"),
        ("planned", "conference debrief"),
    ]
    assert list(april.sponsorships.values_list("organization__name", "provides")) == [
        ("SUSE", "food"),
        ("Dell", "room rental"),
    ]


def test_organizations_go_by_their_usual_name_and_keep_the_printed_one():
    load_season(FILES)
    known = {row.name: row.also_known_as for row in Organization.objects.all() if row.also_known_as}
    assert known == {"SUSE": ["Suse"], "Red Hat": ["Redhat"], "Puppet Labs": ["Puppet"]}
    thanked = Sponsorship.objects.filter(meetup=meetup("post-summit")).get()
    assert (thanked.printed_name, thanked.organization.name) == ("Puppet", "Puppet Labs")
    assert Organization.objects.get(name="Dell").level == "gold sponsor of the OpenStack Foundation"


def test_one_meeting_recorded_twice_counts_once():
    load_season(FILES)
    pre = meetup("pre-summit")
    assert pre.same_as == meetup("2012-03")
    assert pre.same_because == DOCUMENTS[INFERRED]["same_meeting"]["because"]
    deploy_day = meetup("OpenStack Essex Deploy Day")
    assert deploy_day.same_as == meetup("OpenStack Essex Install Day")
    assert Meetup.objects.count() == 13
    assert held_count(AnonymousUser()) == 11
    Meetup.objects.update(same_as=None)
    assert held_count(AnonymousUser()) == 13


def test_the_summit_has_its_schedule():
    load_season(FILES)
    summit = meetup("summit")
    assert summit.kind == "summit"
    party = summit.sessions.get(position=6)
    assert (party.title, party.printed_time, party.place, party.needs_rsvp, party.hosts) == (
        "Mirantis Welcome Party",
        "Monday 6pm",
        "Sens Restaurant",
        True,
        ["Mirantis", "Dell"],
    )
    assert summit.facts["time_zone"] is None


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_value_of_the_files_is_in_the_database(name):
    load_season(FILES)
    stored = Counter(
        (type(value), value)
        for content in ArchiveRecord.objects.filter(source=name).values_list("content", flat=True)
        for _, value in walk(content)
        if not isinstance(value, dict | list)
    )
    printed = Counter(
        (type(value), value)
        for _, value in walk(DOCUMENTS[name])
        if not isinstance(value, dict | list)
    )
    assert stored == printed


@pytest.mark.parametrize("section", ["meetups", "community_events"])
def test_every_value_of_a_gathering_is_in_its_own_rows_too(section):
    load_season(FILES)
    # Parts of a date: they are in its label.
    dates = {"month", "month_label", "day", "weekday", "start_time", "year", "times"}
    for entry in DOCUMENTS[SEASON][section]:
        row = meetup(entry.get("key") or entry["name"])
        related = [row.minutes, row.topics, row.sites, row.sponsorships]
        texts = json.dumps(
            [model_to_dict(row), row.venue and row.venue.name, row.slug]
            + [model_to_dict(part) for rows in related for part in rows.all()],
            default=str,
            ensure_ascii=False,
        )
        for path, value in walk(entry):
            if not isinstance(value, dict | list) and value is not None and path[0] not in dates:
                assert path[-1] in dates or str(value).lower() in texts.lower(), path


def test_twice_changes_nothing():
    load_season(FILES)
    before = everything()
    load_season(reversed(FILES))
    assert everything() == before


def test_a_changed_file_changes_just_that(tmp_path):
    load_season(FILES)
    before = everything()
    changed = copy.deepcopy(DOCUMENTS)
    changed[SEASON]["meetups"][0]["headcount"] = {"value": 61}
    changed[SEASON]["meetups"][0]["minutes"].pop()
    changed[SEASON]["priorities"]["items"][0]["percent"] = None
    del changed[SEASON]["community_events"][5]
    del changed[INFERRED]["apogee"]
    load_season(write(tmp_path, changed))
    after = everything()
    january = meetup("2012-01")
    assert (january.headcount, january.headcount_as_printed) == (61, "")
    assert january.pk == before["Meetup"][0]["pk"]
    assert january.minutes.count() == 4
    assert not Meetup.objects.filter(kind="webcast").exists()
    assert (
        ArchiveRecord.objects.get(
            section="priorities_items",
            position__gt=0,
            key=changed[SEASON]["priorities"]["items"][0]["title"],
        ).content["percent"]
        is None
    )
    assert not ArchiveRecord.objects.filter(section="apogee").exists()
    unchanged = {"Organization", "Chapter", "Venue", "Topic", "Sponsorship", "Session", "Site"}
    assert {name for name in after if after[name] == before[name]} == unchanged
    load_season(FILES)
    assert [row["content"] for row in everything()["ArchiveRecord"]].count(None) == [
        row["content"] for row in before["ArchiveRecord"]
    ].count(None)


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("value", [1, "text", None, {}, [1]])
def test_an_unknown_key_is_refused_by_name_wherever_it_stands(tmp_path, name, value):
    for path in objects_of(name):
        documents = copy.deepcopy(DOCUMENTS)
        at(documents[name], path)["frobnicate"] = value
        with pytest.raises(SeasonError) as refusal:
            load_season(write(tmp_path, documents))
        assert path_name([*path, "frobnicate"]) in refusal.value.sentence
        assert refusal.value.sentence.startswith(f"{name}: ")
    assert not Season.objects.exists()
    assert not Chapter.objects.exists()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_value_of_another_shape_is_refused_by_name(tmp_path, name):
    for path, value in walk(DOCUMENTS[name]):
        if path:
            documents = copy.deepcopy(DOCUMENTS)
            wrong = [{"odd": []}] if not isinstance(value, list) else {"odd": 1}
            at(documents[name], path[:-1])[path[-1]] = wrong
            with pytest.raises(SeasonError, match=r".") as refusal:
                load_season(write(tmp_path, documents))
            assert path_name(path) in refusal.value.sentence
    assert not ArchiveRecord.objects.exists()


@pytest.mark.parametrize(
    ("name", "path", "value", "named"),
    [
        (SEASON, ("meetups", 1, "key"), "2012-01", "meetups[1].key"),
        (SEASON, ("meetups", 2, "day"), 32, "meetups[2].day"),
        (SEASON, ("meetups", 1, "day"), 30, "meetups[1]"),
        (SEASON, ("meetups", 2, "start_time"), "25:00", "meetups[2].start_time"),
        (SEASON, ("meetups", 0, "minutes", 1, "n"), 1, "meetups[0].minutes[1].n"),
        (SEASON, ("meetups", 0, "minutes", 1, "text"), "\0", "meetups[0].minutes[1].text"),
        (SEASON, ("community_events", 1, "name"), "summit", "community_events[1].name"),
        (SEASON, ("summit", "schedule", 0, "kind"), "keynote", "summit.schedule[0].kind"),
        (INFERRED, ("precision", "2012-01"), "century", "precision.2012-01"),
        (INFERRED, ("iso_dates", "March meetup"), "2012-13-08", "iso_dates.March meetup"),
        (INFERRED, ("same_meeting", "pre-summit"), "2012-09", "same_meeting.pre-summit"),
        (INFERRED, ("brainstorm_to_priority", "1"), 99, "brainstorm_to_priority.1"),
        (BOARD, ("rules", "join_by"), "soon", "rules.join_by"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_written(tmp_path, name, path, value, named):
    documents = copy.deepcopy(DOCUMENTS)
    at(documents[name], path[:-1])[path[-1]] = value
    with pytest.raises(SeasonError) as refusal:
        load_season(write(tmp_path, documents))
    assert named in refusal.value.sentence
    assert everything() == {model.__name__: [] for model in MODELS}


@pytest.mark.parametrize(
    ("documents", "sentence"),
    [
        ({}, "None of the files is a season"),
        ({"a.json": {"_about": "?"}}, "a.json is neither a season"),
        ({"a.json": [1]}, "a.json holds no object"),
        ({"a.json": "{"}, "a.json is not JSON"),
        ({"a.json": '{"group": {"name": "A", "name": "B"}}'}, "the key name stands twice"),
        ({"a.json": OTHER, "b.json": OTHER}, "are of the same kind"),
        ({"a.json": DOCUMENTS[BOARD]}, "None of the files is a season"),
        ({"a.json": OTHER, "b.json": DOCUMENTS[INFERRED]}, "b.json: iso_dates."),
    ],
)
def test_files_that_are_no_season_are_refused(tmp_path, documents, sentence):
    with pytest.raises(SeasonError) as refusal:
        load_season(write(tmp_path, documents))
    assert sentence in refusal.value.sentence
    assert not Season.objects.exists()


def test_another_groups_season_loads_beside_the_first(tmp_path):
    load_season(FILES)
    before = Meetup.objects.filter(season__slug="austin-2012").count()
    season = load_season(write(tmp_path, {"lisbon.json": OTHER}))
    assert (season.slug, season.title, season.year) == ("lisbon", "Kubernetes Lisbon", None)
    assert list(Chapter.objects.values_list("slug", "city", "timezone")[2:]) == [
        ("lisbon", "Lisbon", "UTC"),
        ("porto", "Porto", "UTC"),
    ]
    assert "not known" in Chapter.objects.get(slug="lisbon").about
    first, second, sprint = season.meetups.order_by("pk")
    assert (first.slug, first.printed_date, first.starts_at, first.day) == (
        "lisbon-2012-01-meetup",
        "May 3, 19:00",
        None,
        None,
    )
    assert first.facts == {"time_zone": None}
    assert not first.is_date_inferred
    assert second.slug == "lisbon-pre-summit-meetup"
    assert (sprint.kind, sprint.facts["kind"]) == ("other", "sprint")
    assert Meetup.objects.filter(season__slug="austin-2012").count() == before


def test_inferences_may_come_later_and_go_again(tmp_path):
    first = load_season([DEMO / SEASON])
    assert (first.slug, first.year, meetup("2012-03").starts_at) == ("austin", None, None)
    assert meetup("2012-03").timezone == "UTC"
    assert Organization.objects.filter(name="Redhat").exists()
    second = load_season(FILES)
    assert (second.pk, second.slug, second.year) == (first.pk, "austin-2012", 2012)
    assert Meetup.objects.count() == 13
    third = load_season([DEMO / SEASON])
    assert (third.pk, third.slug, third.year) == (first.pk, "austin", None)
    assert not third.records.filter(is_inferred=True).exists()
    assert not Meetup.objects.exclude(same_as=None).exists()


def test_a_chapter_with_members_keeps_what_they_made_of_it():
    load_season(FILES)
    chapter = Chapter.objects.get(slug="austin")
    user = User.objects.create(email="member@example.org")
    Membership.objects.create(user=user, chapter=chapter)
    Chapter.objects.filter(pk=chapter.pk).update(about="Every second Thursday.")
    load_season(FILES)
    chapter.refresh_from_db()
    assert chapter.about == "Every second Thursday."


def test_the_command_says_what_it_loaded_or_why_not(tmp_path):
    out = StringIO()
    call_command("load_season", *map(str, FILES), stdout=out)
    assert out.getvalue() == (
        "Loaded OpenStack Austin 2012: 13 gatherings on record (11 counting each once), "
        "204 records, at /archive/austin-2012/.\n"
    )
    with pytest.raises(CommandError, match=r"cannot be read: No such file"):
        call_command("load_season", str(tmp_path / "none.json"))
