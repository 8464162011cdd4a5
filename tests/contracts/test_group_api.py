"""Sponsors, sites, series and chapters for programs."""

import zoneinfo

import pytest

from meetups.models import Site, Sponsorship
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


def test_sites(client):
    meetup, user = MeetupFactory(kind="hack_day", timezone="America/Chicago"), member()
    boss, url = organizer(meetup.chapter), f"meetups/{meetup.slug}/sites/"
    body = {"name": "Boston", "address": "1 Main St", "timezone": "America/New_York"}
    assert send(client, "post", url, body).status_code == 401
    made = send(client, "post", url, body, user)
    assert (made.status_code, made.json()["state"]) == (201, "proposed")
    one = f"{url}{made.json()['id']}/"
    assert client.get(f"/api/v1/{one}").status_code == 404
    assert client.get(f"/api/v1/{url}").json()["count"] == 0
    assert client.get(f"/api/v1/meetups/{meetup.slug}/").json()["sites"] == []
    assert send(client, "post", f"{one}approve/", {}, user).status_code == 403
    decided = send(client, "post", f"{one}approve/", {"note": "fine"}, boss).json()
    assert (decided["state"], decided["decision_note"]) == ("approved", "fine")
    assert send(client, "post", f"{one}decline/", {}, boss).json()["code"] == "already_decided"
    changed = send(client, "patch", one, {"capacity": 4, "join_instructions": "Ring."}, boss).json()
    assert (changed["capacity"], changed["join_instructions"]) == (4, "Ring.")
    read = client.get(f"/api/v1/{url}").json()["results"]
    assert [(row["name"], row["join_instructions"]) for row in read] == [("Boston", None)]
    local = meetup.starts_at.astimezone(zoneinfo.ZoneInfo("America/New_York"))
    assert read[0]["starts_at_local"] == local.isoformat()
    assert client.get(f"/api/v1/meetups/{meetup.slug}/").json()["sites"][0]["name"] == "Boston"
    put = {"status": "going", "site": made.json()["id"]}
    send(client, "put", f"meetups/{meetup.slug}/rsvp/", put, user)
    refused = send(client, "patch", one, {"capacity": 0}, boss)
    assert (refused.status_code, refused.json()["code"]) == (409, "capacity_below_going")
    headers = bearer(user)
    assert client.get(f"/api/v1/{one}", headers=headers).json()["join_instructions"] == "Ring."


@pytest.mark.parametrize("rows", [1, 3])
def test_the_sites_cost_the_same_for_three_as_for_one(client, rows, django_assert_num_queries):
    meetup = MeetupFactory(kind="hack_day")
    for n in range(rows):
        Site.objects.create(meetup=meetup, name=f"Site {n}", address="x")
    with django_assert_num_queries(2):
        client.get(f"/api/v1/meetups/{meetup.slug}/sites/")


def test_series(client):
    chapter = ChapterFactory()
    boss, foreign = organizer(chapter), organizer(ChapterFactory(slug="boston"))
    body = {
        "slug": "monthly", "title": "Monthly", "week": 2, "weekday": 3, "starts_at_time": "18:30",
        "venue": "TechRanch",
    }  # fmt: skip
    assert send(client, "post", "series/", body, member()).status_code == 403
    made = send(client, "post", "series/", body, boss)
    assert made.status_code == 201
    assert made.json()["rhythm"] == "the second Thursday of every month, 18:30"
    assert (made.json()["venue"], len(made.json()["next_dates"])) == ("TechRanch", 3)
    assert client.get("/api/v1/series/").json()["results"] == [made.json()]
    assert client.get("/api/v1/series/monthly/").json() == made.json()
    changed = send(client, "patch", "series/monthly/", {"capacity": 30}, boss).json()
    assert changed["capacity"] == 30
    assert send(client, "patch", "series/monthly/", {"capacity": 3}, foreign).status_code == 403
    planned = send(client, "post", "series/monthly/plan/", {"months": 2}, boss)
    assert (planned.status_code, len(planned.json()["drafts"])) == (201, 2)
    again = send(client, "post", "series/monthly/plan/", {"months": 2}, boss)
    assert again.json() == {"drafts": []}
    assert send(client, "post", "series/monthly/plan/", {"months": 0}, boss).status_code == 422
    assert send(client, "post", "series/monthly/plan/", {"months": 1}, foreign).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_series_cost_the_same_for_three_as_for_one(client, rows, django_assert_num_queries):
    boss = organizer()
    for n in range(rows):
        body = {"slug": f"s{n}", "title": "Monthly", "starts_at_time": "18:30", "venue": "Ranch"}
        send(client, "post", "series/", body, boss)
    with django_assert_num_queries(2):
        client.get("/api/v1/series/")


def test_what_no_column_can_hold_is_refused(client):
    chapter, nul = ChapterFactory(), "\x00"
    assert client.get("/api/v1/sponsors/rota/?chapter=%00").json()["count"] == 0
    assert offer(client, chapter, organization_name=f"a{nul}").status_code == 400
    made = offer(client, chapter).json()
    boss = organizer(chapter)
    url = f"sponsors/offers/{made['id']}/decline/"
    assert send(client, "post", url, {"note": nul}, boss).status_code == 400
    client.force_login(boss)
    for page, body in (
        (f"/sponsors/offers/{made['id']}/decline/", {"note": nul}),
        ("/chapters/austin/organizers/", {"email": nul}),
        ("/me/delete/", {"email": nul}),
        ("/series/new/", {"title": nul}),
        ("/sponsors/offer/", {"organization_name": nul}),
    ):
        assert client.post(page, body, headers={"referer": "http://testserver/"}).status_code in {
            302,
            422,
        }
    assert chapter.sponsor_offers.get().state == "proposed"
