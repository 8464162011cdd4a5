"""The chain whole: from a card to the next season's card, pressing only what pages offer."""

import pytest

from tests.browser.accessibility import findings

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 375, "height": 667}}
DESK = {"viewport": {"width": 1280, "height": 800}}
CARDS = ("Docs for newcomers", "Better docs", "Upgrades at rest", "A joke")


def follow(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_load_state()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def begin(desk, title):
    """A brainstorm of the next meetup, begun from its page; the title in use."""
    desk.goto("/")
    follow(desk, "Monthly meetup: what the lab taught us")
    follow(desk, "Begin a brainstorm for this meetup")
    desk.get_by_label("Title").fill(title)
    press(desk, "Begin the brainstorm")
    expect(desk.get_by_role("heading", name=title, level=1)).to_be_visible()


def write_cards(phone, title):
    phone.goto("/")
    phone.get_by_role("listitem").filter(has_text=title).get_by_role("link").click()
    expect(phone.locator("[data-light]")).to_have_text("live")
    for text in CARDS:
        phone.get_by_label("Your idea").fill(text)
        press(phone, "Post")
        expect(phone.get_by_text(text, exact=True).first).to_be_visible()


def make_options(desk):
    """Two cards become one option, and one is left out."""
    press(desk, "Close the brainstorm")
    follow(desk, "Make a poll")
    desk.get_by_label("Better docs").fill(desk.get_by_label("Docs for newcomers").input_value())
    desk.get_by_label("A joke").fill("")
    press(desk, "Make the poll")
    later = "new Date(Date.now() + 9e7).toISOString().slice(0, 16)"
    desk.get_by_label("Closes at").fill(desk.evaluate(later))
    press(desk, "Save and open it now")
    expect(desk.get_by_role("status").first).to_contain_text("The poll is open.")


def vote(phone, title):
    phone.goto("/")
    phone.get_by_role("listitem").filter(has_text=title).get_by_role("link").click()
    phone.get_by_role("button", name="Docs for newcomers").tap()
    phone.get_by_role("button", name="Upgrades at rest").tap()
    phone.get_by_text("Where the options come from").tap()
    expect(phone.get_by_role("link", name="Better docs", exact=True)).to_be_visible()
    assert findings(phone) == []
    press(phone, "Send")
    expect(phone.get_by_role("status").first).to_contain_text("Your ballot is in.")


def publish(desk):
    desk.get_by_text("Close it early").click()
    desk.locator("details[open]").get_by_label("Why").fill("Everyone who comes has voted.")
    press(desk, "Close and count it now")
    follow(desk, "See the result")
    follow(desk, "Publish as priorities")
    desk.get_by_label("Observers").fill("member@example.org")
    press(desk, "Make the draft")
    press(desk, "Publish the list")
    expect(desk.get_by_role("status").first).to_contain_text("Everyone can read it.")


def test_from_a_card_to_the_next_seasons_card(visit):
    desk = visit("organizer", **DESK)
    phone = visit("member", has_touch=True, **PHONE)
    title = f"This season {desk.evaluate('Date.now()')}"
    begin(desk, title)
    write_cards(phone, title)
    make_options(desk)
    vote(phone, title)
    publish(desk)

    phone.reload()  # from the ballot to the list, and to the issue
    phone.get_by_role("listitem").filter(has_text="Published as").get_by_role("link").click()
    follow(phone, "Docs for newcomers")
    phone.get_by_label("What happened").fill("A session on the install guide.")
    press(phone, "Put it on the scorecard")
    expect(phone.get_by_role("status").first).to_contain_text("on the scorecard")
    follow(phone, "Better docs")  # the card says what became of it, and the one left out, too
    card = phone.get_by_role("listitem").filter(has_text="Better docs")
    expect(card).to_contain_text("Priority 1")
    expect(phone.get_by_role("listitem").filter(has_text="A joke")).to_contain_text("Left out")
    assert findings(phone) == []

    scorecard = desk.url
    begin(desk, f"After {title}")
    after = desk.url
    desk.goto(scorecard)
    follow(desk, "Docs for newcomers")
    desk.get_by_label("To", exact=True).select_option(label=f"After {title} (brainstorm)")
    press(desk, "Carry the issue over")
    phone.goto(after)
    card = phone.get_by_role("listitem").filter(has_text="Docs for newcomers")
    expect(card).to_contain_text("Carried over from")
    card.get_by_role("link", name=title, exact=True).click()
    expect(phone.get_by_text("A session on the install guide.").first).to_be_visible()
    # what other tests of the running site list is as it was
    desk.goto(after)
    press(desk, "Close the brainstorm")
