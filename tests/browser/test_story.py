"""What people do on the site, from the first click to the last, on the real thing."""

import re
from collections import Counter
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.urls import resolve

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect

LINES = 600
MOST_BYTES = 100_000
ALIKE = 3  # so many pages of one view are looked at
# Pages of other makers, downloads, and addresses that are no pages.
ELSEWHERE = re.compile(r"^/(admin|api|ws|me/export)/|\.(ics|csv|json|md|atom)$")
# Notes whatever the live page shows, from its first moment on.
WATCH = """
window.seen = {lights: [], states: [], lasts: []};
const note = (list, value) => { if (value && list.at(-1) !== value) list.push(value); };
new MutationObserver(() => {
  const live = document.getElementById("live")?.live;
  note(seen.lights, document.querySelector("[data-light]")?.dataset.light);
  note(seen.states, document.querySelector("[data-state-badge]")?.dataset.stateBadge);
  note(seen.lasts, live?.lines?.last);
}).observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""


def said(page):
    return page.get_by_role("status").first


def test_signing_in_by_code_and_an_rsvp(site, visit):
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Count me in").click()
    page.get_by_role("link", name="Send me a code").click()
    page.get_by_label("Email").fill("member@example.org")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("link", name="read every mail in the outbox").click()
    mail = page.get_by_role("article").first
    expect(mail).to_contain_text("member@example.org")
    code = mail.locator("[data-code]").inner_text()
    mail.get_by_role("link", name="Type it in").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()

    # back at the meetup one was on the way to
    expect(page).to_have_url(f"{site}/meetups/next-meetup/")
    page.get_by_text("Guests, food, or online").click()
    page.get_by_label("Guests you bring").fill("1")
    page.get_by_role("button", name="Answer like this").click()
    expect(said(page)).to_contain_text("You are counted in")
    expect(page.locator("#rsvp")).to_contain_text("2 going of 60")

    page.goto("/me/")
    row = page.get_by_role("row").filter(has_text="what the lab taught us")
    expect(row).to_contain_text("going")
    expect(row).to_contain_text("with 1 guest")
    page.goto("/outbox/?to=member@example.org")
    expect(page.get_by_role("article").first).to_contain_text("You are counted in")


def reserve(page, purpose):
    page.goto("/lab/")
    page.get_by_role("link", name="Reserve nodes").click()
    page.get_by_label("How many nodes").fill("2")
    page.get_by_label("What for").fill(purpose)
    page.get_by_role("button", name="Reserve them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(purpose)


def hand_back(page):
    page.get_by_role("button", name="Hand the nodes back").click()
    expect(said(page)).to_contain_text("back in the pool")
    expect(page.get_by_text("handed back", exact=True)).to_be_visible()


def test_two_nodes_from_reservation_to_hand_back(visit):
    page = visit("participant")
    reserve(page, "A run to watch")
    page.add_init_script(WATCH)
    page.get_by_label("Output lines in all").fill(str(LINES))
    page.get_by_role("button", name="Deploy Trace").click()

    page.wait_for_url("**/lab/deployments/**")
    loaded = page.evaluate("performance.timeOrigin")
    badge = page.locator("[data-state-badge]")
    expect(badge).to_have_text("successful", timeout=60_000)
    expect(page.locator("[data-light]")).to_have_text("complete")
    assert page.evaluate("performance.timeOrigin") == loaded  # never reloaded
    seen = page.evaluate("seen")
    assert "live" in seen["lights"]
    assert seen["states"][-1] == "successful"
    assert "running" in seen["states"]
    assert len(seen["lasts"]) > 1  # it grew before one's eyes
    assert seen["lasts"] == sorted(seen["lasts"])
    expect(page.locator("[data-sentence]")).to_have_text("Every step on every node is ok.")
    expect(page.get_by_role("button", name="Cancel it")).to_be_hidden()

    address = page.locator("#live").get_attribute("data-events")
    record = page.request.get(f"{address}?after=0&limit=5000").json()
    assert [event["seq"] for event in record["events"]] == list(range(1, record["last_seq"] + 1))
    assert sum(event["kind"] == "output" for event in record["events"]) == LINES
    assert seen["lasts"][-1] == record["last_seq"]

    page.get_by_role("link", name="Back to the nodes").click()
    expect(page.get_by_role("row").filter(has_text="Trace")).to_contain_text("successful")
    hand_back(page)


def test_everything_needed_works_without_scripts(visit):
    page = visit("organizer", java_script_enabled=False)
    page.goto("/meetups/hack-day/")
    page.get_by_role("button", name="Count me in").click()
    expect(said(page)).to_contain_text("You are counted in")
    page.get_by_role("button", name="I cannot come").click()
    expect(said(page)).to_contain_text("You are not going")
    reserve(page, "Without scripts")
    with page.expect_response(lambda answer: "/lab/deployments/" in answer.url) as shown:
        page.get_by_role("button", name="Deploy Inspect").click()
    assert 'http-equiv="refresh"' in shown.value.text()
    watching = visit("organizer")  # Playwright's way of having no scripts ignores <noscript>
    watching.goto(page.url)
    expect(watching.locator("[data-state-badge]")).to_have_text("successful", timeout=30_000)
    page.reload()
    expect(page.locator("[data-state-badge]")).to_have_text("successful")
    expect(page.locator("[data-sentence]")).to_have_text("Every step on every node is ok.")
    page.get_by_role("link", name="Back to the nodes").click()
    hand_back(page)


def test_the_keyboard_alone_suffices(visit):
    page = visit("second")

    def tab_to(words):
        for _ in range(60):
            page.keyboard.press("Tab")
            focus = page.evaluate("document.activeElement.innerText || ''")
            if focus.strip().startswith(words):
                return
        pytest.fail(f"Tab never reaches “{words}”.")

    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to("Hack day")
    page.keyboard.press("Enter")
    page.wait_for_url("**/meetups/hack-day/")
    tab_to("Count me in")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("You are counted in")
    tab_to("Reserve nodes")  # the RSVP to a hack day opened the lab
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/reserve/")
    tab_to("Reserve them")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("The nodes are yours")
    tab_to("Hand the nodes back")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("back in the pool")


class Weight:
    """Bytes of pages, styles and scripts as they came over the wire."""

    def __init__(self, page):
        self.kinds, self.total = {}, 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.responseReceived", self.began)
        session.on("Network.loadingFinished", self.ended)

    def began(self, event):
        self.kinds[event["requestId"]] = event["type"]

    def ended(self, event):
        if self.kinds.get(event["requestId"]) in {"Document", "Stylesheet", "Script"}:
            self.total += event["encodedDataLength"]


def links_of(page, site):
    found = page.get_by_role("link").evaluate_all("links => links.map(link => link.href)")
    for address in found:
        path = urldefrag(urljoin(page.url, address)).url.removeprefix(site)
        if path.startswith("/") and not ELSEWHERE.search(urlsplit(path).path):
            yield path


@pytest.mark.parametrize("who", [None, "participant", "organizer"])
def test_every_page_is_light_and_fits_a_small_phone(site, visit, who):
    page = visit(who, viewport={"width": 320, "height": 640})
    if who == "participant":
        reserve(page, "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz")
        page.get_by_label("Output lines in all").fill("300")
        page.get_by_role("button", name="Deploy Trace").click()
        expect(page.locator("[data-state-badge]")).to_have_text("successful", timeout=60_000)
    weight = Weight(page)
    todo, known, faults = ["/", "/me/"] if who else ["/"], {"/", "/me/"}, []
    seen = Counter()
    while todo:
        path = todo.pop()
        weight.total = 0
        answer = page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            faults.append(f"{path} is {wide} px too wide")
        if weight.total > MOST_BYTES or not weight.total:
            faults.append(f"{path} weighs {weight.total} bytes")
        if not answer.ok:
            faults.append(f"{path} answers {answer.status}")
        for link in links_of(page, site):
            view = resolve(urlsplit(link).path).view_name
            if link not in known and seen[view] < ALIKE:
                known.add(link)
                todo.append(link)
                seen[view] += 1
    assert faults == []
    assert len(known) > 15


def test_refusals_are_pages_of_ours(site, new_page):
    page = new_page(base_url=site)
    assert page.goto("/nothing/here/").status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such page for you")

    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("member@example.org")
    page.get_by_label("Password").fill("stackers-2012")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site}/")
    assert page.goto("/lab/reserve/").status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do that")

    page.goto("/meetups/next-meetup/")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name=re.compile("Count me in|I cannot come")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This form has grown too old")
    expect(page.get_by_role("link", name="Stackers")).to_be_visible()
