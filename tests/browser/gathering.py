"""A meetup that belongs to one test alone, on the running site."""

import uuid

import pytest

from tests.browser.accessibility import findings

expect = pytest.importorskip("playwright.sync_api").expect

PASSWORD = "stackers-2012"
PHONE = {"width": 375, "height": 720}
SEND = """
async ([url, method, body]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)[1];
  const headers = {"Content-Type": "application/json", "X-CSRFToken": token};
  return (await fetch(url, {method, headers, body: body && JSON.stringify(body)})).status;
}
"""


def sign_in(page, who):
    """`page`, signed in as one of the demo's people."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1).first).not_to_have_text("Sign in")
    return page


class Gathering:
    """A meetup of its own, and the pages of those who go there and who stand at its door."""

    def __init__(self, open_page):
        self.open_page = open_page
        self.slug = f"own-{uuid.uuid4().hex[:8]}"
        self.page_url = f"/meetups/{self.slug}/check-in/"
        self.url = f"/api/v1/meetups/{self.slug}/check-ins/"
        self.boss = self.signed_in("organizer")
        body = {"slug": self.slug, "title": "A meetup of its own", "published": True}
        body |= {"starts_at": "2199-04-12T23:30:00Z", "ends_at": "2199-04-13T01:30:00Z"}
        assert self.boss.evaluate(SEND, ["/api/v1/meetups/", "POST", body]) == 201

    def signed_in(self, who, **options):
        return sign_in(self.open_page(viewport=PHONE, **options), who)

    def code_of(self, who, guests=0):
        """Their RSVP, and the code their own page shows."""
        page = self.signed_in(who)
        body = {"status": "going", "guests": guests}
        url = f"/api/v1/meetups/{self.slug}/rsvp/"
        assert page.evaluate(SEND, [url, "PUT", body]) == 200
        page.goto(f"/meetups/{self.slug}/my-code/")
        assert findings(page) == []
        return page.locator(".code-typed").inner_text()

    def opened(self, page=None):
        page = page or self.boss
        page.goto(self.page_url)
        expect(page.locator("#door")).to_have_attribute("data-kept", "yes")  # by the worker
        expect(page.locator("[data-light]")).to_contain_text("Connected")
        return page

    def told(self):
        """The site's own list."""
        return self.boss.request.get(self.url).json()

    def names(self):
        return [row["name"] for row in self.told()["results"]]
