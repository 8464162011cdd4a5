"""The season of 2012 as its meetups' pages show it: as reported, unknown as unknown."""

import html
import re

import pytest

from community.core import clock
from meetups.models import Meetup
from meetups.services.season import load_season
from tests.meetups.season_files import DOCUMENTS, FILES, INFERRED, SEASON, meetup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _season():
    load_season(FILES)


@pytest.fixture
def shown(client):
    """The page of a recorded meeting, as text without its tags."""

    def text_of(key):
        page = client.get(f"/meetups/{meetup(key).slug}/").content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))

    return text_of


def stage(text, name):
    """What stands under a stage of the topics."""
    part = text[text.index("Topics, from plan to meeting") :]
    after = {"Planned": "Announced", "Announced": "Held", "Held": "On record"}[name]
    return part[part.index(f" {name} ") : part.index(f" {after} ")]


def test_april_has_its_rsvps_and_what_they_were_for(shown):
    text = shown("2012-04")
    assert "RSVPs 35 as of Monday noon" in text
    assert "RSVP reason to know how much food to get" in text
    assert "SUSE pays for food" in text
    assert "Thanks to" not in text  # the record has no such words
    assert "Dell pays for room rental" in text
    assert "Came unknown" in text
    assert "Thursday, April 12" in text
    assert "date inferred" in text
    assert "Austin TechRanch" in text
    assert "conference debrief" in stage(text, "Planned")
    assert "Austin at Summit" in stage(text, "Announced")
    assert "DevStack Essex" in stage(text, "Announced")
    assert "not recorded" in stage(text, "Held")


def test_january_has_its_minutes(shown):
    text = shown("2012-01")
    items = next(row for row in DOCUMENTS[SEASON]["meetups"] if row["key"] == "2012-01")["minutes"]
    assert len(items) == 5
    places = [text.index(item["text"]) for item in items]
    assert places == sorted(places)
    assert "Minutes to install: 10" in text
    assert "Came at least 60 printed as “>60”" in text
    assert "Visitors from Portland, Boston" in text
    assert "Place not known" in text
    assert "SUSE printed as “Suse”" in text


def test_march_shows_plan_announcement_and_what_was_probably_held(shown):
    text = shown("2012-03")
    assert "Essex" in stage(text, "Planned")
    assert "DevStack" in stage(text, "Planned")
    assert "the Essex release" in stage(text, "Announced")
    held = stage(text, "Held")
    assert "inferred" in held
    for topic in ("HP cloud lessons learned", "Essex Deploy Day overview", "Design Summit"):
        assert topic in held
    assert "March 8, 18:30" in text
    assert "Came unknown" in text
    assert DOCUMENTS[INFERRED]["same_meeting"]["because"] in text
    # what was recorded of this meeting itself is not called inferred
    assert "inferred" not in stage(text, "Planned") + stage(text, "Announced")


def test_control_the_held_topics_of_march_come_from_the_second_record_alone(shown):
    Meetup.objects.update(same_as=None)
    text = shown("2012-03")
    assert "not recorded" in stage(text, "Held")
    assert "HP cloud lessons learned" not in text


def test_the_second_record_says_what_it_is_and_keeps_its_doubt(shown):
    text = shown("pre-summit")
    assert "Came 48, not certain printed as “48?!”" in text
    assert "This is probably the same meeting as" in text
    assert "Inferred; the two count once." in text
    assert "HP cloud lessons learned" in stage(text, "Held")
    assert "inferred" not in stage(text, "Held")
    assert "date not known" in text
    assert "Place not known" in text


def test_a_sponsor_goes_by_its_usual_name_and_the_printed_one_is_shown(shown):
    assert "Puppet Labs printed as “Puppet”" in shown("post-summit")
    assert "printed as “Dell”" not in shown("2012-01")


@pytest.mark.parametrize("key", ["2012-02", "2012-03", "2012-04", "post-summit"])
def test_a_headcount_nobody_reported_is_unknown(shown, key):
    assert "Came unknown" in shown(key)


def test_every_recorded_page_opens_and_none_asks_for_an_rsvp(client):
    recorded = Meetup.objects.exclude(season=None)
    assert recorded.count() == 13
    for row in recorded:
        page = client.get(f"/meetups/{row.slug}/").content.decode()
        assert "Count me in" not in page
        assert ">None<" not in page


def test_the_records_own_words_are_not_taken_for_markdown(client):
    """“48?!” and the like are quoted, and a star in a record is a star."""
    january = meetup("2012-01")
    january.minutes.filter(number=1).update(text="A *record* says\n# this")
    page = client.get(f"/meetups/{january.slug}/").content.decode()
    assert "A *record* says" in page
    now = clock.now()
    Meetup.objects.filter(pk=january.pk).update(season=None, minutes_published_at=now)
    page = client.get(f"/meetups/{january.slug}/").content.decode()
    assert "A <em>record</em> says" in page
