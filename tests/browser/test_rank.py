"""Voting on a phone: six taps, the keyboard, a finger that drags, a page without scripts."""

import datetime as dt
import re
import uuid

import pytest

from tests.browser.accessibility import findings
from tests.browser.gathering import SEND
from tests.labsim.lab_thread import wait_until

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
TITLES = [
    "Stability", "Documentation", "Upgrade path between releases", "Quantum", "Block storage",
    "High availability", "Benchmarks and reference numbers", "API compatibility",
    "Bare metal", "CDMI", "Monitoring", "Security",
]  # fmt: skip
# Whether a tap at the middle of an element reaches it, or what lies above it.
IS_REACHED = """(button) => {
  const box = button.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return button.contains(top);
}"""


def new_poll(boss, **fields):
    """A poll of its own, open from now on; its page."""
    slug = f"rank-{uuid.uuid4().hex[:8]}"
    now = dt.datetime.now(dt.UTC)
    body = {
        "title": "What the summit should hear", "slug": slug, "opens_at": now.isoformat(),
        "closes_at": (now + dt.timedelta(days=2)).isoformat(), "options": TITLES, "most_ranked": 5,
    } | fields  # fmt: skip
    assert boss.evaluate(SEND, ["/api/v1/polls/", "POST", body]) == 201
    return f"/polls/{slug}/"


def pick(page, title):
    return page.locator(".rank-pick", has_text=title)


def order(page):
    return page.locator(".rank-line-title")


def count(page):
    return page.locator("[data-count]")


def said(page):
    return page.locator("[data-said]")


def fits(page):
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


def test_top_five_of_twelve_in_six_taps(visit):
    boss = visit("organizer", **DESK)
    url = new_poll(boss)
    phone = visit("member", **PHONE)
    phone.goto(url)
    expect(count(phone)).to_have_text("Tap your favourites in order")
    fits(phone)
    shown = phone.locator(".rank-pick").all()
    assert len(shown) == 12
    for number, button in enumerate(shown[3:8], 1):
        button.scroll_into_view_if_needed()
        assert button.evaluate(IS_REACHED)
        before = phone.evaluate("scrollY"), button.bounding_box()
        button.tap()
        # Nothing moves under the finger.
        assert (phone.evaluate("scrollY"), button.bounding_box()) == before
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button.locator(".rank-badge")).to_have_text(str(number))
        expect(count(phone)).to_have_text(f"{number} of 5")
    chosen = [button.locator("span").nth(1).inner_text() for button in shown[3:8]]
    expect(said(phone)).to_have_text(f"{chosen[4]}: fifth of five.")
    for button in shown:  # every one of them, the last too, comes out from under the bar
        button.scroll_into_view_if_needed()
        assert button.evaluate(IS_REACHED)
    phone.locator(".ballot").evaluate("(form) => form.scrollIntoView(false)")
    fits(phone)
    phone.get_by_role("button", name="Send").tap()
    expect(phone.get_by_role("status").first).to_contain_text("Your ballot is in.")
    expect(phone.locator(".sent-ballot li span:last-child")).to_have_text(chosen)
    expect(phone.get_by_text("Change it until")).to_be_visible()
    # The script that forgets runs after the page is shown.
    assert wait_until(lambda: phone.evaluate("localStorage.length") == 0)
    fits(phone)


def test_taking_out_moving_dragging_and_coming_back(visit):
    boss = visit("organizer", **DESK)
    url = new_poll(boss)
    phone = visit("member", **PHONE)
    phone.goto(url)
    for title in ("Stability", "CDMI", "Quantum", "Security"):
        pick(phone, title).tap()
    pick(phone, "CDMI").tap()  # taken out again, and the others close up
    expect(order(phone)).to_have_text(["Stability", "Quantum", "Security"])
    expect(said(phone)).to_have_text("CDMI: taken out. 3 of 5.")
    expect(pick(phone, "Security").locator(".rank-badge")).to_have_text("3")
    phone.get_by_role("button", name="Security: one up").tap()
    expect(order(phone)).to_have_text(["Stability", "Security", "Quantum"])
    expect(phone.get_by_role("button", name="Security: one up")).to_be_focused()
    # A finger, or a mouse, drags the first below the last.
    handles = phone.locator(".rank-handle")
    handles.first.scroll_into_view_if_needed()
    first, last = handles.first.bounding_box(), handles.last.bounding_box()
    phone.mouse.move(first["x"] + 10, first["y"] + 20)
    phone.mouse.down()
    phone.mouse.move(last["x"] + 10, last["y"] + last["height"] - 4, steps=6)
    phone.mouse.up()
    expect(order(phone)).to_have_text(["Security", "Quantum", "Stability"])
    for title in ("Bare metal", "Monitoring", "Documentation"):
        pick(phone, title).tap()
    expect(count(phone)).to_have_text("5 of 5 are chosen. Tap one of them to take it out.")
    kept = ["Security", "Quantum", "Stability", "Bare metal", "Monitoring"]
    expect(order(phone)).to_have_text(kept)
    phone.reload()
    expect(order(phone)).to_have_text(kept)
    expect(said(phone)).to_contain_text("not sent yet")
    phone.get_by_role("button", name="Send").tap()
    phone.get_by_role("link", name="Change it").tap()
    expect(order(phone)).to_have_text(kept)
    pick(phone, "Security").tap()
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator(".sent-ballot li span:last-child")).to_have_text(kept[1:])
    phone.get_by_role("button", name="Take it back").tap()
    expect(count(phone)).to_have_text("Tap your favourites in order")


def test_by_keyboard_then_the_result(visit):
    boss = visit("organizer", **DESK)
    url = new_poll(boss, quorum=3)
    boss.goto(url)
    picks = boss.locator(".rank-pick")
    names = [name.strip() for name in picks.all_inner_texts()]
    picks.first.focus()
    boss.keyboard.press("Space")
    boss.keyboard.press("Tab")
    boss.keyboard.press("Enter")
    expect(said(boss)).to_have_text(f"{names[1]}: second of five.")
    boss.keyboard.press("Alt+ArrowUp")
    expect(said(boss)).to_have_text(f"{names[1]}: first of five.")
    expect(picks.nth(1)).to_be_focused()
    expect(order(boss)).to_have_text([names[1], names[0]])
    fits(boss)
    boss.get_by_role("button", name="Send").press("Enter")
    expect(boss.get_by_role("heading", name="Your ballot")).to_be_visible()
    boss.get_by_text("Close it early").click()
    boss.locator("#close_reason").fill("Everyone is here.")
    boss.get_by_role("button", name="Close and count it now").click()
    boss.get_by_role("link", name="See the result").click()
    expect(boss.get_by_role("heading", level=1)).to_contain_text("Result:")
    expect(boss.get_by_text("The quorum of 3 was not reached")).to_be_visible()
    fits(boss)
    phone = visit(**PHONE)
    phone.goto(f"{url}results/")
    expect(phone.get_by_text("Everyone is here.")).to_be_visible()
    fits(phone)
    phone.goto("/polls/")
    fits(phone)


def test_without_scripts_it_is_a_plain_form(visit, new_page, site):
    boss = visit("organizer", **DESK)
    url = new_poll(boss)
    plain = new_page(base_url=site, java_script_enabled=False, **PHONE)
    plain.goto("/accounts/login/")
    plain.get_by_label("Email").fill("second@example.org")
    plain.get_by_label("Password").fill("stackers-2012")
    plain.get_by_role("button", name="Sign in").click()
    plain.goto(url)
    plain.get_by_label("Stability").fill("2")
    plain.get_by_label("CDMI").fill("2")
    plain.get_by_role("button", name="Send").click()
    expect(plain.get_by_text("has number 2, too.")).to_be_visible()
    expect(plain.get_by_label("CDMI")).to_have_value("2")
    plain.get_by_label("CDMI").fill("1")
    plain.get_by_role("button", name="Send").click()
    expect(plain.locator(".sent-ballot li").first).to_contain_text("CDMI")


def test_the_other_methods_and_the_organizers_sheet(visit):
    boss = visit("organizer", **DESK)
    days = {"options": ["Tuesday", "Wednesday", "Thursday"], "purpose": "topics"}
    urls = {name: new_poll(boss, method=name, **days) for name in ("score", "approval", "dots")}
    phone = visit("member", **PHONE)
    phone.goto(urls["dots"])
    more = phone.get_by_role("button", name="Wednesday: one dot more")
    for _ in range(5):
        more.tap()
    expect(count(phone)).to_have_text("0 of 5 dots left")
    expect(phone.get_by_role("button", name="Tuesday: one dot more")).to_be_disabled()
    expect(said(phone)).to_contain_text("Wednesday: 5.")
    phone.reload()  # what was begun is still there
    expect(phone.get_by_label("Wednesday", exact=True)).to_have_value("5")
    fits(phone)
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator(".sent-ballot")).to_contain_text("5 dots")
    phone.goto(urls["score"])
    phone.get_by_role("group", name="Tuesday").get_by_label("4").check()
    expect(count(phone)).to_have_text("1 of 3 scored")
    fits(phone)
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator(".sent-ballot")).to_contain_text("4 of 5")
    phone.goto(urls["approval"])
    phone.get_by_label("Thursday").check()
    expect(count(phone)).to_have_text("1 of 3 ticked")
    fits(phone)
    phone.get_by_role("button", name="Send").tap()
    expect(phone.locator(".sent-ballot")).to_contain_text("Thursday")

    assert boss.evaluate(SEND, [f"/api/v1{urls['dots']}close/", "POST", {}]) == 200
    boss.goto(f"{urls['dots']}results/")
    fits(boss)
    boss.get_by_role("button", name=re.compile("Plan it ?: Wednesday")).click()
    expect(boss.get_by_role("status").first).to_contain_text("“Wednesday” is a planned topic of")
    boss.goto("/polls/new/")
    fits(boss)
    boss.get_by_label("Title").fill("Written on the sheet")
    boss.get_by_label("Options").fill("One\nTwo")
    boss.get_by_role("button", name="Save the poll").click()
    expect(boss.get_by_text("A draft: only organizers see it.")).to_be_visible()
    fits(boss)
