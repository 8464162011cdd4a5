"""Sponsors, sites, series and chapters for programs."""

import pytest

from meetups.models import Sponsorship
from meetups.selectors.sponsors import months_ahead
from tests.factories.community import (
    ChapterFactory,
    OrganizationFactory,
    bearer,
    member,
    organizer,
)
from tests.factories.meetups import MeetupFactory

pytestmark = pytest.mark.django_db


def send(client, verb, url, body, user=None, **headers):
    return getattr(client, verb)(
        f"/api/v1/{url}",
        body,
        content_type="application/json",
        headers=(bearer(user) if user else {}) | headers,
    )


def offer(client, chapter, **changes):
    body = {
        "chapter": chapter.slug, "month": f"{months_ahead(chapter)[1]:%Y-%m}", "kind": "food",
        "organization_name": "SUSE", "contact_name": "Sue", "contact_email": "sue@example.org",
    }  # fmt: skip
    return send(client, "post", "sponsors/offers/", body | changes)


def test_offers_and_the_rota(client):
    chapter = ChapterFactory()
    boss = organizer(chapter)
    made = offer(client, chapter)
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    second = offer(client, chapter, organization_name="Dell").json()
    assert client.get("/api/v1/sponsors/offers/").status_code == 401
    assert client.get("/api/v1/sponsors/offers/", headers=bearer(member())).status_code == 403
    listed = client.get("/api/v1/sponsors/offers/", headers=bearer(boss)).json()
    assert [row["organization_name"] for row in listed["results"]] == ["SUSE", "Dell"]
    confirmed = send(client, "post", f"sponsors/offers/{made.json()['id']}/confirm/", {}, boss)
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    again = send(client, "post", f"sponsors/offers/{second['id']}/confirm/", {}, boss)
    assert (again.status_code, again.json()["code"]) == (409, "slot_taken")
    declined = send(client, "post", f"sponsors/offers/{second['id']}/decline/", {"note": "x"}, boss)
    assert declined.json()["state"] == "declined"
    rota = client.get("/api/v1/sponsors/rota/?chapter=austin").json()
    assert (rota["count"], rota["next"]) == (12, None)
    assert rota["results"][1]["slots"][0] == {
        "kind": "food", "sponsors": ["SUSE"], "is_next_free": False,
    }  # fmt: skip
    assert rota["results"][0]["slots"][0]["is_next_free"] is True
    freed = send(client, "post", f"sponsors/offers/{made.json()['id']}/withdraw/", {}, boss)
    assert freed.json()["state"] == "withdrawn"


def test_an_offer_that_makes_no_sense_and_one_too_many(client):
    chapter = ChapterFactory()
    assert offer(client, chapter, month="soon").status_code == 422
    assert offer(client, chapter, month="2012-01").json()["code"] == "invalid"
    answers = [offer(client, chapter, kind="other") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [201] * 4 + [429] * 2
    assert answers[-1]["Retry-After"] == "86400"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_offers_cost_the_same_for_three_as_for_one(client, rows, django_assert_num_queries):
    chapter = ChapterFactory()
    for n in range(rows):
        offer(client, chapter, organization_name=f"Company {n}")
    headers = bearer(organizer(chapter))
    with django_assert_num_queries(5):
        client.get("/api/v1/sponsors/offers/", headers=headers)
    with django_assert_num_queries(4):
        client.get("/api/v1/sponsors/rota/")


def test_thanks_through_the_api(client):
    meetup = MeetupFactory()
    given = Sponsorship.objects.create(meetup=meetup, organization=OrganizationFactory(name="SUSE"))
    url = f"sponsorships/{given.pk}/"
    boss = organizer(meetup.chapter)
    assert send(client, "patch", url, {"thanks": "x"}, member()).status_code == 403
    foreign = organizer(ChapterFactory(slug="boston"))
    assert send(client, "patch", url, {"thanks": "x"}, foreign).status_code == 403
    changed = send(client, "patch", url, {"thanks": "SUSE fed us."}, boss)
    assert changed.json()["thanks"] == "SUSE fed us."
    assert client.get(f"/api/v1/{url}").json()["organization"] == "SUSE"
    assert send(client, "patch", url, {}, boss).status_code == 422
