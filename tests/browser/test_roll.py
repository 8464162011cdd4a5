"""The roll at an organizer's desk, and asking to be on it from a phone."""

import pytest
from django.test import Client

from tests.browser.accessibility import findings
from tests.browser.gathering import PHONE
from tests.concurrency.served import serving
from tests.factories.community import member, organizer
from tests.factories.rolls import election, entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

expect = pytest.importorskip("playwright.sync_api").expect

DESK = {"width": 1280, "height": 800}
LIST = "email;reason\nada@example.org;member since 2011\nbea at example.org;guest\n"


@pytest.fixture
def rolls(transactional_db):
    """A site with the roll of an election to come, and of one that is open."""
    people = {"Olga": organizer(name="Olga"), "Mel": member(name="Mel")}
    coming, running = election("nominating", slug="coming"), election(slug="running")
    entry(coming, "there@example.org")
    entry(running, "cy@example.org", name="Cy Young")
    with serving() as port:
        yield f"http://127.0.0.1:{port}", {name: key_of(user) for name, user in people.items()}


def key_of(user):
    """A session of `user`."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def signed_in(new_page, rolls, name, viewport):
    site, keys = rolls
    page = new_page(base_url=site, viewport=viewport)
    page.context.add_cookies([{"name": "sessionid", "value": keys[name], "url": site}])
    return page


def test_a_list_is_mended_a_link_sent_and_a_wish_granted(rolls, new_page):
    page = signed_in(new_page, rolls, "Olga", DESK)
    page.goto("/elections/coming/roll/")
    assert findings(page) == []
    page.get_by_role("link", name="Add a list").click()
    page.get_by_label("The list").fill(LIST)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("alert")).to_contain_text("1 row cannot be added. Nothing was added.")
    expect(page.get_by_role("row").filter(has_text="bea at")).to_contain_text("Line 3")
    assert findings(page) == []
    page.get_by_label("The list").fill(LIST.replace("bea at ", "bea@"))
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_role("heading", name="2 people would be added")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Add them to the roll").click()
    expect(page.get_by_role("status").first).to_contain_text("2 people are on the roll now.")
    expect(page.get_by_role("row")).to_have_count(4)

    phone = signed_in(new_page, rolls, "Mel", PHONE)
    phone.goto("/elections/running/roll/me/")
    assert findings(phone) == []
    phone.get_by_label("Why you may vote").fill("I joined in May 2012")
    phone.get_by_role("button", name="Send the request").click()
    expect(phone.get_by_text("have not answered yet")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.goto("/elections/running/roll/")
    page.get_by_role("button", name="Send a new link cy@example.org").click()
    expect(page.get_by_role("status").first).to_contain_text("The one before is dead.")
    expect(page.get_by_role("row").filter(has_text="cy@example.org")).to_contain_text("queued")
    expect(page.get_by_role("heading", name="Mel")).to_be_visible()
    assert findings(page) == []
    page.get_by_label("Reason").fill("The list has her")
    page.get_by_role("button", name="Accept: they may vote").click()
    expect(page.get_by_role("row").filter(has_text="exception: The list has her")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("You are on the roll.")).to_be_visible()
    assert findings(phone) == []
