"""An election in a browser: who comes signed in, and how its organizer closes it."""

import pytest
from django.test import Client

from tests.browser.accessibility import findings

expect = pytest.importorskip("playwright.sync_api").expect


def session_of(user):
    """The key of a session of `user`."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def sign_in(page, race, session):
    """`page`, in the session of that key."""
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": race.site}])
    return page


def closed_by_its_organizer(page, race):
    """Closed early, on the page from which the election is run."""
    sign_in(page, race, race.boss).goto(f"/elections/{race.slug}/run/")
    assert findings(page) == []
    page.get_by_text("Close it early").click()
    page.locator("#close_reason").fill("Everyone has voted")
    page.get_by_role("button", name="Close, seal and count it now").click()
    expect(
        page.get_by_text("Voting is closed; the ballots are sealed and counted.")
    ).to_be_visible()
    assert findings(page) == []
