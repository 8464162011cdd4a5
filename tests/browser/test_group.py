"""Sponsors, sites, series and groups, from the first click to the last, on the real thing."""

import json
import re
from pathlib import Path

import pytest

from tests.browser.accessibility import findings

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 375, "height": 740}}
DESK = {"viewport": {"width": 1280, "height": 800}}


def said(page):
    return page.get_by_role("status").first


def fits(page, heading):
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


def test_a_sponsor_from_the_rota_to_the_mail(visit):
    phone = visit(**PHONE)
    phone.goto("/")
    phone.get_by_role("link", name="Sponsors").click()
    fits(phone, "Sponsors")
    phone.get_by_role("link", name="next free A/V").first.click()
    expect(phone.get_by_label("What you would pay for")).to_have_value("av")
    fits(phone, "Sponsor a meetup")
    phone.get_by_label("Organization").fill("Projector Friends")
    phone.get_by_label("Your name").fill("Pia")
    phone.get_by_label("Your e-mail address").fill("pia@example.org")
    phone.get_by_role("button", name="Send the offer").click()
    expect(said(phone)).to_contain_text("answer to pia@example.org")
    expect(phone.get_by_text("Projector Friends")).to_have_count(0)

    desk = visit("organizer", **DESK)
    desk.goto("/sponsors/")
    desk.get_by_role("link", name="Decide on offers").click()
    fits(desk, re.compile("Sponsors.+offers"))
    desk.get_by_role("button", name="Confirm Projector Friends").click()
    expect(said(desk)).to_contain_text("is on the rota")
    fits(desk, re.compile("Sponsors.+offers"))
    phone.reload()
    expect(phone.get_by_text("Projector Friends")).to_be_visible()
    phone.goto("/outbox/?to=pia@example.org")
    expect(phone.get_by_role("article")).to_have_count(2)


def test_a_site_from_the_proposal_to_the_list(visit):
    phone = visit("member", **PHONE)
    phone.goto("/meetups/hack-day/")
    phone.get_by_role("link", name="Propose a site").click()
    fits(phone, "Propose a site")
    phone.get_by_label("Name").fill("Berlin")
    phone.get_by_label("Venue and address").fill("Rungestrasse 20")
    phone.get_by_label("Time zone").select_option("Europe/Berlin")
    phone.get_by_label("How to get in").fill("Ring twice.")
    phone.get_by_role("button", name="Propose it").click()
    expect(said(phone)).to_contain_text("An organizer decides")
    expect(phone.get_by_role("heading", name="Your proposals")).to_be_visible()
    fits(phone, "Sites")

    desk = visit("organizer", **DESK)
    desk.goto("/meetups/hack-day/sites/")
    fits(desk, "Sites")
    desk.get_by_label("Note to them").fill("See you there.")
    desk.get_by_role("button", name="Approve Berlin").click()
    expect(said(desk)).to_contain_text("Berlin is on the list.")
    cards = desk.locator("main .cards .card-title")
    assert cards.all_inner_texts() == ["Berlin", "Boston", "Austin"]
    phone.reload()
    expect(phone.get_by_text("Ring twice.")).to_have_count(0)  # not going there
    phone.goto("/outbox/?to=member@example.org")
    expect(phone.get_by_text("See you there.")).to_be_visible()


def test_a_series_and_its_drafts(visit):
    desk = visit("organizer", **DESK)
    desk.goto("/meetups/")
    desk.get_by_role("link", name="Series: meetups that come back").click()
    fits(desk, "Series")
    desk.get_by_role("link", name="Start a series").click()
    fits(desk, "Start a series")
    desk.get_by_label("Title").fill("Second Thursdays")
    desk.get_by_label("Address of its page").fill("second-thursdays")
    desk.get_by_label("Begins at").fill("18:30")
    desk.get_by_role("button", name="Start the series").click()
    expect(desk.get_by_text("The second Thursday of every month, 18:30")).to_be_visible()
    desk.get_by_label("Months").fill("3")
    desk.get_by_role("button", name="Make drafts").click()
    expect(said(desk)).to_contain_text("3 drafts are made.")
    fits(desk, "Second Thursdays")
    desk.get_by_role("button", name="Make drafts").click()
    expect(said(desk)).to_contain_text("3 drafts are made.")  # six months, three of them new
    desk.set_viewport_size(PHONE["viewport"])
    fits(desk, "Second Thursdays")

    phone = visit(**PHONE)
    phone.goto("/series/second-thursdays/")
    expect(phone.get_by_text("None is announced yet.")).to_be_visible()
    fits(phone, "Second Thursdays")


def test_a_group_is_joined_and_left(visit):
    phone = visit("participant", **PHONE)
    phone.goto("/")
    phone.get_by_role("link", name="Groups").click()
    fits(phone, "Groups")
    phone.get_by_role("link", name="OpenStack Boston").click()
    phone.get_by_role("button", name="Join the group").click()
    expect(said(phone)).to_contain_text("You are a member of OpenStack Boston.")
    fits(phone, "OpenStack Boston")
    phone.goto("/chapters/boston/takeover/")
    expect(phone.get_by_text("has been a member for 30 days")).to_be_visible()
    fits(phone, "Ask to lead the group")
    phone.goto("/chapters/boston/")
    phone.get_by_role("button", name="Leave the group").click()
    expect(phone.get_by_role("button", name="Join the group")).to_be_visible()

    desk = visit("organizer", **DESK)
    desk.goto("/chapters/boston/")
    fits(desk, "OpenStack Boston")
    desk.get_by_text("Step down", exact=True).click()
    desk.get_by_role("button", name="Step down as organizer").click()
    expect(desk.get_by_role("main")).to_contain_text("You are the last organizer")
    desk.get_by_role("link", name="Who did what").click()
    expect(desk.get_by_role("cell", name="left chapter boston")).to_be_visible()
    fits(desk, "Who did what")


def test_ones_data_and_the_end_of_an_account(visit):
    phone = visit(**PHONE)
    phone.goto("/accounts/signup/")
    phone.get_by_label("Email").fill("leaver@example.org")
    phone.get_by_label("Password").first.fill("leaving-2012-again")
    phone.get_by_role("button").filter(has_text="account").click()
    phone.goto("/outbox/?to=leaver@example.org")
    mail = phone.get_by_role("article").first
    code = mail.locator("[data-code]").inner_text()
    mail.get_by_role("link", name="Type it in").click()
    phone.get_by_label("Code").fill(code)
    phone.get_by_role("main").get_by_role("button").first.click()
    phone.goto("/me/")
    fits(phone, "leaver")
    with phone.expect_download() as waiting:
        phone.get_by_role("link", name="Download my data").click()
    data = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert data["account"]["email"] == "leaver@example.org"
    phone.get_by_role("link", name="Delete my account").click()
    fits(phone, "Delete my account")
    phone.get_by_label("typed once more").fill("leaver@example.org")
    phone.get_by_role("button", name="Delete my account").click()
    expect(said(phone)).to_contain_text("Your account is deleted.")
    phone.goto("/me/")
    expect(phone).to_have_url(re.compile("/accounts/login/"))
