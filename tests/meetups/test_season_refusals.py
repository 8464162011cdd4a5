"""The season loader refuses what it does not know, by name, and writes nothing."""

import copy

import pytest

from community.exceptions import SeasonError
from community.models import ArchiveRecord, Chapter, Season
from meetups.services.season import load_season
from meetups.services.season.shape import path_name, walk
from tests.meetups.season_files import (
    BOARD,
    DOCUMENTS,
    INFERRED,
    MODELS,
    OTHER,
    SEASON,
    at,
    everything,
    objects_of,
    write,
)

pytestmark = pytest.mark.django_db


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
