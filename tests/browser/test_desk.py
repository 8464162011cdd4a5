"""An organizer's evening before the meetup: the list, a list from elsewhere, the food."""

from functools import partial

import pytest

from tests.browser.accessibility import findings
from tests.browser.gathering import Gathering

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect

GOOD = "Email,Name,Guests,Checked in\nada@example.org,Ada,2,yes\nbea@example.org,Bea,0,no\n"


@pytest.fixture
def gathering(site, new_page):
    return Gathering(partial(new_page, base_url=site))


def choose(page, text):
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Look it through").click()


def said(page):
    return page.get_by_role("status").first


def test_the_list_by_hand(gathering):
    page = gathering.boss
    page.goto(f"/meetups/{gathering.slug}/")
    assert findings(page) == []
    page.get_by_role("link", name="People").click()
    expect(page.get_by_text("Nobody has answered yet.")).to_be_visible()
    assert findings(page) == []
    page.get_by_label("E-mail address").fill(f"{gathering.slug}@example.org")
    page.get_by_label("Name").fill("Nell")
    page.get_by_role("button", name="Count them in").click()
    expect(said(page)).to_contain_text("Nell is going")
    row = page.get_by_role("row").filter(has_text="Nell")
    row.get_by_text("Change").click()
    assert findings(page) == []
    row.get_by_label("Guests").fill("3")
    row.get_by_role("button", name="Save").click()
    expect(said(page)).to_contain_text("Nell is going, 4 in all")
    page.get_by_text("The latest mails").click()
    expect(page.get_by_role("row").filter(has_text=f"{gathering.slug}@").last).to_be_visible()
    assert findings(page) == []
    row.get_by_text("Change").click()
    row.get_by_role("button", name="Take off the list").click()
    expect(said(page)).to_contain_text("Nell is off the list")
    page.get_by_role("link", name="Not going").click()
    expect(page.get_by_role("row").filter(has_text="Nell")).to_be_visible()


def test_a_list_from_elsewhere_then_the_food_and_the_door(gathering):
    page = gathering.boss
    page.goto(f"/meetups/{gathering.slug}/people/")
    page.get_by_role("link", name="Import a list from elsewhere (CSV)").click()
    assert findings(page) == []
    choose(page, GOOD + "nonsense,X,9,\n")
    expect(page.get_by_text("1 that cannot be taken")).to_be_visible()
    expect(page.get_by_role("button", name="Take the list")).to_have_count(0)
    assert findings(page) == []
    choose(page, GOOD)
    page.get_by_role("button", name="Take the list").click()
    expect(said(page)).to_contain_text("2 new")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.click()
    assert "ada@example.org,Ada,2,going" in download.value.path().read_text()

    page.goto(f"/meetups/{gathering.slug}/")
    page.get_by_role("link", name="Food").click()
    expect(page.get_by_text("Expect 3 people in the room")).to_be_visible()
    expect(page.get_by_role("heading", name="Why so many")).to_be_visible()
    assert findings(page) == []

    page.goto(gathering.page_url)
    expect(page.locator("[data-came]")).to_have_text("3")
    expect(page.locator("[data-missing]")).to_contain_text("Bea")
