"""The door of a meetup on the real thing: with a network, without one, and back again."""

import json
from functools import partial
from urllib.parse import urlsplit

import pytest

from tests.browser.accessibility import findings
from tests.browser.gathering import Gathering
from tests.browser.wire import Wire

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect

# A camera that sees the code in `window.code`, and a browser that can read it.
CAMERA = """
window.code = "";
window.BarcodeDetector = class { async detect() { return code ? [{rawValue: code}] : []; } };
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 64});
  canvas.getContext("2d").fillRect(0, 0, 64, 64);
  return canvas.captureStream(5);
};
"""


@pytest.fixture
def door(site, new_page):
    return Gathering(partial(new_page, base_url=site))


@pytest.fixture
def wire(site):
    wire = Wire(urlsplit(site).port)
    yield wire
    wire.close()


def walk_in(page, name):
    page.get_by_text("Somebody without an RSVP").click()
    page.get_by_role("textbox", name="Name (optional)").fill(name)
    page.get_by_role("button", name="Count them in").click()


def by_code(page, code):
    page.get_by_label("Code from the mail").fill(code)
    page.get_by_role("button", name="Check in", exact=True).click()


def test_two_without_a_network_and_back_again(door, wire):
    code = door.code_of("member", guests=1)
    door.code_of("second")
    page = door.opened(door.signed_in("organizer", base_url=wire.url))
    light = page.locator("[data-light]")
    assert findings(page) == []

    page.context.set_offline(True)
    wire.cut()
    page.reload()  # from what the worker kept
    expect(light).to_contain_text("No network")
    by_code(page, code.lower())
    expect(page.locator("[data-said]")).to_contain_text("Kept on this device")
    walk_in(page, "Wim")
    expect(light).to_contain_text("2 waiting for the network")
    by_code(page, "zzzz zzzz")
    expect(page.locator("[data-said]")).to_contain_text("not on this device's list")
    expect(page.locator("[data-came]")).to_have_text("3")
    assert findings(page) == []
    page.reload()  # and nothing is forgotten
    expect(light).to_contain_text("3 waiting for the network")
    assert door.names() == []

    wire.mend()
    page.context.set_offline(False)
    expect(light).to_contain_text("Connected", timeout=15_000)
    expect(light).not_to_contain_text("waiting")
    expect(page.locator("[data-refused]")).to_contain_text("has the code ZZZZZZZZ")
    expect(page.locator("[data-light]")).to_contain_text("Connected.")  # refused is answered
    told = door.told()
    assert sorted((row["name"], row["people"]) for row in told["results"]) == [
        ("Max Member", 2),
        ("Wim", 1),
    ]
    assert told["totals"] == {"came": 3, "walk_ins": 1, "going": 3, "missing": 1}
    expect(page.locator("[data-missing]")).to_contain_text("Sam Second")


def losing_the_first_answer(page, *, without_numbers=False):
    """The site hears the next check-in, and its answer never arrives. Returns what was sent."""
    sent = []

    def lose(route):
        if route.request.method != "POST":
            route.continue_()
            return
        body = json.loads(route.request.post_data)
        sent.append(body)
        if without_numbers:
            body = body | {"client_id": f"{body['client_id']}-{len(sent)}"}
        answer = route.fetch(post_data=json.dumps(body))
        if len(sent) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    page.route("**/check-ins/", lose)
    return sent


@pytest.mark.parametrize(("without_numbers", "rows"), [(False, 1), (True, 2)])
def test_a_lost_answer_is_asked_again_and_counts_once(door, without_numbers, rows):
    """The control drops the device's numbers: then the walk-in is counted twice."""
    page = door.opened()
    sent = losing_the_first_answer(page, without_numbers=without_numbers)
    walk_in(page, "Wanda")
    expect(page.locator("[data-light]")).to_contain_text("1 waiting for the network")
    expect(page.locator("[data-light]")).to_contain_text("Connected", timeout=15_000)
    page.unroute_all()
    assert len(sent) == 2
    assert sent[0] == sent[1]
    assert door.names() == ["Wanda"] * rows


def test_another_device_sees_it_and_a_wrong_code_is_told(door):
    page, other = door.opened(), door.opened(door.signed_in("organizer"))
    walk_in(page, "Wendy")
    expect(page.locator("[data-said]")).to_have_text("Wendy is in.")
    expect(other.locator("[data-in]")).to_contain_text("Wendy", timeout=10_000)
    by_code(page, "zzzz zzzz")
    expect(page.locator("[data-refused]")).to_contain_text("has the code ZZZZZZZZ")
    assert findings(page) == []
    page.get_by_role("button", name="I have seen it").click()
    expect(page.locator("[data-refused]")).to_be_hidden()
    page.get_by_role("button", name="Take back Wendy").click()
    expect(page.locator("[data-said]")).to_have_text("Wendy is taken back.")
    expect(other.locator("[data-in]")).not_to_contain_text("Wendy", timeout=10_000)


def test_the_camera_counts_what_it_sees(door):
    code = door.code_of("member").replace(" ", "")
    door.boss.add_init_script(CAMERA)
    page = door.opened()
    page.get_by_role("button", name="Scan with the camera").click()
    expect(page.locator("[data-camera] video")).to_be_visible()
    assert findings(page) == []
    page.evaluate("value => { code = value }", code)
    expect(page.locator("[data-said]")).to_contain_text("Max Member is in")
    page.wait_for_timeout(1000)  # it goes on seeing the code: that counts nobody again
    assert door.names() == ["Max Member"]
    page.get_by_role("button", name="Stop the camera").click()
    expect(page.locator("[data-camera]")).to_be_hidden()


def test_the_door_works_without_scripts(door):
    door.code_of("member")
    plain = door.signed_in("organizer", java_script_enabled=False)
    plain.goto(door.page_url)
    plain.get_by_role("button", name="Check in Max Member").click()
    expect(plain.get_by_role("status").first).to_contain_text("Max Member is in")
    assert door.names() == ["Max Member"]
    plain.get_by_role("button", name="Take back").click()
    expect(plain.get_by_role("status").first).to_contain_text("Taken back")
    assert door.names() == []


def test_a_device_forgets_doors_long_closed(door):
    page = door.opened()
    page.evaluate(
        """() => {
          const day = 24 * 3600 * 1000, kept = {results: [], totals: null};
          for (const [slug, days] of [["old", 15], ["recent", 13]]) {
            const value = JSON.stringify({...kept, at: Date.now() - days * day});
            localStorage.setItem(`check-in:${slug}:known`, value);
          }
        }"""
    )
    door.opened(page)
    keys = page.evaluate("Object.keys(localStorage)")
    assert "check-in:recent:known" in keys
    assert "check-in:old:known" not in keys
