"""A voter's whole way: from the mail's link to the receipt in the list, on a phone and by keys."""

import re
import secrets

import pytest

from polls.models import RollEntry
from polls.services.elections.moves import open_election
from tests.browser.accessibility import findings
from tests.browser.voting import closed_by_its_organizer, session_of
from tests.concurrency.served import serving
from tests.factories.community import organizer
from tests.factories.polls import ElectionFactory
from tests.factories.rolls import token_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect = pytest.importorskip("playwright.sync_api").expect
DESK = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}
TALL = {"width": 375, "height": 2400}  # nothing lies under the bar at the bottom
ON_THE_PAGE = "(one) => one.getBoundingClientRect().top + scrollY"
RECEIPT = re.compile(r"[a-z2-7]{32}")


@pytest.fixture
def race(transactional_db):
    """An open election of eight votes, a link for each of its three voters, and the site."""
    boss = organizer()
    election = open_election(
        election=ElectionFactory(slug="board", title="The board", asks_employer=True), by=boss
    )
    lines = RollEntry.objects.filter(election=election)
    election.links = [f"/elections/board/vote/{token_of(line)}/" for line in lines]
    election.boss = session_of(boss)
    with serving() as port:
        election.site = f"http://127.0.0.1:{port}"
        yield election


def looked_at(page):
    """The page is accessible in itself, whatever a bar covers for the moment; and not too wide."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    before = page.viewport_size
    page.set_viewport_size(TALL)
    assert findings(page) == []
    page.set_viewport_size(before)


def votes(page, name):
    return page.get_by_label(name, exact=True)


def receipt(page):
    expect(page.get_by_role("heading", level=1)).to_have_text("Your ballot is in")
    return RECEIPT.search(page.locator(".keep-these").inner_text())[0]


def refused_as_it_stands(page):
    """Too many votes, and half of one: the page says so, and nothing was saved."""
    votes(page, "Candidate 1").fill("3")
    expect(page.locator("[data-count]")).to_have_text("3 too many: only 8 votes")
    page.get_by_role("button", name="Send my ballot").tap()
    expect(page.get_by_role("alert")).to_have_text(
        "The ballot gives 11 votes of 8. Nothing was saved."
    )
    looked_at(page)
    votes(page, "Candidate 1").fill("0.5")
    page.get_by_role("button", name="Send my ballot").tap()
    expect(page.get_by_text("Whole votes only.")).to_be_visible()
    looked_at(page)


def in_the_list_after_the_close(page, race, second):
    """The result, the receipts, the log, and what the old link says by then."""
    page.goto("/elections/board/ballot/")
    page.get_by_role("link", name="See the result").tap()
    expect(page.get_by_role("row").filter(has_text="Candidate 3")).to_contain_text("elected")
    looked_at(page)
    page.get_by_role("link", name="Receipts").tap()
    expect(page.locator(".receipts > li")).to_have_text([second])
    looked_at(page)
    for name in ("log", "secrecy"):
        page.goto(f"/elections/board/{name}/")
        looked_at(page)
    page.goto(race.links[0])
    expect(page.get_by_text("Voting is over; no ballot can be cast or replaced.")).to_be_visible()
    looked_at(page)


def test_on_a_phone_from_the_link_to_the_list(race, new_page):
    page = new_page(base_url=race.site, **PHONE)
    page.goto("/elections/board/vote/guessed/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Am I on the roll?")
    looked_at(page)
    page.goto(race.links[0])
    assert page.url.endswith("/elections/board/ballot/")  # the token is in no address any more
    expect(page.locator(".lede")).to_contain_text("You have 8 votes.")
    looked_at(page)

    more = page.get_by_role("button", name="Candidate 2: one vote more")
    place = more.evaluate(ON_THE_PAGE)
    for _ in range(8):
        more.tap()
        assert more.evaluate(ON_THE_PAGE) == place  # nothing moves under a finger
    expect(page.locator("[data-count]")).to_have_text("0 of 8 votes left")
    expect(more).to_be_disabled()
    refused_as_it_stands(page)
    votes(page, "Candidate 1").fill("0")
    page.get_by_role("button", name="Send my ballot").tap()
    first = receipt(page)
    code = page.locator("[data-code]").inner_text()
    assert len(code) >= 22
    page.get_by_role("button", name="Keep the revote code on this device").tap()
    expect(page.locator("[data-kept-word]")).to_contain_text("Kept on this device")
    looked_at(page)

    page.goto("/elections/board/ballot/")
    expect(page.get_by_label("Revote code")).to_have_value(code)
    expect(page.locator("[data-count]")).to_have_text("8 of 8 votes left")  # nothing is read back
    votes(page, "Candidate 3").fill("8")
    page.get_by_role("button", name="Replace my ballot").tap()
    second = receipt(page)
    assert second != first
    page.goto("/elections/board/ballot/")
    page.get_by_label("Revote code").fill(secrets.token_urlsafe(24))
    page.get_by_role("button", name="Replace my ballot").tap()
    expect(page.get_by_text("That ballot stands.")).to_be_visible()
    looked_at(page)

    page.goto("/elections/board/results/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not yet")
    looked_at(page)
    closed_by_its_organizer(new_page(base_url=race.site, **DESK), race)
    in_the_list_after_the_close(page, race, second)


def test_by_keyboard_and_without_scripts(race, new_page):
    page = new_page(base_url=race.site, **DESK)
    page.goto(race.links[1])
    votes(page, "Candidate 1").focus()
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("Enter")  # on “one vote more”, which does not send the ballot
    expect(votes(page, "Candidate 1")).to_have_value("5")
    expect(page.locator("[data-said]")).to_have_text("Candidate 1: 5. 3 of 8 votes left")
    page.get_by_role("button", name="Send my ballot").focus()
    page.keyboard.press("Enter")
    by_keys = receipt(page)
    page.get_by_role("button", name="Forget my link in this browser").click()
    page.goto("/elections/board/ballot/")
    expect(page.get_by_role("link", name="Sign in to vote")).to_be_visible()

    plain = new_page(base_url=race.site, java_script_enabled=False, **PHONE)
    plain.goto(race.links[2])
    expect(plain.locator("[data-count]")).to_have_text("8 votes to give")
    votes(plain, "Candidate 2").fill("9")
    plain.get_by_role("button", name="Send my ballot").click()
    expect(plain.get_by_text("You have 8 votes in all.")).to_be_visible()
    votes(plain, "Candidate 2").fill("8")
    plain.get_by_label("Your employer").select_option("other")
    plain.get_by_role("button", name="Send my ballot").click()
    scriptless = receipt(plain)
    closed_by_its_organizer(new_page(base_url=race.site, **DESK), race)
    plain.goto("/elections/board/receipts/")
    expect(plain.locator(".receipts > li")).to_have_count(2)
    listed = plain.locator(".receipts").inner_text()
    assert by_keys in listed
    assert scriptless in listed
