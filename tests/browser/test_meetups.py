"""A member's way with a meetup on a phone, and that of somebody without an account."""

import re
from functools import partial

import pytest

from tests.browser.accessibility import findings
from tests.browser.gathering import Gathering

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True, "is_mobile": True}


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def looked_at(page):
    """What every page of a journey must be: within the screen, and without findings of axe."""
    assert fits(page), page.url
    assert findings(page) == []


def test_a_member_answers_with_a_guest_on_a_phone(site, visit):
    page = visit("second", **PHONE)
    looked_at(page)
    page.get_by_role("link", name="Meetups", exact=True).click()
    looked_at(page)
    page.get_by_role("link", name="Monthly meetup: what the lab taught us").first.click()
    looked_at(page)
    page.get_by_text("Guests, food, or online").click()
    page.get_by_label("Guests you bring").fill("1")
    page.get_by_label("Dietary note").fill("vegetarian")
    page.get_by_role("button", name="Answer like this").click()
    expect(page.get_by_role("status").first).to_contain_text("You are counted in")
    expect(page.locator("#rsvp")).to_contain_text("with 1 guest")
    looked_at(page)

    page.get_by_text("Guests, food, or online").click()
    expect(page.get_by_label("Dietary note")).to_have_value("vegetarian")
    page.get_by_label("Guests you bring").fill("0")
    page.get_by_role("button", name="Save the change").click()
    expect(page.locator("#rsvp")).not_to_contain_text("guest", use_inner_text=True)
    page.get_by_role("button", name="I cannot come").click()
    expect(page.get_by_role("status").first).to_contain_text("You are not going")
    page.goto("/me/")
    looked_at(page)
    page.goto("/outbox/?to=second@example.org")
    expect(page.get_by_role("article").first).to_contain_text("You are not going")


def test_the_keyboard_alone_counts_one_in_and_out(site, visit):
    page = visit("second")
    page.goto("/meetups/next-meetup/")
    page.get_by_role("button", name="Count me in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("You are counted in")
    page.get_by_role("button", name="I cannot come").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status").first).to_contain_text("You are not going")


def test_somebody_without_an_account_answers_by_mail(site, visit):
    page = visit(**PHONE, java_script_enabled=False)
    page.goto("/meetups/next-meetup/")
    page.get_by_role("link", name="or without an account, by mail").click()
    page.get_by_label("Your e-mail address").fill("guest@example.net")
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status").first).to_contain_text("guest@example.net")

    page.goto("/outbox/?to=guest@example.net")
    expect(page.get_by_role("article")).to_have_count(1)
    link = re.search(r"/r/\S+/", page.get_by_role("article").text_content())[0]
    page.goto(link)
    page.get_by_label("I accept the code of conduct").check()
    page.get_by_role("button", name="Count me in").click()
    expect(page.get_by_role("status").first).to_contain_text("You are counted in")
    page.get_by_role("button", name="I cannot come").click()
    expect(page.get_by_role("status").first).to_contain_text("You are not going")


def test_pages_behind_links_are_accessible(site, visit):
    page = visit(**PHONE)
    page.goto("/meetups/next-meetup/rsvp/by-mail/")
    looked_at(page)
    page.get_by_label("Your e-mail address").fill("axe@example.net")
    page.get_by_role("button", name="Send me the link").click()
    page.goto("/outbox/?to=axe@example.net")
    looked_at(page)
    link = re.search(r"/r/\S+/", page.get_by_role("article").text_content())[0]
    page.goto(link)
    looked_at(page)
    page.goto(link.replace("/r/", "/mail/") + "unsubscribe/")
    looked_at(page)


def test_an_organizer_postpones_and_cancels(site, new_page):
    gathering = Gathering(partial(new_page, base_url=site))
    gathering.code_of("second")
    page = gathering.boss
    page.goto(f"/meetups/{gathering.slug}/")
    page.get_by_role("link", name="Publish, postpone, cancel").click()
    looked_at(page)
    expect(page.get_by_text("1 person has answered")).to_be_visible()
    page.get_by_label("What to tell them").fill("The room is flooded.")
    page.get_by_role("button", name="Postpone and tell them").click()
    expect(page.get_by_role("status").first).to_contain_text("keeps their place")
    expect(page.locator("#rsvp")).to_contain_text("there is no new date yet")
    looked_at(page)

    page.get_by_role("link", name="Publish, postpone, cancel").click()
    page.get_by_label("What to tell them").fill("No other room is free.")
    page.get_by_role("button", name="Cancel and tell them").click()
    expect(page.locator("#rsvp")).to_contain_text("No other room is free.")
    looked_at(page)
    page.goto("/outbox/?to=second@example.org")
    expect(page.get_by_role("article").nth(0)).to_contain_text("Cancelled: A meetup of its own")
    expect(page.get_by_role("article").nth(1)).to_contain_text("Postponed: A meetup of its own")


@pytest.mark.parametrize(
    ("zone", "word"),
    [("Europe/Berlin", "In your time"), ("America/Chicago", None)],
)
def test_the_readers_own_time_stands_beside_the_events(site, visit, zone, word):
    page = visit(timezone_id=zone)
    page.goto("/meetups/next-meetup/")
    row = page.locator("[data-own-time]")
    if word is None:
        expect(row).to_be_hidden()
    else:
        expect(row).to_contain_text(word)
        expect(row).to_contain_text("GMT+")


def test_without_scripts_the_second_time_is_utc(site, visit):
    page = visit(java_script_enabled=False)
    page.goto("/meetups/next-meetup/")
    expect(page.locator("[data-own-time]")).to_contain_text("UTC")
