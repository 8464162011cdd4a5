"""An organizer plans a meetup, holds it with live notes, and publishes its minutes."""

import datetime as dt

import pytest

from tests.browser.accessibility import findings
from tests.browser.test_story import said

pytestmark = pytest.mark.browser

expect = pytest.importorskip("playwright.sync_api").expect
PHONE = {"viewport": {"width": 375, "height": 740}}
CHANGE = """async ([address, change]) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
  const body = JSON.stringify(change);
  return (await fetch(address, {method: "PATCH", headers, body})).status;
}"""


def plan(page, title):
    """A meetup that is on now, from the sheet, with a talk and two topics; its address."""
    now = dt.datetime.now(dt.UTC)
    page.goto("/meetups/")
    page.get_by_role("link", name="Plan a meetup").click()
    assert findings(page) == []
    page.get_by_label("Title").fill(title)
    page.get_by_label("Time zone of the event").select_option("UTC")
    for label, minutes in (("Starts at", -20), ("Ends at", 90)):
        at = now + dt.timedelta(minutes=minutes)
        page.get_by_label(label).fill(f"{at:%Y-%m-%dT%H:%M}")
    page.get_by_role("combobox", name="Venue").fill("Austin TechRanch")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("draft: only organizers see it")).to_be_visible()
    address = page.url

    page.get_by_role("link", name="Agenda").click()
    session = page.get_by_role("group", name="A new session").first
    session.get_by_label("Title").fill("What the lab taught us")
    session.get_by_label("Kind").select_option("road_report")
    for place, topic in enumerate(("Swift", "Dashboard")):
        row = page.get_by_role("group", name="A new topic").nth(place)
        row.get_by_label("Topic").fill(topic)
    page.get_by_role("button", name="Save the agenda").click()
    expect(said(page)).to_contain_text("The agenda is saved")
    page.get_by_role("button", name="Announce what is planned").click()
    expect(said(page)).to_contain_text("2 topics were carried")
    page.get_by_role("button", name="It was held as announced").click()
    expect(page.get_by_role("group", name="Topic 6")).to_be_visible()
    assert findings(page) == []
    assert change(page, address, published=True) == 200
    return address


def change(page, address, **fields):
    return page.evaluate(CHANGE, [address.replace("/meetups/", "/api/v1/meetups/"), fields])


@pytest.fixture
def planned(visit):
    """Plans an evening that is on now; afterwards it is off, and no test's next meetup."""
    evenings = []

    def plan_it(desk, title):
        evenings.append((desk, plan(desk, title)))
        return evenings[-1][1]

    yield plan_it
    for desk, address in evenings:
        desk.goto(address)
        assert change(desk, address, cancelled=True) == 200


def test_from_the_plan_to_the_published_minutes(visit, planned):
    desk = visit("organizer", viewport={"width": 1280, "height": 800})
    address = planned(desk, "The evening itself")
    notes = f"{address}notes/"

    phone = visit("member", **PHONE)
    phone.goto(address)
    if phone.get_by_label("I accept the code of conduct").count():
        phone.get_by_label("I accept the code of conduct").check()
    phone.get_by_role("button", name="Count me in").click()
    phone.goto(address)
    phone.get_by_role("link", name="Follow the live notes").click()
    expect(phone.locator("[data-light]")).to_have_text("live")

    # one writes, the other sees it come; and the other way round
    desk.goto(notes)
    expect(desk.locator("[data-light]")).to_have_text("live")
    desk.get_by_label("Your note").fill("DevStack runs in ten minutes.")
    desk.get_by_role("button", name="Post the note").click()
    expect(phone.get_by_text("DevStack runs in ten minutes.")).to_be_visible()
    expect(desk.get_by_label("Your note")).to_have_value("")
    phone.get_by_label("Your note").fill("Unkind words.")
    phone.get_by_role("button", name="Post the note").click()
    expect(desk.get_by_text("Unkind words.")).to_be_visible()
    assert desk.locator("[data-text]").all_inner_texts() == [
        "Unkind words.", "DevStack runs in ten minutes.",
    ]  # fmt: skip

    # an organizer hides it: it goes from the other's page by itself
    desk.get_by_role("listitem").filter(has_text="Unkind").get_by_role(
        "button", name="Hide it"
    ).click()
    expect(phone.get_by_text("Unkind words.")).to_have_count(0)
    expect(desk.get_by_role("button", name="Show it again")).to_be_visible()
    assert findings(desk) == []
    assert findings(phone) == []

    desk.goto(address)
    desk.get_by_role("link", name="Minutes").click()
    desk.get_by_role("button", name="Make items from the live notes").click()
    item = desk.get_by_role("group", name="Item 1")
    expect(item.get_by_label("Text")).to_have_value("DevStack runs in ten minutes.")
    item.get_by_label("A decision").check()
    desk.get_by_label("How many came").fill("60")
    desk.get_by_label("At least that many").check()
    desk.get_by_role("button", name="Save the minutes").click()
    expect(said(desk)).to_contain_text("The minutes are saved")
    assert findings(desk) == []
    phone.goto(address)
    expect(phone.get_by_role("heading", name="Minutes")).to_have_count(0)
    desk.get_by_role("button", name="Publish the minutes").click()
    expect(desk.get_by_role("button", name="Withdraw the minutes")).to_be_visible()

    phone.goto(address)
    expect(phone.get_by_role("heading", name="Minutes")).to_be_visible()
    expect(phone.get_by_role("list").filter(has_text="DevStack runs")).to_contain_text("decision")
    expect(phone.locator(".stages")).to_contain_text("Dashboard")
    assert findings(phone) == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    for path in ("", "notes/", "edit/", "agenda/", "minutes/"):
        desk.set_viewport_size({"width": 375, "height": 740})
        desk.goto(f"{address}{path}")
        assert not desk.evaluate(wide), path


def test_without_scripts_notes_are_read_and_written(visit, planned):
    desk = visit("organizer")
    address = planned(desk, "An evening without scripts")
    plain = visit("organizer", java_script_enabled=False, **PHONE)
    plain.goto(f"{address}notes/")
    plain.get_by_label("Your note").fill("Written on an old phone.")
    plain.get_by_role("button", name="Post the note").click()
    expect(plain.get_by_role("list", name="Notes")).to_contain_text("Written on an old phone.")
    plain.get_by_role("link", name="Follow without the field").click()
    assert plain.locator("meta[http-equiv=refresh]").count() == 1
    plain.get_by_role("button", name="Hide it").click()
    expect(plain.get_by_role("button", name="Show it again")).to_be_visible()


def test_a_reader_whose_network_went_catches_up(visit, planned):
    desk = visit("organizer")
    address = planned(desk, "An evening with bad Wi-Fi")
    desk.goto(f"{address}notes/")
    reader = visit(**PHONE)
    sockets = []
    reader.route_web_socket(
        "**/ws/v1/meetups/**", lambda socket: sockets.append((socket, socket.connect_to_server()))
    )
    reader.goto(f"{address}notes/")
    expect(reader.locator("[data-light]")).to_have_text("live")
    sockets[-1][0].close()
    expect(reader.locator("[data-light]")).to_have_text("offline")
    for text in ("said meanwhile", "and this too"):
        desk.get_by_label("Your note").fill(text)
        desk.get_by_role("button", name="Post the note").click()
        expect(desk.get_by_role("list", name="Notes")).to_contain_text(text)
    expect(reader.locator("[data-light]")).to_have_text("live", timeout=15000)
    expect(reader.locator("[data-text]")).to_have_text(["and this too", "said meanwhile"])
