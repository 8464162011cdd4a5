import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import Mail
from polls.exceptions import RulesFixedError
from polls.models import Election, RollEntry
from polls.selectors.elections.information import listed_elections, stage_of
from polls.services.elections.log import broken_line
from polls.services.elections.setup import (
    announce_election,
    change_election,
    create_election,
    delete_draft,
    publish_external,
)
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.elections import DAY, external, nominating

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def boss():
    return organizer()


def test_a_draft_is_its_organizers_alone_until_it_is_announced(boss):
    reader, stranger = member(), organizer(ChapterFactory(slug="boston"))
    election = create_election(by=boss, title="  Board of   2026 ", seats=8)
    assert (election.slug, election.title, election.state) == (
        "board-of-2026", "Board of 2026", "draft",
    )  # fmt: skip
    for other in (NOBODY, reader, stranger):
        assert not listed_elections(other).exists()
    assert listed_elections(boss).get() == election
    announce_election(election=election, by=boss)
    assert listed_elections(NOBODY).get() == election
    assert [mail.recipient for mail in Mail.objects.filter(purpose__contains="announced")] == [
        reader
    ]
    with pytest.raises(ConflictError):
        announce_election(election=election, by=boss)
    with pytest.raises(ConflictError):
        publish_external(election=election, by=boss)
    with pytest.raises(ConflictError):
        delete_draft(election=election, by=boss)


def test_only_organizers_of_the_chapter(boss):
    election = create_election(by=boss, title="Board")
    for other in (member(), organizer(ChapterFactory(slug="boston"))):
        with pytest.raises(ForbiddenError):
            change_election(election=election, by=other, about="x")
        with pytest.raises(ForbiddenError):
            publish_external(election=election, by=other)
        with pytest.raises(ForbiddenError):
            delete_draft(election=election, by=other)
    delete_draft(election=election, by=boss)
    assert not Election.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " \u200b "}, "title"),
        ({"slug": "new"}, "slug"),
        ({"slug": "no slug"}, "slug"),
        ({"seats": 0}, "seats"),
        ({"votes_per_voter": 0}, "votes_per_voter"),
        ({"method": "stv", "votes_per_voter": 8}, "votes_per_voter"),
        ({"method": "lottery"}, "method"),
        ({"cap_max": 0}, "cap_max"),
        ({"cap_sitting": [{"name": "A", "affiliation": "B"}]}, "cap_max"),
        ({"cap_max": 2, "cap_sitting": [{"name": "A"}]}, "cap_sitting"),
        ({"cap_max": 2, "cap_sitting": [{"name": "A", "affiliation": " "}]}, "cap_sitting"),
        ({"cap_max": 2, "cap_sitting": [{"name": 1, "affiliation": "B"}]}, "cap_sitting"),
        ({"cap_max": 2, "cap_sitting": "A, B"}, "cap_sitting"),
        ({"opens_at": 2, "closes_at": 2}, "closes_at"),
        ({"opens_at": 2, "closes_at": 1}, "closes_at"),
        ({"nominations_close_at": 3, "opens_at": 2}, "opens_at"),
        ({"nominations_open_at": 3, "nominations_close_at": 3}, "nominations_close_at"),
        ({"closes_at": 365 * 300}, "closes_at"),
        ({"outside_url": "javascript:alert(1)"}, "outside_url"),
        ({"about": "x" * 20_001}, "about"),
        ({"inspectors": ["nobody@example.org"]}, "inspectors"),
        ({"candidates": [{"name": " "}]}, "name"),
        ({"candidates": [{"name": "A", "links": "javascript:alert(1)"}]}, "links"),
        ({"questions": ["x" * 301]}, "questions"),
        ({"electorate": [{"email": "no", "reason": "member"}]}, "electorate"),
        ({"electorate": [{"email": "a@b.org", "reason": " "}]}, "electorate"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_whole(boss, fields, field):
    now = clock.now()
    days = {
        name: now + dt.timedelta(days=value) if name.endswith("_at") else value
        for name, value in fields.items()
    }
    with pytest.raises(InvalidError) as caught:
        create_election(by=boss, **{"title": "Board", **days})
    assert field in caught.value.extra["errors"]
    assert not Election.objects.exists()


def test_everything_at_once(boss):
    watcher = member()
    election = create_election(
        by=boss,
        title="Board",
        held="here",
        cap_max=2,
        cap_sitting=[{"name": " Ann  Other ", "affiliation": "Dell"}],
        candidates=[{"name": "Rob", "affiliation": "Dell", "statement": "Users first."}],
        inspectors=[watcher.email],
        questions=["Why you?", "Why you?", " "],
        electorate=[{"email": "VOTER@example.org", "reason": "individual member"}],
    )
    assert election.cap_sitting == [{"name": "Ann Other", "affiliation": "Dell"}]
    rob = election.candidates.get()
    assert (rob.state, rob.is_entered, rob.affiliation) == ("accepted", True, "Dell")
    assert election.inspectors.get().account == watcher
    assert [question.text for question in election.questions.all()] == ["Why you?"]
    assert RollEntry.objects.get().email == "voter@example.org"
    line = election.log.get()
    assert line.event == "announced"
    assert line.facts["inspectors"] == [{"name": watcher.display_name, "affiliation": ""}]


def test_an_address_is_one_elections_alone(boss):
    first = create_election(by=boss, title="Board")
    second = create_election(by=boss, title="Board")
    assert (first.slug, second.slug) == ("board", "board-2")
    with pytest.raises(InvalidError):
        create_election(by=boss, title="Third", slug="board")


def test_once_voting_is_open_the_rules_stay_and_the_words_may_change(boss):
    election = nominating(boss)
    change_election(election=election, by=boss, seats=3)
    Election.objects.filter(pk=election.pk).update(state="open", opened_at=clock.now())
    with pytest.raises(RulesFixedError):
        change_election(election=election, by=boss, seats=4)
    with pytest.raises(RulesFixedError):
        change_election(election=election, by=boss, about="New", closes_at=clock.now() + 30 * DAY)
    changed = change_election(election=election, by=boss, about="New", seats=3)
    assert (changed.about, changed.seats) == ("New", 3)
    lines = [(line.event, line.facts.get("fields")) for line in election.log.order_by("number")]
    assert lines[1:] == [("information_changed", ["seats"]), ("information_changed", ["about"])]
    assert broken_line(election) is None


def test_one_held_elsewhere_can_be_put_right_and_keeps_its_address(boss):
    election = external(boss, outside_url="https://vote.example.org/")
    changed = change_election(election=election, by=boss, seats=8, slug="other")
    assert (changed.seats, changed.slug, changed.state) == (8, election.slug, "external")
    assert election.log.order_by("number").first().facts["held"] == "elsewhere"
    assert stage_of(changed) == "running"
    changed.closes_at = clock.now()
    assert stage_of(changed) == "past"
