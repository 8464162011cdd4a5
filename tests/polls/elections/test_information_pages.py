"""The pages of elections: what each reader sees and may do there."""

import datetime as dt
import html

import pytest
from django.template.loader import render_to_string

from community.core import clock
from polls.models import Election, RollEntry
from polls.services.elections.candidates import (
    accept_nomination,
    enter_candidate,
    nominate_candidate,
)
from polls.services.elections.setup import create_election
from polls.services.elections.words import write_campaign
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.elections import DAY, external, nominating

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return organizer()


@pytest.fixture
def as_(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def text(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status
    page = answer.content.decode()
    assert 'href=""' not in page
    return page


def form(**changes):
    whole = {
        "title": "Board", "method": "cumulative", "seats": 2, "votes_per_voter": 4,
        "results_at": "certification", "endorsements_needed": 0, "whole_votes": "on",
    }  # fmt: skip
    return whole | changes


def test_the_list_has_what_is_now_what_comes_and_what_was(client, boss):
    for title, held in (("Drafted", ""), ("Coming", "here")):
        create_election(by=boss, title=title, held=held, opens_at=clock.now() + DAY)
    nominating(boss, title="Nominating")
    past = external(boss, title="Elsewhere, past")
    Election.objects.filter(pk=past.pk).update(
        opens_at=clock.now() - 2 * DAY, closes_at=clock.now() - DAY
    )
    page = text(client, "/elections/")
    order = [page.index(word) for word in (">Nominating<", ">Coming<", ">Elsewhere, past<")]
    assert order == sorted(order)
    assert "Drafted" not in page
    assert "New election" not in page
    client.force_login(boss)
    page = text(client, "/elections/")
    assert "Drafted" in page
    assert "New election" in page


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_however_long(client, boss, count, django_assert_num_queries):
    for number in range(count):
        external(boss, title=f"External {number}")
        election = nominating(boss, title=f"Nominating {number}")
    people = [enter_candidate(election=election, by=boss, name=f"C{n}") for n in range(count)]
    if count > 1:
        write_campaign(election=election, by=boss, title="Both", members=people[:2])
    with django_assert_num_queries(2):
        text(client, "/elections/")
    with django_assert_num_queries(4):
        text(client, "/elections/feed.atom")
    with django_assert_num_queries(6):  # one asks for the version by which the page is kept
        text(client, f"/elections/{election.slug}/")


def test_a_draft_is_made_put_right_and_announced_on_pages(as_, boss, client):
    as_(boss)
    made = client.post(
        "/elections/new/",
        form(cap_max="2", sitting="John Dickinson, Rackspace", opens_at="2030-03-01T12:00",
             closes_at="2030-03-05T12:00"),
    )  # fmt: skip
    assert (made.status_code, made.url) == (302, "/elections/board/people/")
    election = Election.objects.get()
    assert election.opens_at == dt.datetime(2030, 3, 1, 18, tzinfo=dt.UTC)  # noon in Chicago
    assert election.cap_sitting == [{"name": "John Dickinson", "affiliation": "Rackspace"}]
    wrong = client.post("/elections/board/edit/", form(closes_at="2030-03-05T12:00",
                        opens_at="2030-03-06T12:00"))  # fmt: skip
    assert wrong.status_code == 422
    assert "Voting must close after it opens." in wrong.content.decode()
    assert client.post("/elections/new/", form(sitting="no company")).status_code == 422
    assert 'name="sitting"' in text(client, "/elections/board/edit/")
    client.post("/elections/board/edit/", form(seats=3, opens_at="2030-03-01T12:00",
                closes_at="2030-03-05T12:00"))  # fmt: skip
    client.post("/elections/board/announce/")
    election.refresh_from_db()
    assert (election.seats, election.announced_at is not None) == (3, True)
    client.post("/elections/new/", form(title="Draft"))
    client.post("/elections/draft/delete/")
    assert Election.objects.get() == election


def test_once_it_is_open_the_form_has_no_rules(as_, boss):
    election = nominating(boss)
    Election.objects.update(state="open", opened_at=clock.now())
    page = text(as_(boss), f"/elections/{election.slug}/edit/")
    assert 'name="about"' in page
    assert 'name="seats"' not in page
    as_(boss).post(f"/elections/{election.slug}/edit/", {"about": "More"})
    assert Election.objects.get().about == "More"


@pytest.mark.parametrize("page", ["edit", "people", "outside-results", "announce"])
def test_organizers_pages_are_theirs(as_, client, boss, page):
    election = external(boss)
    draft = create_election(by=boss, title="Draft")
    url = f"/elections/{election.slug}/{page}/"
    assert client.get(url).status_code == 302
    other = organizer(ChapterFactory(slug="boston"))
    assert as_(member()).post(url).status_code == 403
    assert as_(other).post(url).status_code == 403
    assert client.post(f"/elections/{draft.slug}/{page}/").status_code == 404
    assert client.get(f"/elections/{draft.slug}/").status_code == 404


def test_the_rules_are_said_and_the_link_is_the_main_action_of_one_held_elsewhere(client, boss):
    election = nominating(
        boss, cap_max=2, cap_sitting=[{"name": "John", "affiliation": "Dell"}], votes_per_voter=8,
        publish_ballots=True, asks_employer=True, whole_votes=False,
    )  # fmt: skip
    page = text(client, f"/elections/{election.slug}/")
    for said in (
        "You have 8 votes", "two decimals", "At most 2 directors", "John (Dell)", "then a lot",
        "every inspector has certified", "ten or more", "from five voters on", "In your time",
    ):  # fmt: skip
        assert said in page
    outside = external(boss, outside_url="https://vote.example.org/x")
    page = text(client, f"/elections/{outside.slug}/")
    assert 'href="https://vote.example.org/x"' in page
    assert "no vote is cast on this site" in page
    assert "then a lot" not in page
    Election.objects.filter(pk=outside.pk).update(
        opens_at=clock.now() - 2 * DAY, closes_at=clock.now() - DAY
    )
    assert "vote.example.org" not in text(client, f"/elections/{outside.slug}/")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "draft"}, "Voting opens"),
        ({"state": "draft", "nominations_open_at": DAY / 2}, "Nominations open"),
        ({}, "Nominations are taken until"),
        ({"nominations_close_at": -DAY}, "Nominations are closed. Voting opens"),
        ({"state": "open"}, "Open until"),
        ({"state": "open", "opens_at": -2 * DAY, "closes_at": -DAY}, "it is being closed"),
        ({"state": "closed"}, "it is being counted"),
        ({"state": "sealed"}, "it is being counted"),
        ({"state": "counted"}, "The result is shown when every inspector has certified it"),
        ({"state": "counted", "results_at": "close"}, "and counted."),
        ({"state": "certified"}, "Every inspector has certified the result."),
        ({"state": "cancelled"}, "It was cancelled"),
    ],
)  # fmt: skip
def test_its_state_is_a_sentence(boss, fields, said):
    election = nominating(boss)
    now = clock.now()
    Election.objects.update(
        **{"opened_at": now, "closed_at": now}
        | {
            name: now + value if isinstance(value, dt.timedelta) else value
            for name, value in fields.items()
        }
    )
    election.refresh_from_db()
    assert said in render_to_string("polls/elections/_state.html", {"election": election})


def test_nomination_on_pages(as_, client, boss):
    election = nominating(boss, endorsements_needed=1)
    rob, ann, outsider = member(name="Rob Roy"), member(name="Ann"), UserFactory()
    url = f"/elections/{election.slug}/nominate/"
    assert client.get(url).status_code == 302
    assert "Members of Austin nominate." in text(as_(outsider), url)
    as_(ann)
    assert client.post(url, {"email": "nobody@example.org"}).status_code == 422
    client.post(url, {"email": rob.email})
    candidate = election.candidates.get()
    own = f"/elections/{election.slug}/candidates/{candidate.pk}/"
    client.post(f"{own}endorse/")
    assert "1 of 1 needed" in text(client, own)
    client.logout()
    assert client.get(own).status_code == 404
    as_(rob)
    page = text(client, own)
    assert "Ann nominated you." in page
    client.post(f"{own}accept/")
    assert client.get(f"{own}whatever/").status_code == 404
    client.post(f"{own}edit/", {"statement": "Users *first*.", "links": "https://a.example/"})
    client.logout()
    page = text(client, own)
    assert "Users <em>first</em>." in page
    assert "1 of 1 needed" in page
    assert ">Ann<" not in page  # who endorsed is for those signed in
    assert as_(ann).get(f"{own}edit/").status_code == 403
    assert ">Ann<" in text(client, own)


def test_statements_bring_no_script(client, boss):
    election = nominating(boss)
    wrong = "<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    candidate = enter_candidate(
        election=election, by=boss, name="<b>Bob</b>", statement=wrong, profile=wrong[:100]
    )
    for url in ("", f"candidates/{candidate.pk}/"):
        page = text(client, f"/elections/{election.slug}/{url}")
        assert "<script>alert" not in page
        assert "<img" not in page
        assert 'href="javascript' not in page
        assert "<b>Bob" not in page


def test_the_desk_of_people(as_, client, boss):
    election = nominating(boss)
    url = f"/elections/{election.slug}/people/"
    as_(boss)
    for name in ("Rob", "Joe"):
        client.post(url, {"action": "candidate", "name": name})
    pks = list(election.candidates.values_list("pk", flat=True))
    client.post(url, {"action": "campaign", "title": "Both", "members": pks})
    client.post(url, {"action": "questions", "texts": "Why?\n\nHow?"})
    watcher = member(name="Wat")
    client.post(url, {"action": "inspector", "email": watcher.email, "affiliation": "HP"})
    page = text(client, url)
    for said in ("Both", "Wat", "Why?\nHow?", "Let them run alone"):
        assert said in page
    wrong = client.post(url, {"action": "inspector", "email": "nobody@example.org"})
    assert wrong.status_code == 422
    assert "Nobody has signed up here" in wrong.content.decode()
    assert client.post(url, {"action": "dance"}).status_code == 422
    inspector = election.inspectors.get()
    answer = client.post(url, {"action": "release", "id": inspector.pk, "reason": ""})
    assert answer.status_code == 422
    client.post(url, {"action": "release", "id": inspector.pk, "reason": "Asked to be."})
    client.post(url, {"action": "end-campaign", "id": election.campaigns.get().pk})
    assert not election.inspectors.exists()
    assert not election.campaigns.exists()
    ruled = f"/elections/{election.slug}/candidates/{pks[0]}/"
    client.post(f"{ruled}rule-out/", {"reason": "Not a member."})
    assert "Not a member." in text(client, url)


def test_a_result_from_elsewhere_on_its_page(as_, client, boss):
    election = external(boss)
    rob = enter_candidate(election=election, by=boss, name="Rob", affiliation="Dell")
    url = f"/elections/{election.slug}/outside-results/"
    as_(boss)
    assert "Rob, Dell" in text(client, url)
    sent = {
        "rows-TOTAL_FORMS": 3, "rows-INITIAL_FORMS": 1, "source": "Inspectors, https://a.example/",
        "rows-0-candidate": rob.pk, "rows-0-rank": 1, "rows-0-votes": "2195.00",
        "rows-0-is_seated": "true", "rows-1-name": "Hui", "rows-1-affiliation": "SINA",
        "rows-1-is_seated": "false", "rows-1-reason": "affiliation cap", "rows-1-is_inferred": "on",
    }  # fmt: skip
    assert client.post(url, sent | {"source": ""}).status_code == 422
    assert client.post(url, sent | {"rows-1-name": ""}).status_code == 422
    assert client.post(url, sent | {"rows-0-percent_of_votes": "101"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    client.logout()
    page = text(client, f"/elections/{election.slug}/")
    for said in ("2195.00", "not known", "affiliation cap", "inferred", "Inspectors, <a href"):
        assert said in page
    here = nominating(boss)
    assert as_(boss).get(f"/elections/{here.slug}/outside-results/").status_code == 409


def test_the_feed_has_announcements_and_results_that_are_out(client, boss):
    create_election(by=boss, title="Secret draft")
    election = nominating(boss, title="Board")
    feed = text(client, "/elections/feed.atom")
    assert "<title>Board</title>" in feed
    assert "Secret draft" not in feed
    assert "Result:" not in feed
    Election.objects.filter(pk=election.pk).update(
        state="counted", opened_at=clock.now(), closed_at=clock.now()
    )
    assert "Result:" not in text(client, "/elections/feed.atom")
    Election.objects.filter(pk=election.pk).update(state="certified")
    assert "<title>Result: Board</title>" in text(client, "/elections/feed.atom")


def test_home_says_what_wants_one(as_, client, boss):
    voter, rob = member(), member(name="Rob")
    election = nominating(boss, title="Nominations run")
    asked = nominate_candidate(election=election, by=voter, email=rob.email)
    open_one = nominating(boss, title="Open one")
    Election.objects.filter(pk=open_one.pk).update(state="open", opened_at=clock.now())
    entry = RollEntry.objects.create(election=open_one, email=voter.email, reason="member")
    assert "Elections</h2>" not in text(client, "/")
    page = text(as_(voter), "/")
    assert "Open one" in page
    assert "Nominations run" in page
    assert "You are nominated" not in page
    RollEntry.objects.filter(pk=entry.pk).update(has_voted=True)
    assert "Open one" not in text(client, "/")
    page = text(as_(rob), "/")
    assert "You are nominated: Nominations run" in page
    assert "Open one" not in page
    accept_nomination(candidate=asked, by=rob)
    assert "You are nominated" not in text(client, "/")


def test_the_feed_says_where_it_is(client, boss, settings):
    nominating(boss, title="Board", body="<b>The</b> board")
    feed = text(client, "/elections/feed.atom")
    assert f'href="{settings.SITE_URL}/elections/board/"' in feed
    assert f"<id>{settings.SITE_URL}/elections/board/#announced</id>" in feed
    assert "<b>" not in html.unescape(feed)
    assert "example.com" not in feed
