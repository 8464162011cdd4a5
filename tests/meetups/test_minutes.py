"""Minutes: written whole, drafted from the notes, published with one click."""

import datetime as dt
import json

import pytest

from community.core import clock
from community.core.errors import InvalidError
from community.core.markdown import render_markdown
from meetups.exceptions import ChangedMeanwhileError, RecordedError
from meetups.models import Meetup, MinutesItem, Note, Sponsorship
from meetups.selectors.paper import minutes_facts
from meetups.services.minutes import (
    Minutes,
    draft_minutes,
    publish_minutes,
    save_minutes,
    withdraw_minutes,
)
from meetups.services.own_data import erase_meetups_data
from meetups.services.season import load_season
from tests.factories.community import (
    ChapterFactory,
    OrganizationFactory,
    bearer,
    member,
    organizer,
)
from tests.factories.meetups import MeetupFactory
from tests.meetups.paper import filled
from tests.meetups.season_files import FILES
from tests.meetups.season_files import meetup as recorded

pytestmark = pytest.mark.django_db


def held(**fields):
    return MeetupFactory(starts_at=clock.now() - dt.timedelta(days=1), **fields)


def item(text, **fields):
    return {"text": text, "speaker": "", "is_decision": False, **fields}


def written(meetup, boss, *texts, **fields):
    return save_minutes(
        meetup=meetup, minutes=Minutes(items=[item(text) for text in texts], **fields), by=boss
    )


def texts(meetup):
    return list(meetup.minutes.values_list("number", "text"))


def api(client, meetup, user, method="get", path="", body=None):
    return getattr(client, method)(
        f"/api/v1/meetups/{meetup.slug}/minutes/{path}",
        *([json.dumps(body or {})] if method != "get" else []),
        content_type="application/json",
        headers=bearer(user) if user else {},
    )


def test_items_are_numbered_in_their_order_and_keep_who_they_are():
    meetup = held()
    boss = organizer(meetup.chapter)
    written(meetup, boss, "first", "second", "third")
    rows = list(MinutesItem.objects.order_by("number"))
    rows[1].facts = {"minutes_to_install": 10}
    rows[1].save()
    reordered = [item("third", id=rows[2].pk), item("new"), item("second!", id=rows[1].pk)]
    save_minutes(meetup=meetup, minutes=Minutes(items=reordered), by=boss)
    assert texts(meetup) == [(1, "third"), (2, "new"), (3, "second!")]
    assert MinutesItem.objects.get(pk=rows[1].pk).facts == {"minutes_to_install": 10}
    assert not MinutesItem.objects.filter(pk=rows[0].pk).exists()


def test_rows_of_another_meetup_cannot_be_taken():
    meetup, other = held(), held()
    boss = organizer(meetup.chapter)
    written(other, boss, "theirs")
    foreign = other.minutes.get()
    with pytest.raises(InvalidError):
        save_minutes(meetup=meetup, minutes=Minutes(items=[item("mine", id=foreign.pk)]), by=boss)
    foreign.refresh_from_db()
    assert (foreign.meetup, foreign.text) == (other, "theirs")


def test_who_saves_on_an_old_reading_is_told_and_nothing_is_lost():
    meetup = held()
    boss, second = organizer(meetup.chapter), organizer(meetup.chapter)
    version = minutes_facts(meetup)["version"]
    minutes = Minutes(items=[item("the first one's")])
    save_minutes(meetup=meetup, minutes=minutes, by=boss, version=version)
    with pytest.raises(ChangedMeanwhileError):
        save_minutes(meetup=meetup, minutes=Minutes(), by=second, version=version)
    assert texts(meetup) == [(1, "the first one's")]
    save_minutes(  # without the version the last one wins
        meetup=meetup, minutes=Minutes(items=[item("theirs")]), by=second
    )
    assert texts(meetup) == [(1, "theirs")]


def test_a_doubt_needs_a_number():
    meetup = held()
    with pytest.raises(InvalidError):
        written(meetup, organizer(meetup.chapter), "x", is_headcount_minimum=True)
    meetup = written(
        meetup, organizer(meetup.chapter), "x", headcount=60, is_headcount_minimum=True,
        headcount_as_printed=">60",
    )  # fmt: skip
    meetup.refresh_from_db()
    assert (meetup.headcount, meetup.is_headcount_minimum) == (60, True)


def test_every_visible_note_becomes_an_item_once():
    meetup = held()
    boss = organizer(meetup.chapter, name="Rob")
    written(meetup, boss, "opening")
    for text, hidden in (("one", None), ("unkind", clock.now()), ("two", None)):
        Note.objects.create(meetup=meetup, author=boss, text=text, at=clock.now(), hidden_at=hidden)
    assert draft_minutes(meetup=meetup, by=boss) == 2
    assert texts(meetup) == [(1, "opening"), (2, "one"), (3, "two")]
    assert meetup.minutes.get(number=2).speaker == "Rob"
    Note.objects.create(meetup=meetup, author=None, text="three", at=clock.now())
    MinutesItem.objects.filter(text="one").update(text="one, in better words")
    assert draft_minutes(meetup=meetup, by=boss) == 1
    assert [text for _, text in texts(meetup)] == [
        "opening", "one, in better words", "two", "three",
    ]  # fmt: skip


def test_who_deletes_their_account_is_named_no_more():
    meetup = held()
    boss, other = organizer(meetup.chapter, name="Rob"), member(meetup.chapter, name="Matt")
    for author in (boss, other):
        Note.objects.create(meetup=meetup, author=author, text="said", at=clock.now())
    draft_minutes(meetup=meetup, by=boss)
    meetup.minutes.create(number=9, text="As Matt put it.", speaker="Matt")
    erase_meetups_data(other, frozenset({other.email}))
    speakers = list(meetup.minutes.values_list("speaker", flat=True))
    assert speakers == ["Rob", "", "Matt"]  # what an organizer wrote by hand is theirs
    assert list(Note.objects.values_list("author__name", flat=True)) == ["Rob", None]


def test_only_published_minutes_are_public_everywhere(client):
    meetup = held()
    boss = organizer(meetup.chapter)
    written(meetup, boss, "what was said", intro="before it")
    places = (f"/meetups/{meetup.slug}/", f"/api/v1/meetups/{meetup.slug}/")
    for url in places:
        body = client.get(url).content.decode()
        assert "what was said" not in body
        assert "before it" not in body
    assert api(client, meetup, None).status_code == 404
    assert api(client, meetup, member()).status_code == 404
    assert api(client, meetup, boss).json()["items"][0]["text"] == "what was said"
    publish_minutes(meetup=meetup, by=boss)
    for url in places:
        assert "what was said" in client.get(url).content.decode()
    assert api(client, meetup, None).json()["published_at"].endswith("Z")
    withdraw_minutes(meetup=meetup, by=boss)
    for url in places:
        assert "what was said" not in client.get(url).content.decode()


def test_publishing_needs_words_and_twice_is_once():
    meetup = held()
    boss = organizer(meetup.chapter)
    with pytest.raises(InvalidError):
        publish_minutes(meetup=meetup, by=boss)
    written(meetup, boss, "words")
    first = publish_minutes(meetup=meetup, by=boss).minutes_published_at
    assert publish_minutes(meetup=meetup, by=boss).minutes_published_at == first


def test_the_archive_stays_as_it_was_recorded():
    load_season(FILES)
    january = recorded("2012-01")
    boss = organizer(january.chapter)
    before = texts(january)
    for act in (
        lambda: written(january, boss, "other"),
        lambda: draft_minutes(meetup=january, by=boss),
        lambda: publish_minutes(meetup=january, by=boss),
        lambda: withdraw_minutes(meetup=january, by=boss),
    ):
        with pytest.raises(RecordedError):
            act()
    assert texts(january) == before


def test_the_api_writes_what_the_page_writes(client):
    meetup = held()
    boss = organizer(meetup.chapter)
    body = {
        "intro": "Before.",
        "items": [item("We meet monthly.", speaker="Rob", is_decision=True), item("Next.")],
        "recordings": [{"title": "Talk", "url": "https://example.org/talk"}],
        "headcount": 48,
        "is_headcount_uncertain": True,
        "headcount_as_printed": "48?!",
    }
    answer = api(client, meetup, boss, "put", body=body).json()
    assert [row["number"] for row in answer["items"]] == [1, 2]
    again = body | {"version": answer["version"], "items": answer["items"][:1]}
    assert len(api(client, meetup, boss, "put", body=again).json()["items"]) == 1
    stale = api(client, meetup, boss, "put", body=again)
    assert (stale.status_code, stale.json()["code"]) == (409, "changed_meanwhile")
    assert api(client, meetup, boss, "post", "publish/").json()["published_at"]
    page = client.get(f"/meetups/{meetup.slug}/").content.decode()
    assert "48, not certain" in page
    assert "“48?!”" in page
    assert "https://example.org/talk" in page
    assert api(client, meetup, boss, "post", "withdraw/").json()["published_at"] is None
    assert api(client, meetup, boss, "post", "draft/").json() == {"added": 0}


@pytest.mark.parametrize("path", ["", "publish/", "withdraw/", "draft/"])
def test_only_its_organizers_write(client, path):
    meetup = held()
    method = "post" if path else "put"
    body = {"items": []}
    elsewhere = organizer(ChapterFactory(slug="boston"))
    for user, status in ((None, 401), (member(), 403), (elsewhere, 403)):
        assert api(client, meetup, user, method, path, body).status_code == status
    page = f"/meetups/{meetup.slug}/minutes/"
    client.force_login(elsewhere)
    assert client.get(page).status_code == 403
    assert client.post(page, {}).status_code == 403
    draft = held(is_published=False)
    assert client.get(f"/meetups/{draft.slug}/minutes/").status_code == 404


def test_the_page_saves_orders_and_removes_without_scripts(client):
    meetup = held()
    boss = organizer(meetup.chapter)
    client.force_login(boss)
    url = f"/meetups/{meetup.slug}/minutes/"
    first = filled(
        client.get(url),
        {
            "intro": "Before.", "items-0-text": "second", "items-0-place": "2",
            "items-1-text": "first", "items-1-place": "1", "items-1-is_decision": "on",
            "recordings-0-title": "Talk", "recordings-0-url": "https://example.org/talk",
        },
    )  # fmt: skip
    assert client.post(url, first).status_code == 302
    assert texts(meetup) == [(1, "first"), (2, "second")]
    assert meetup.minutes.get(number=1).is_decision
    assert meetup.recordings.get().url == "https://example.org/talk"
    removed = filled(client.get(url), {"items-0-DELETE": "on"})
    assert client.post(url, removed).status_code == 302
    assert texts(meetup) == [(1, "second")]
    answer = client.post(url, removed | {"intro": "Mine."})  # on an old reading
    assert answer.status_code == 409
    assert "Someone else changed this" in answer.content.decode()
    assert "Mine." in answer.content.decode()
    wrong = filled(client.get(url), {"items-0-text": "", "intro": "Kept."})
    answer = client.post(url, wrong)
    assert answer.status_code == 422
    assert "Kept." in answer.content.decode()


def test_one_click_publishes_withdraws_and_drafts(client):
    meetup = held()
    boss = organizer(meetup.chapter)
    Note.objects.create(meetup=meetup, author=boss, text="a note", at=clock.now())
    client.force_login(boss)
    url = f"/meetups/{meetup.slug}/minutes/"
    client.post(f"{url}draft/")
    client.post(f"{url}publish/", {"state": "publish"})
    meetup.refresh_from_db()
    assert meetup.are_minutes_public
    assert texts(meetup) == [(1, "a note")]
    client.post(f"{url}publish/", {"state": "withdraw"})
    meetup.refresh_from_db()
    assert not meetup.are_minutes_public


def test_the_published_page_marks_decisions_and_thanks(client):
    meetup = held()
    boss = organizer(meetup.chapter)
    Sponsorship.objects.create(
        meetup=meetup, organization=OrganizationFactory(), thanks="Thanks to SUSE for the food."
    )
    Note.objects.create(meetup=meetup, author=boss, text="as noted", at=clock.now())
    Note.objects.create(
        meetup=meetup, author=boss, text="unkind", at=clock.now(), hidden_at=clock.now()
    )
    minutes = Minutes(items=[item("We *do* it.<script>", is_decision=True)])
    save_minutes(meetup=meetup, minutes=minutes, by=boss)
    publish_minutes(meetup=meetup, by=boss)
    page = client.get(f"/meetups/{meetup.slug}/").content.decode()
    assert "We <em>do</em> it.&lt;script&gt;" in page
    assert ">decision</" in page
    assert page.count("Thanks to SUSE for the food.") == 1
    assert "as noted" in page
    assert "unkind" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sheet_asks_as_often_for_three_items_as_for_one(
    client, rows, django_assert_num_queries
):
    meetup = held()
    boss = organizer(meetup.chapter)
    written(meetup, boss, *[f"item {number}" for number in range(rows)])
    client.force_login(boss)
    with django_assert_num_queries(7):
        client.get(f"/meetups/{meetup.slug}/minutes/")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b*", "<p>a <em>b</em></p>"),
        ("# no heading", "<p># no heading</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("![x](https://e.org/x.png)", '<p>!<a href="https://e.org/x.png" rel="nofollow noopener noreferrer">x</a></p>'),  # noqa: E501 - one answer
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_is_words_and_nothing_else(text, html):
    assert render_markdown(text).strip() == html


def test_what_was_counted_at_the_door_is_proposed(client):
    meetup = MeetupFactory()
    client.force_login(organizer(meetup.chapter))
    url = f"/meetups/{meetup.slug}/minutes/"
    assert "were counted" not in client.get(url).content.decode()
    meetup.check_ins.create(people=29, client_id="door", came_at=clock.now())
    page = client.get(url)
    assert page.context["form"]["headcount"].value() == 29
    assert "29 were counted at the door." in page.content.decode()
    Meetup.objects.filter(pk=meetup.pk).update(headcount=31)
    assert client.get(url).context["form"]["headcount"].value() == 31
