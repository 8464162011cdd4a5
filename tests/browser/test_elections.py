"""A nomination's whole way on a phone, and an election held elsewhere with its result."""

import datetime as dt
import uuid

import pytest

from tests.browser.accessibility import findings
from tests.browser.gathering import PHONE, SEND

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def test_from_a_nomination_to_a_candidates_page_on_a_phone(visit):
    boss, now = visit("organizer"), dt.datetime.now(dt.UTC)
    slug = f"board-{uuid.uuid4().hex[:8]}"
    body = {
        "title": "Board", "slug": slug, "endorsements_needed": 1, "questions": ["Why you?"],
        "nominations_close_at": (now + dt.timedelta(days=2)).isoformat(),
        "opens_at": (now + dt.timedelta(days=3)).isoformat(),
        "closes_at": (now + dt.timedelta(days=9)).isoformat(),
    }  # fmt: skip
    assert boss.evaluate(SEND, ["/api/v1/elections/", "POST", body]) == 201
    assert boss.evaluate(SEND, [f"/api/v1/elections/{slug}/nominate/", "POST", {}]) == 200
    member = visit("member", viewport=PHONE)
    member.goto(f"/elections/{slug}/")
    assert findings(member) == []
    member.get_by_role("link", name="Nominate somebody").click()
    assert findings(member) == []
    member.get_by_label("Their e-mail address").fill("second@example.org")
    press(member, "Nominate them")
    press(member, "Endorse Sam Second")
    expect(member.get_by_text("1 of 1 needed")).to_be_visible()
    second = visit("second", viewport=PHONE, java_script_enabled=False)
    second.goto("/")
    second.get_by_role("link", name="Answer").first.click()
    press(second, "I stand")
    second.get_by_role("link", name="Say what you stand for").click()
    second.get_by_label("What you stand for").fill("Users *first*.")
    second.get_by_label("Why you?").fill("I read the logs.")
    press(second, "Save the words")
    stranger = visit(viewport=PHONE)
    stranger.goto(second.url)
    expect(stranger.locator("em", has_text="first")).to_be_visible()
    expect(stranger.get_by_text("I read the logs.")).to_be_visible()
    assert stranger.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(stranger) == []


def test_an_election_held_elsewhere_and_its_result(visit):
    boss, name = visit("organizer"), f"Foundation {uuid.uuid4().hex[:8]}"
    boss.goto("/elections/new/")
    assert findings(boss) == []
    boss.get_by_label("Title", exact=True).fill(name)
    boss.get_by_label("Where it is held").fill("https://vote.example.org/")
    press(boss, "Save the draft")
    boss.get_by_text("Enter a candidate").click()
    boss.get_by_label("Name", exact=True).fill("Rob")
    assert findings(boss) == []
    press(boss, "Enter the candidate")
    expect(boss.get_by_text("The candidate is entered.")).to_be_visible()
    boss.get_by_role("link", name="To the election").click()
    press(boss, "Announce it as held elsewhere")
    expect(boss.get_by_role("link", name="Go to where it is held")).to_be_visible()
    boss.get_by_role("link", name="Enter the result").click()
    assert findings(boss) == []
    boss.get_by_label("Where the result comes from").fill("The inspectors' page")
    boss.get_by_label("Votes").first.fill("2195.00")
    press(boss, "Save the result")
    stranger = visit(viewport=PHONE)
    stranger.goto(boss.url)
    expect(stranger.get_by_text("2195.00")).to_be_visible()
    expect(stranger.get_by_text("not known").first).to_be_visible()
    assert findings(stranger) == []
    stranger.goto("/elections/board-2012/")
    expect(stranger.get_by_text("They run together")).to_be_visible()
    assert findings(stranger) == []
