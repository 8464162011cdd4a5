"""The pages of the roll, as plain HTML without a script."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from community.core import clock
from community.models import Mail
from polls.models import RollEntry, RollRequest
from polls.selectors.elections.roll import standing_context
from polls.services.elections.roll_requests import ask_for_roll
from polls.services.elections.tokens import request_tokens
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.rolls import election, entry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 3])
def test_the_roll_costs_the_same_however_long(client, count, django_assert_num_queries):
    race = election()
    for number in range(count):
        entry(race, f"v{number}@example.org", account=member())
        ask_for_roll(election=race, text=f"Wish {number}", by=member())
        done = ask_for_roll(election=race, text=f"Old {number}", by=member())
        RollRequest.objects.filter(pk=done.pk).update(state="refused", decided_at=clock.now())
    request_tokens(election=race, entries=race.roll.all())
    client.force_login(organizer())
    with django_assert_num_queries(10):
        page = client.get(f"/elections/{race.slug}/roll/").content.decode()
    assert page.count("Send a new link") == page.count("Wish ") == count
    with django_assert_num_queries(5):
        sheet = client.get(f"/elections/{race.slug}/roll/?sheet").content.decode()
    assert sheet.count("@example.org</th>") == count


def test_the_roll_says_how_far_links_got_and_not_who_has_voted(client):
    race = election()
    first = entry(race, "ann@example.org", name="Ann Lee", has_voted=True)
    entry(race, "bob@example.org")
    request_tokens(election=race, entries=[first])
    Mail.objects.update(state="failed", error="550 no such mailbox")
    client.force_login(organizer())
    url = f"/elections/{race.slug}/roll/"
    page = client.get(url).content.decode()
    assert "2 people may vote" in page
    assert "1 has voted; who, this page does not show." in page
    assert "550 no such mailbox" in page
    found = client.get(f"{url}?q=ann").content.decode()
    assert "bob@" not in found
    assert "1 has voted" in found
    assert "Nobody on the roll matches" in client.get(f"{url}?q=xyz%00").content.decode()
    RollEntry.objects.update(has_voted=False)
    silent = client.get(url).content.decode()
    assert silent.replace("0 have voted", "1 has voted").count("ann@") == page.count("ann@")
    said = client.post(f"{url}{first.pk}/resend/", follow=True).content.decode()
    assert "A new link is on its way to ann@example.org. The one before is dead." in said
    assert "550 no such mailbox" not in said
    assert (
        "get a mail with their link" in client.post(f"{url}remind/", follow=True).content.decode()
    )


def test_a_list_is_mended_where_it_is_wrong_and_then_added(client):
    race = election("nominating")
    client.force_login(organizer())
    url = f"/elections/{race.slug}/roll/import/"
    assert client.get(url).status_code == 200
    wrong = "email,reason\nann@example.org,member\nno address,guest\n"
    refused = client.post(url, {"text": wrong, "action": "add"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "1 row cannot be added. Nothing was added." in page
    assert ">Line 3</th>" in page
    assert "no address,guest</span>" in page
    assert "“no address” is no e-mail address." in page
    assert "ann@example.org,member" in page  # still in the form
    assert not race.roll.exists()
    right = SimpleUploadedFile("roll.csv", "email;reason\nann@example.org;für immer".encode())
    looked = client.post(url, {"file": right}).content.decode()
    assert "1 person would be added" in looked
    assert "ann@example.org;für immer</textarea>" in looked
    assert not race.roll.exists()
    latin = SimpleUploadedFile("roll.csv", "email;reason\nann@example.org;für".encode("latin-1"))
    assert "Line 2 is not in UTF-8" in client.post(url, {"file": latin}).content.decode()
    large = SimpleUploadedFile("roll.csv", b"x" * 2_000_001)
    assert client.post(url, {"file": large}).status_code == 422
    said = client.post(url, {"text": wrong.replace("no address", "b@example.org"), "action": "add"})
    assert said.url == f"/elections/{race.slug}/roll/"
    page = client.get(said.url).content.decode()
    assert "2 people are on the roll now." in page
    gone = race.roll.get(email="b@example.org")
    said = client.post(f"{said.url}{gone.pk}/remove/", follow=True).content.decode()
    assert "b@example.org is off the roll." in said


def test_members_are_looked_at_first_and_then_added(client):
    race = election("draft")
    user, boss = member(), organizer()
    client.force_login(boss)
    url = f"/elections/{race.slug}/roll/members/"
    assert client.get(url).status_code == 200
    tomorrow = f"{clock.now() + dt.timedelta(days=1):%Y-%m-%d}"
    assert "2 people would be added" in client.post(url, {"since": tomorrow}).content.decode()
    assert "No member by this rule" in client.post(url, {"since": "2012-08-20"}).content.decode()
    assert client.post(url, {"since": "soon"}).status_code == 422
    assert not race.roll.exists()
    said = client.post(url, {"since": "", "action": "add"}, follow=True).content.decode()
    assert "2 people are on the roll now." in said
    assert user.email in said


def test_am_i_on_the_roll(client):
    race = election()
    url = f"/elections/{race.slug}/roll/me/"
    page = client.get(url).content.decode()
    assert f"/accounts/login/?next={url}" in page
    assert client.get(f"{url}ask/").url.startswith("/accounts/login/")
    for email in ("nobody@example.org", "ann@example.org"):
        said = client.post(f"{url}link/", {"email": email}, follow=True).content.decode()
        assert "If this address is on the roll, its link is on its way there." in said
    assert client.post(f"{url}link/", {"email": "ann"}).status_code == 422
    user = member()
    client.force_login(user)
    assert "You are not on the roll of this election." in client.get(url).content.decode()
    assert client.post(f"{url}ask/", {"text": ""}).status_code == 422
    said = client.post(f"{url}ask/", {"text": "I joined in May"}, follow=True).content.decode()
    assert "The organizers have your request." in said
    assert "have not answered yet" in said
    assert "Send the request" not in said
    client.force_login(organizer())
    roll = f"/elections/{race.slug}/roll/"
    decide = f"{roll}requests/{RollRequest.objects.get().pk}/decide/"
    for wrong in ({"answer": "accept"}, {"answer": "x", "reason": "r"}):
        client.post(decide, wrong)
    assert not race.roll.exists()
    said = client.post(decide, {"answer": "accept", "reason": "She did"}, follow=True)
    assert "They are on the roll. They get your reason by mail." in said.content.decode()
    client.force_login(user)
    page = client.get(url).content.decode()
    assert "You are on the roll." in page
    assert "exception: She did" in page
    assert f"was sent to {user.email}" in page


def test_elsewhere_and_afterwards_nobody_asks(client):
    client.force_login(member())
    page = client.get(f"/elections/{election('external').slug}/roll/me/").content.decode()
    assert "its roll is kept there" in page
    page = client.get(f"/elections/{election('closed').slug}/roll/me/").content.decode()
    assert "nobody is added any more" in page
    assert "Send the request" not in page


def test_the_part_on_the_elections_own_page_costs_two_statements():
    race, user = election(), member()
    with CaptureQueriesContext(connection) as asked:
        context = {"election": race, "user": user, **standing_context(race, user)}
        text = render_to_string("polls/elections/_standing.html", context)
    assert "You are not on the roll" in text
    assert len(asked) == 2


def test_others_see_none_of_it(client):
    race = election("nominating")
    there = entry(race)
    hidden = election("draft", announced_at=None)
    pages = [
        f"/elections/{race.slug}/roll/{path}"
        for path in ("", "?sheet", "import/", "members/", "remind/", f"{there.pk}/resend/",
                     f"{there.pk}/remove/")
    ]  # fmt: skip
    for page in pages:
        assert client.get(page).url.startswith("/accounts/login/")
    client.force_login(member())
    assert {client.post(page).status_code for page in pages} == {403}
    client.force_login(organizer(ChapterFactory(slug="boston")))
    assert {client.post(page).status_code for page in pages[2:]} == {403}
    assert client.get(pages[0]).status_code == 403
    assert client.get(f"/elections/{hidden.slug}/roll/").status_code == 404
    assert client.get(f"/elections/{hidden.slug}/roll/me/").status_code == 404
    assert race.roll.get() == there
