"""What the polls app shows of a recorded season."""

import html
import json
import re
from pathlib import Path

import pytest

from community.models import Chapter, Season
from meetups.services.season import load_season
from polls.panels import (
    season_brainstorm_panel,
    season_election_panel,
    season_priorities_panel,
)

DEMO = Path(__file__).parents[2] / "community" / "project" / "demo"
SEASON = json.loads((DEMO / "austin_2012.json").read_text())
BOARD = json.loads((DEMO / "foundation_board_2012.json").read_text())


def words(value):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", value))).strip()


@pytest.fixture
def season(db):
    return load_season(sorted(DEMO.glob("*.json")))


@pytest.fixture
def body(season, client):
    return client.get(f"/archive/{season.slug}/").content.decode()


def part(body, start):
    """The section of the page whose heading has this id."""
    return re.split(r"</section>", body[body.index(f'id="{start}"') :])[0]


def test_the_thirteen_topics_with_notes_authors_and_what_became_of_them(body):
    section = words(part(body, "brainstorm"))
    assert "13 topics" in section
    places = [
        section.index(f"{topic['n']} {words(topic['title'])}")
        for topic in SEASON["brainstorm"]["topics"]
    ]
    assert places == sorted(places)
    assert len(places) == 13
    assert "doubt: that did not work for Java RobH" in section
    assert "Became priority 4: Documentation Standards and improved user guides inferred" in section
    assert section.count("Became priority") == 12
    assert section.endswith(
        "Left out of the priorities inferred The brainstorm on a page of its own"
    )
    assert 'href="https://blueprints.launchpad.net/nova/+spec/filedriver"' in body


def test_the_twelve_priorities_as_a_scorecard(body):
    rows = re.findall(r"<tr>(.*?)</tr>", part(body, "priorities"), re.DOTALL)[1:]
    assert [words(row) for row in rows] == [
        words(
            f"{item['order']} {item['title']} {item['percent']} % "
            f"{item['result']} {item['outlook']}"
        )
        for item in SEASON["priorities"]["items"]
    ]
    assert "Voter count not known Method not known" in words(part(body, "priorities"))


def test_the_election_informs(body):
    section = words(part(body, "election"))
    for fact in (
        "Votes per voter 8",
        "From August 20",
        "To August 24",
        "Results not known",
        "Held elsewhere yes",
        "Rob Hirschfeld Dell. technologist",
        "Partners SUSE, Canonical, Redhat, Mirantis, enStratus",
    ):
        assert fact in section


def test_the_foundations_rows_show_votes_beside_voters(body):
    section = part(body, "foundation")
    rows = [words(row) for row in re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)[1:]]
    assert rows == [
        "1 Rob Hirschfeld Dell 2195.00 14.57 % 510 26.74 % 86 % yes",
        "2 Monty Taylor HP 1968.25 13.06 % 370 19.40 % 75 % yes",
        "3 Hui Cheng SINA 1712.12 11.36 % 336 17.62 % not known yes inferred",
        "4 Joseph George Dell 1364.38 9.05 % 388 20.35 % 88 % no: affiliation cap",
    ]
    for source in BOARD["sources"]:
        assert source in words(section)
    assert "Max directors per company 2" in words(section)


@pytest.mark.django_db
def test_a_season_without_these_parts_has_no_panels(rf):
    chapter = Chapter.objects.create(slug="lisbon", name="Kubernetes Lisbon")
    season = Season.objects.create(slug="lisbon", title="Kubernetes Lisbon", chapter=chapter)
    request = rf.get("/")
    assert season_brainstorm_panel(request, season) is None
    assert season_priorities_panel(request, season) is None
    assert season_election_panel(request, season) is None
