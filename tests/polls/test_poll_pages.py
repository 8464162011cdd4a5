"""The pages of polls, as plain HTML without a script."""

import datetime as dt

import pytest
from django.core.cache import caches

from community.core import clock
from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from polls.models import Ballot, Idea, Poll
from polls.services.ballots import cast_ballot
from polls.services.moves import close_poll
from polls.services.polls import create_poll
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory

pytestmark = pytest.mark.django_db


def ranked(poll, voters=3):
    """`voters` ballots that all put the options in their order."""
    ids = list(poll.options.values_list("pk", flat=True))
    for user in [member(poll.chapter) for _ in range(voters)]:
        cast_ballot(poll=poll, choices={"ranking": ids}, by=user)


def closed(voters=3, options=3, **fields):
    poll = PollFactory(options=options, **fields)
    ranked(poll, voters)
    return close_poll(poll=poll, reason="enough", by=organizer(poll.chapter))


def ballot(poll, *places):
    ids = poll.options.order_by("position").values_list("pk", flat=True)
    return {
        f"option-{pk}": place for pk, place in zip(ids, places, strict=False) if place is not None
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(client, count, django_assert_num_queries):
    for number in range(count):
        PollFactory(options=3, title=f"Open {number}")
        closed(title=f"Closed {number}")
        PollFactory(state="draft", opens_at=clock.now() + dt.timedelta(days=1), title="Soon")
    client.force_login(member())
    with django_assert_num_queries(8):
        page = client.get("/polls/").content.decode()
    assert page.count("Closed ") >= count
    assert "Open to you" in page


def test_the_list_says_what_is_open_to_whom(client):
    mine, done, other = (
        PollFactory(options=2, title="To do"),
        PollFactory(options=2, title="Done"),
        PollFactory(options=2, title="Elsewhere", chapter=ChapterFactory(slug="boston")),
    )
    user = member(mine.chapter)
    cast_ballot(poll=done, choices={"ranking": [done.options.first().pk]}, by=user)
    page = client.get("/polls/").content.decode()
    assert "Open to you" not in page
    assert page.count("card-title") == 3
    client.force_login(user)
    page = client.get("/polls/").content.decode()
    assert page.index("Open to you") < page.index("To do") < page.index(">Open<")
    assert page.count("you have voted") == 1
    assert other.title in page


def test_a_ballot_without_a_script(client):
    poll = PollFactory(options=4, most_ranked=3)
    first, second, third, fourth = poll.options.all()
    user = member()
    client.force_login(user)
    url = f"/polls/{poll.slug}/"
    page = client.get(url).content.decode()
    assert page.count('type="number"') == 4
    refused = client.post(f"{url}ballot/", ballot(poll, 1, 1, 9))
    text = refused.content.decode()
    assert refused.status_code == 422
    assert f"“{first}” has number 1, too." in text or f"“{second}” has number 1, too." in text
    assert 'value="9"' in text
    assert client.post(f"{url}ballot/", {}).status_code == 422
    assert not Ballot.objects.exists()
    sent = client.post(f"{url}ballot/", ballot(poll, 2, None, 1), follow=True)
    assert Ballot.objects.get().choices == {"ranking": [third.pk, first.pk]}
    text = sent.content.decode()
    assert "Your ballot is in." in text
    assert text.index(third.title) < text.index(first.title)
    assert 'type="number"' not in text
    again = client.get(f"{url}?change=1").content.decode()
    assert again.count('value="1"') == again.count('value="2"') == 1
    client.post(f"{url}ballot/", ballot(poll, None, 1, None, 2))
    assert Ballot.objects.get().choices == {"ranking": [second.pk, fourth.pk]}
    client.post(f"{url}withdraw/")
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("method", "typed", "stored"),
    [
        ("score", (5, "", 0), {"scores": {0: 5, 2: 0}}),
        ("approval", ("on", None, "on"), {"approved": [0, 2]}),
        ("dots", (3, 0, 2), {"dots": {0: 3, 2: 2}}),
    ],
)
def test_the_other_methods_without_a_script(client, method, typed, stored):
    poll = PollFactory(options=3, method=method)
    ids = list(poll.options.values_list("pk", flat=True))
    client.force_login(member())
    url = f"/polls/{poll.slug}/"
    assert client.get(url).status_code == 200
    sent = client.post(f"{url}ballot/", ballot(poll, *typed), follow=True)
    assert "Your ballot is in." in sent.content.decode()
    ((key, given),) = stored.items()
    wanted = (
        [ids[place] for place in given]
        if isinstance(given, list)
        else {str(ids[place]): number for place, number in given.items()}
    )
    assert Ballot.objects.get().choices == {key: wanted}
    assert client.get(f"{url}?change=1").status_code == 200
    refused = client.post(f"{url}ballot/", {})
    assert refused.status_code == 422
    close_poll(poll=poll, reason="r", by=organizer())
    assert client.get(f"{url}results/").status_code == 200


def test_too_many_dots_are_kept_in_the_form(client):
    poll = PollFactory(options=2, method="dots", dots=5)
    client.force_login(member())
    answer = client.post(f"/polls/{poll.slug}/ballot/", ballot(poll, 4, 2))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "That is “6” dots, and you have 5." in text
    assert 'value="4"' in text


def test_who_may_not_vote_reads(client):
    poll = PollFactory(options=2)
    page = client.get(f"/polls/{poll.slug}/").content.decode()
    assert "Sign in to vote" in page
    assert client.get(f"/polls/{poll.slug}/ballot/").url.startswith("/accounts/login/")
    stranger = member(ChapterFactory(slug="boston"))
    client.force_login(stranger)
    assert "not among those who may vote" in client.get(f"/polls/{poll.slug}/").content.decode()
    assert client.post(f"/polls/{poll.slug}/ballot/", ballot(poll, 1)).status_code == 403
    Poll.objects.update(is_public=False)
    assert client.get(f"/polls/{poll.slug}/").status_code == 404


def test_too_late_says_so_and_nothing_is_saved(client):
    poll = closed()
    client.force_login(member())
    answer = client.post(f"/polls/{poll.slug}/ballot/", ballot(poll, 1))
    assert answer.status_code == 409
    assert "This poll is closed" in answer.content.decode()
    assert Ballot.objects.count() == 3


def test_the_order_of_options_is_the_voters_own_and_stays(client):
    poll = PollFactory(options=12)

    def order(user=None):
        if user:
            client.force_login(user)
        page = client.get(f"/polls/{poll.slug}/").content.decode()
        return sorted(poll.options.all(), key=lambda option: page.index(f">{option.title}<"))

    assert order() == list(poll.options.order_by("pk"))
    users = [member() for _ in range(4)]
    orders = [order(user) for user in users]
    assert [order(user) for user in users] == orders
    assert len({tuple(option.pk for option in one) for one in orders}) == 4


def test_an_organizer_writes_changes_and_runs_a_poll(client):
    boss = organizer()
    client.force_login(boss)
    form = {
        "title": "What next", "options": "A\nB\n\nC", "purpose": "other", "method": "ranked",
        "most_ranked": "2", "dots": "5", "electorate": "chapter", "is_public": "on",
    }  # fmt: skip
    assert client.get("/polls/new/").status_code == 200
    refused = client.post("/polls/new/", form | {"action": "open"})
    assert refused.status_code == 422
    assert "time to close" in refused.content.decode()
    assert not Poll.objects.exists()
    client.post("/polls/new/", form)
    poll = Poll.objects.get()
    assert (poll.state, poll.slug, poll.options.count()) == ("draft", "what-next", 3)
    edit = client.get("/polls/what-next/edit/").content.decode()
    assert "A\nB\nC</textarea>" in edit
    close = clock.now() + dt.timedelta(days=3)
    changed = form | {"title": "What now", "closes_at": f"{close:%Y-%m-%dT%H:%M}"}
    client.post("/polls/what-next/edit/", changed)
    client.post("/polls/what-next/open/")
    poll.refresh_from_db()
    assert (poll.title, poll.state) == ("What now", "open")
    # What was typed is the wall clock of Austin.
    assert poll.closes_at.astimezone(boss_zone(poll)).strftime("%H:%M") == f"{close:%H:%M}"
    client.post("/polls/what-next/close/", {"reason": ""})
    poll.refresh_from_db()
    assert poll.state == "open"
    more = {"closes_at": f"{close + dt.timedelta(days=2):%Y-%m-%dT%H:%M}", "reason": "holiday"}
    client.post("/polls/what-next/extend/", more)
    said = client.post("/polls/what-next/remind/", follow=True).content.decode()
    assert "1 person has not voted" in said
    again = client.post("/polls/what-next/remind/", HTTP_REFERER="http://testserver/polls/")
    assert again.url.endswith("/polls/")
    page = client.post("/polls/what-next/close/", {"reason": "all there"}, follow=True)
    text = page.content.decode()
    assert "holiday" in text
    assert "all there" in text
    assert client.get("/polls/what-next/results/").status_code == 200
    gone = client.post("/polls/what-next/edit/", form)
    assert gone.status_code == 409
    cancelled = PollFactory(options=2)
    client.post(f"/polls/{cancelled.slug}/cancel/", {"reason": "a mistake"})
    assert "a mistake" in client.get(f"/polls/{cancelled.slug}/").content.decode()


def boss_zone(poll):
    import zoneinfo

    return zoneinfo.ZoneInfo(poll.chapter.timezone)


def test_a_brainstorm_fills_the_new_poll_in(client):
    brainstorm = BrainstormFactory(title="Folsom wishes")
    client.force_login(organizer())
    page = client.get(f"/polls/new/?brainstorm={brainstorm.slug}").content.decode()
    assert 'value="Folsom wishes"' in page
    assert client.get("/polls/new/?brainstorm=none").status_code == 404


def test_results_are_read_by_everyone_after_the_close(client, django_assert_num_queries):
    brainstorm = BrainstormFactory()
    card = Idea.objects.create(brainstorm=brainstorm, text="Upgrade paths", position="a")
    poll = closed(options=3, voters=4, quorum=10, brainstorm=brainstorm)
    poll.options.first().ideas.add(card)
    with django_assert_num_queries(8):  # one of them for the page's version
        page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    assert "4 of 5 voted" in page
    assert "(80 %)" in page
    assert "The quorum of 10 was not reached: 4 ballots. The numbers decide nothing." in page
    assert page.index("100.0 %") < page.index("50.0 %") < page.index("0.0 %</span>")
    assert f'href="/brainstorms/{brainstorm.slug}/#idea-{card.pk}"' in page
    assert f'From the brainstorm <a href="/brainstorms/{brainstorm.slug}/"' in page
    assert "enough" in page
    assert poll.result.digest in page
    assert "They agree on the order." in page
    brainstorm.is_public = False
    brainstorm.save()
    page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    assert card.text not in page
    assert brainstorm.title not in page
    csv = client.get(f"/polls/{poll.slug}/results.csv").content.decode().splitlines()
    others = ("approval", "borda", "schulze", "score")
    names = ["rank", "title", "percent", "margin", *(f"rank_by_{name}" for name in others)]
    assert csv[0].split(",") == names
    assert csv[1].startswith("1,Option 1,100.0,0.0,")
    told = client.get(f"/polls/{poll.slug}/results.json").json()
    assert [row["title"] for row in told["options"]] == ["Option 1", "Option 2", "Option 3"]
    assert client.get(f"/polls/{poll.slug}/ballots.json").status_code == 302
    client.force_login(organizer())
    ballots = client.get(f"/polls/{poll.slug}/ballots.json").json()["ballots"]
    assert ballots == [{"ranking": list(poll.options.values_list("pk", flat=True))}] * 4


def test_equals_are_shown_as_equals(client):
    poll = PollFactory(options=3)
    one, two, _ = poll.options.values_list("pk", flat=True)
    for order in [[one, two], [two, one]] * 3:
        cast_ballot(poll=poll, choices={"ranking": order}, by=member())
    close_poll(poll=poll, reason="r", by=organizer())
    page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    assert page.count("shares place 1") == 2
    assert "2 neighbours that cannot be told apart" in page


def test_nobody_voted(client):
    poll = closed(voters=0)
    page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    assert "0 of 1 voted" in page
    assert "Nobody voted, so there is no order." in page
    assert "shares place" not in page
    assert page.count("<h3>Option ") == 3  # no level of headings is left out
    client.force_login(organizer(poll.chapter))
    page = client.get(f"/polls/{poll.slug}/results/").content.decode()
    assert "Publish as priorities" not in page
    assert "For organizers" not in client.get(f"/polls/{poll.slug}/").content.decode()
    assert "Nobody voted." in client.get("/polls/").content.decode()


@pytest.mark.parametrize("options", [2, 12])
def test_the_ballot_costs_the_same_for_any_number_of_options(
    client, options, django_assert_num_queries
):
    poll = PollFactory(options=options)
    client.force_login(member())
    with django_assert_num_queries(10):
        client.get(f"/polls/{poll.slug}/")


@pytest.mark.parametrize("count", [1, 3])
def test_home_shows_what_wants_my_vote(client, count, django_assert_num_queries):
    polls = [PollFactory(options=2, title=f"Wanted {number}") for number in range(count)]
    PollFactory(options=2, title="Elsewhere", chapter=ChapterFactory(slug="boston"))
    assert "Wants your vote" not in client.get("/").content.decode()
    user = member()
    client.force_login(user)
    before = len(captured(client, "/"))
    page = client.get("/").content.decode()
    assert page.count("Wanted ") == 2 * count
    assert "Elsewhere" not in page
    for poll in polls:
        cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=user)
    assert "Wants your vote" not in client.get("/").content.decode()
    assert len(captured(client, "/")) == before  # one query, whether there is something or not


def captured(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        client.get(url)
    return queries.captured_queries


def test_a_meetups_page_shows_its_polls(client):
    meetup = MeetupFactory()
    user = member(meetup.chapter)
    client.force_login(user)
    url = f"/meetups/{meetup.slug}/"
    client.get(url)
    without = captured(client, url)
    assert sum("polls_" in query["sql"] for query in without) == 0
    running = PollFactory(meetup=meetup, chapter=meetup.chapter, options=2, title="Running")
    closed(meetup=meetup, chapter=meetup.chapter, title="Over")
    PollFactory(meetup=meetup, chapter=meetup.chapter, is_public=False, title="Hidden",
                electorate="emails")  # fmt: skip
    caches["pages"].clear()  # whether a meetup has any is known for a few seconds
    client.get(url)
    one = captured(client, url)
    closed(meetup=meetup, chapter=meetup.chapter, title="Over too")
    assert len(captured(client, url)) == len(one)
    assert sum("polls_" in query["sql"] for query in one) == 2
    page = client.get(url).content.decode()
    assert "Running" in page
    assert "Option 1" in page
    assert "Hidden" not in page
    cast_ballot(poll=running, choices={"ranking": [running.options.first().pk]}, by=user)
    assert "you have voted" in client.get(url).content.decode()


def test_an_organizer_begins_at_the_meetup(client):
    meetup = MeetupFactory()
    url = f"/meetups/{meetup.slug}/"
    client.force_login(member(meetup.chapter))
    assert "for this meetup" not in client.get(url).content.decode()
    client.force_login(organizer(meetup.chapter))
    page = client.get(url).content.decode()
    for start in (f"/polls/new/?meetup={meetup.slug}", f"/brainstorms/new/?meetup={meetup.slug}"):
        assert f'href="{start}"' in page
        form = client.get(start).content.decode()
        assert f'<option value="{meetup.pk}" selected>{meetup.title}</option>' in form
    assert f'<option value="{meetup.chapter_id}" selected>' in form
    assert client.get("/polls/new/?meetup=none").status_code == 404


def test_the_admin_writes_through_the_services_and_shows_no_ballot(client):
    grant_organizers()
    boss = organizer()
    boss.groups.add(organizers_group())
    client.force_login(boss)
    poll = closed()
    page = client.get(f"/admin/polls/poll/{poll.pk}/change/").content.decode()
    assert "Option 1" in page
    assert "ranking" not in page
    assert client.get("/admin/polls/ballot/").status_code == 404
    assert client.get("/admin/polls/pollresult/").status_code == 404
    draft = create_poll(by=boss, title="Draft", options=["A", "B"])
    data = {
        "title": "Changed", "description": "", "purpose": "other", "method": "score",
        "electorate": "chapter", "dots": "5", "chapter": draft.chapter_id, "slug": draft.slug,
        "options-TOTAL_FORMS": "3", "options-INITIAL_FORMS": "2",
        **{f"options-{row}-poll": draft.pk for row in range(3)},
        **{f"options-{row}-id": option.pk for row, option in enumerate(draft.options.all())},
        "options-0-position": "1", "options-0-title": "A", "options-1-position": "0",
        "options-1-title": "B", "options-2-position": "3", "options-2-title": "C",
    }  # fmt: skip
    client.post(f"/admin/polls/poll/{draft.pk}/change/", data)
    draft.refresh_from_db()
    assert (draft.title, draft.method) == ("Changed", "score")
    assert [option.title for option in draft.options.all()] == ["B", "A", "C"]
    chosen = {"action": "open", "_selected_action": [draft.pk]}
    refused = client.post("/admin/polls/poll/", chosen, follow=True).content.decode()
    assert "needs a time to close" in refused
    new = {**data, "title": "New", "slug": "new-one", "options-INITIAL_FORMS": "0"}
    new |= {f"options-{row}-{name}": "" for row in range(3) for name in ("id", "poll")}
    client.post("/admin/polls/poll/add/", new)
    made = Poll.objects.get(slug="new-one")
    assert [option.title for option in made.options.all()] == ["B", "A", "C"]
