"""The archive's pages: everything recorded is readable, what is unknown or inferred says so."""

import html
import json
import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from community.models import ArchiveRecord, Chapter, Season
from community.templatetags.facts import humanise, shown
from meetups.services.season import load_season

DEMO = Path(__file__).parents[2] / "community" / "project" / "demo"
FILES = sorted(DEMO.glob("*.json"))


def text_of(page):
    content = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", html.unescape(content))


def scalars(value):
    if isinstance(value, dict):
        return [found for part in value.values() for found in scalars(part)]
    if isinstance(value, list):
        return [found for part in value for found in scalars(part)]
    return [value]


@pytest.fixture
def season(db):
    return load_season(FILES)


@pytest.fixture
def page(season, client):
    answer = client.get(f"/archive/{season.slug}/")
    assert answer.status_code == 200
    return answer


def test_the_archive_lists_seasons(season, client):
    text = text_of(client.get("/archive/"))
    assert "OpenStack Austin 2012" in text
    assert "inferred" in text


@pytest.mark.django_db
def test_an_empty_archive_says_so(client):
    assert "No season is on record" in text_of(client.get("/archive/"))
    assert client.get("/archive/nowhere-1999/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_once(client, count, django_assert_num_queries):
    chapter = Chapter.objects.create(slug="austin", name="OpenStack Austin")
    for number in range(count):
        Season.objects.create(slug=f"s{number}", title=f"Season {number}", chapter=chapter)
    with django_assert_num_queries(1):
        page = client.get("/archive/")
    assert text_of(page).count("year not known") == count


def test_everything_recorded_can_be_read(page, season):
    text = text_of(page).lower()
    # Gatherings have pages of their own; numbers of days and months become words.
    records = season.records.exclude(section__in=["meetups", "community_events"])
    for record in records:
        for value in scalars(record.content):
            if isinstance(value, bool) or (record.section, record.key) == (
                "board_election",
                "window",
            ):
                continue
            wanted = "not known" if value is None else re.sub(r"\s+", " ", str(value)).lower()
            assert wanted in text, (record.section, record.key, value)
    assert "august 20" in text
    assert "august 24" in text


def test_nothing_is_shown_in_the_notation_of_the_files(page):
    text = text_of(page)
    assert not re.search(r"[{}]|\bNone\b|\bTrue\b|\bFalse\b|\['", text)
    names = json.loads(FILES[0].read_text())["board_election"]
    assert not any(name in text for name in names if "_" in name)


def test_meetings_are_linked_and_counted_once(page, season):
    text = text_of(page)
    assert "5 meetings are on record." in text
    assert "Probably the same as March meetup, and not counted again" in text
    for meetup in season.meetups.all():
        assert f'href="/meetups/{meetup.slug}/"' in page.content.decode()


def test_what_is_inferred_is_marked_and_has_its_reason(page, season):
    text = text_of(page)
    body = page.content.decode()
    assert "The year 2012 is worked out, not printed." in text
    assert "April 12 is a Thursday" in text
    inferred = body[body.index('id="inferred"') :]
    sections = set(season.records.filter(is_inferred=True).values_list("section", flat=True))
    assert inferred.count("badge attention") == len(sections - {"about", "brainstorm_to_priority"})


def test_a_section_nobody_knows_is_shown_all_the_same(season, client):
    ArchiveRecord.objects.create(
        season=season,
        section="side_notes",
        key="loud_room",
        position=999,
        content={"how_loud": None},
        source="x.json",
    )
    text = text_of(client.get(f"/archive/{season.slug}/"))
    assert "Side notes Loud room How loud not known" in text


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, "unknown", None),
        ("", "unknown", None),
        (True, "text", "yes"),
        (False, "text", "no"),
        (0, "text", "0"),
        (1907, "text", "1907"),
        ([], "text", "none"),
        (["a", "b"], "text", "a, b"),
        (["a", None], "items", ["a", None]),
        ({"month": 8, "day": 20}, "text", "August 20"),
        ({"year": 2012, "month": 3}, "text", "March 2012"),
        ({"single_node_minutes": 10}, "pairs", [("Single node minutes", 10)]),
        ("https://example.org/x", "link", "https://example.org/x"),
        ("javascript:alert(1)", "text", "javascript:alert(1)"),
    ],
)
def test_every_value_has_words(value, kind, words):
    assert shown(value) == (kind, words)


def test_names_stay_as_printed():
    assert humanise("in_order_of_the_author's_notes") == "In order of the author's notes"
    assert humanise("enStratus") == "enStratus"
    assert humanise("pre-summit") == "pre-summit"


def test_what_a_file_says_is_text_and_never_markup():
    page = render_to_string("components/fact.html", {"shown": shown({"a": ["<b>" * 20]})})
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
