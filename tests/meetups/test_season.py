"""The season loader: everything arrives, nothing unknown passes, twice is once."""

import copy
import datetime as dt
import json
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.forms.models import model_to_dict

from community.models import ArchiveRecord, Chapter, Membership, Organization, User
from meetups.models import Meetup, Sponsorship, Venue
from meetups.selectors.meetups import held_count
from meetups.services.season import load_season
from meetups.services.season.shape import walk
from tests.meetups.season_files import (
    DEMO,
    DOCUMENTS,
    FILES,
    INFERRED,
    MODELS,
    OTHER,
    SEASON,
    everything,
    meetup,
    write,
)

pytestmark = pytest.mark.django_db


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
