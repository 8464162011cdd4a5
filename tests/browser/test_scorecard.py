"""A list of priorities from the organizer's sheet to the scorecard, and on to the next season."""

import re

import pytest

from tests.browser.accessibility import findings
from tests.browser.gathering import SEND

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 375, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 800}}
A4_PX = 718  # the text's width on A4 at 96 px an inch, with margins of 1 cm


def said(page):
    return page.get_by_role("status").first


def fits(page, heading):
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


def assess(page, path, happened, *, word="", own=""):
    page.goto(path)
    page.get_by_role("link", name="Shared second").click()
    page.get_by_label("what happened").fill(happened)
    if word:
        page.get_by_label("Outlook (optional)").select_option(word)
    page.get_by_label("or in your own words").fill(own)
    page.get_by_label("Links").fill("/meetups/ The minutes")
    page.get_by_role("button", name="Put it on the scorecard").click()
    expect(said(page)).to_contain_text("on the scorecard")


def counted_poll(desk):
    """Title and slug of a poll closed just now: one option before two that share their rank."""
    title = f"What matters {desk.evaluate('Date.now()')}"
    slug = title.lower().replace(" ", "-")
    options = ["First of all", "Shared second", "Shared third"]
    now = desk.evaluate("new Date().toISOString()")
    later = desk.evaluate("new Date(Date.now() + 9e6).toISOString()")
    body = {"title": title, "slug": slug, "options": options, "opens_at": now, "closes_at": later}
    assert desk.evaluate(SEND, ["/api/v1/polls/", "POST", body]) == 201
    url = f"/api/v1/polls/{slug}/"
    first = desk.evaluate("async url => (await (await fetch(url)).json()).options", url)
    number = next(option["id"] for option in first if option["title"] == options[0])
    assert desk.evaluate(SEND, [f"{url}ballot/", "PUT", {"ranking": [number]}]) == 200
    assert desk.evaluate(SEND, [f"{url}close/", "POST", {}]) == 200
    return title, slug


def written(desk):
    """A list published just now, from a poll's result: its title and its path."""
    desk.goto("/priorities/")
    title, slug = counted_poll(desk)
    desk.goto(f"/polls/{slug}/results/")
    desk.get_by_role("link", name="Publish as priorities").click()
    fits(desk, "A new list of priorities")
    expect(desk.get_by_label("Title")).to_have_value(title)
    desk.get_by_label("Addressed to").fill("the spring summit")
    desk.get_by_role("button", name="Make the draft").click()
    expect(said(desk)).to_contain_text("Only organizers see it yet")
    path = desk.evaluate("location.pathname")
    desk.get_by_role("link", name="Change the list").click()
    desk.get_by_label("Observers").fill("member@example.org\nsecond@example.org")
    fits(desk, "Change the list")
    desk.get_by_role("button", name="Save the list").click()
    fits(desk, title)
    desk.get_by_role("button", name="Publish the list").click()
    expect(said(desk)).to_contain_text("Everyone can read it")
    return title, path


def has_every_column_on_paper(desk):
    desk.emulate_media(media="print")  # on paper every column is there and none is cut
    desk.set_viewport_size({"width": A4_PX, "height": 1000})
    expect(desk.get_by_role("button", name="Change the list")).to_have_count(0)
    right = [
        cell.bounding_box()["x"] + cell.bounding_box()["width"]
        for cell in desk.locator(".scorecard thead th").all()
    ]
    assert len(right) == 5
    assert right == sorted(right)
    assert right[-1] <= A4_PX
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.emulate_media(media="screen")
    desk.set_viewport_size(DESK["viewport"])


def test_a_list_is_written_published_assessed_by_two_and_carried_on(visit):
    desk = visit("organizer", **DESK)
    title, path = written(desk)
    phone = visit("member", **PHONE)
    assess(phone, path, "Two sessions, one of them full.", word="Strong")
    fits(phone, "Shared second")
    other = visit("second", **PHONE)
    assess(other, path, "Nobody spoke of operators.", own="Half of it")

    phone.goto(path)  # a list on a phone
    fits(phone, title)
    row = phone.get_by_role("row", name=re.compile("Shared second"))
    for words in ("2 shared", "25 %", "Two sessions", "Half of it", "Max Member", "Sam Second"):
        expect(row).to_contain_text(words)
    expect(phone.get_by_role("button", name="Publish the list")).to_have_count(0)
    desk.goto(path)  # a table on a desk, the observers side by side
    fits(desk, title)
    row = desk.get_by_role("row", name=re.compile("Shared second"))
    first, second = (box.bounding_box() for box in row.locator(".said > div").all())
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]
    expect(desk.get_by_role("button", name="Make it a draft again")).to_have_count(0)

    has_every_column_on_paper(desk)
    desk.get_by_role("link", name="Shared second").click()
    desk.get_by_label("To", exact=True).select_option("list:what-we-bring-to-the-next-summit")
    desk.get_by_role("button", name="Carry the issue over").click()
    expect(said(desk)).to_contain_text("What we bring to the next summit")
    history = desk.get_by_role("table")
    expect(history.get_by_role("row")).to_have_count(3)
    fits(desk, "Shared second")
    desk.get_by_role("link", name="What we bring to the next summit").click()
    expect(desk.get_by_role("table")).to_contain_text("Half of it")
    desk.goto("/priorities/outlooks/")
    fits(desk, "Words for the outlook")


def test_the_scorecard_of_2012_for_a_stranger(visit):
    phone = visit(**PHONE)
    phone.goto("/")
    phone.get_by_role("link", name=re.compile("The whole list")).click()
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    phone.goto("/priorities/priorities-2012/")
    fits(phone, "Priorities, OpenStack Austin 2012")
    expect(phone.get_by_role("rowheader")).to_have_count(12)
    expect(phone.get_by_text("method not stated")).to_be_visible()
    phone.get_by_role("link", name=re.compile("Operations focus")).click()
    fits(phone, re.compile("Operations focus"))
    phone.get_by_role("link", name="Brainstorm, OpenStack Austin 2012").click()
    expect(phone.get_by_text("CDMI", exact=False).first).to_be_visible()
