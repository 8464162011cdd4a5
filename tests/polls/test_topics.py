"""Winners of a topic poll become planned topics, once each."""

import datetime as dt

import pytest

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from meetups.models import Topic
from meetups.services.agenda import plan_topic
from polls.models import PollEntry, PollOption
from polls.services.ballots import cast_ballot
from polls.services.moves import close_poll
from polls.services.topics import plan_option
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import PollFactory

pytestmark = pytest.mark.django_db


def topic_poll(**fields):
    poll = PollFactory(options=3, purpose="topics", **fields)
    cast_ballot(poll=poll, choices={"ranking": [poll.options.first().pk]}, by=member())
    return close_poll(poll=poll, reason="r", by=organizer())


def coming(days, **fields):
    return MeetupFactory(starts_at=clock.now() + dt.timedelta(days=days), **fields)


def test_one_click_each_and_the_page_says_where_it_went(client):
    poll, boss = topic_poll(), organizer()
    soon, later = coming(5, title="January"), coming(35, title="February")
    MeetupFactory(title="Boston's", chapter=ChapterFactory(slug="boston"))
    client.force_login(boss)
    url = f"/polls/{poll.slug}/results/"
    page = client.get(url).content.decode()
    assert page.count(f'<option value="{soon.slug}" selected>') == 3
    assert "Boston&#x27;s" not in page
    first, *_ = poll.options.all()
    said = client.post(
        f"/polls/{poll.slug}/topics/", {"option": first.pk, "meetup": soon.slug}, follow=True
    ).content.decode()
    assert "“Option 1” is a planned topic of “January”." in said
    assert f'href="/meetups/{soon.slug}/">January</a>' in said
    # The next one goes to the next meetup that has none of this poll.
    assert said.count(f'<option value="{later.slug}" selected>') == 2
    topic = Topic.objects.get()
    assert (topic.meetup, topic.stage, topic.text) == (soon, "planned", "Option 1")
    again = client.post(
        f"/polls/{poll.slug}/topics/", {"option": first.pk, "meetup": later.slug},
        HTTP_REFERER="http://testserver/polls/",
    )  # fmt: skip
    assert again.status_code == 302
    assert Topic.objects.count() == 1
    assert "became a topic of “January”" in PollEntry.objects.last().sentence
    client.logout()
    page = client.get(url).content.decode()
    assert "January" in page
    assert "<select" not in page
    assert client.post(f"/polls/{poll.slug}/topics/").url.startswith("/accounts/login/")


def test_a_draft_keeps_its_title(client):
    poll, boss = topic_poll(), organizer()
    draft = coming(5, title="Secret guest", is_published=False)
    plan_option(option=poll.options.first(), meetup=draft, by=boss)
    for path in (f"/polls/{poll.slug}/results/", f"/api/v1/polls/{poll.slug}/"):
        text = client.get(path).content.decode()
        assert "Secret guest" not in text
        assert draft.slug not in text
    assert (
        "A topic of a meetup to come" in client.get(f"/polls/{poll.slug}/results/").content.decode()
    )
    client.force_login(boss)
    assert "Secret guest" in client.get(f"/polls/{poll.slug}/results/").content.decode()


def test_only_once_even_with_two_clicks():
    poll, boss, meetup = topic_poll(), organizer(), coming(5)
    option = poll.options.first()
    stale = PollOption.objects.get(pk=option.pk)
    plan_option(option=option, meetup=meetup, by=boss)
    with pytest.raises(ConflictError) as refusal:
        plan_option(option=stale, meetup=coming(40), by=boss)
    assert refusal.value.code == "already_planned"
    assert Topic.objects.count() == 1


def test_what_cannot_become_a_topic():
    boss, meetup = organizer(), coming(5)
    running = PollFactory(options=2, purpose="topics")
    other = PollFactory(options=2)
    close_poll(poll=other, reason="r", by=boss)
    for poll in (running, other):
        with pytest.raises(ConflictError):
            plan_option(option=poll.options.first(), meetup=meetup, by=boss)
    option = topic_poll().options.first()
    boston = ChapterFactory(slug="boston")
    with pytest.raises(InvalidError):
        plan_option(option=option, meetup=coming(5, chapter=boston), by=boss)
    with pytest.raises(ForbiddenError):
        plan_option(option=option, meetup=meetup, by=organizer(boston))
    with pytest.raises(ConflictError):
        plan_option(option=option, meetup=coming(-3), by=boss)
    assert not Topic.objects.exists()


def test_a_topic_that_is_planned_already_is_not_planned_twice():
    meetup, boss = coming(5), organizer()
    Topic.objects.create(meetup=meetup, stage="announced", text="Docs", position=9)
    first = plan_topic(meetup=meetup, text="Docs", by=boss)
    assert plan_topic(meetup=meetup, text="Docs", by=boss) == first
    second = plan_topic(meetup=meetup, text="CI", by=boss)
    assert (first.position, second.position) == (0, 1)


def test_through_the_api(client):
    poll, meetup = topic_poll(), coming(5)
    option = poll.options.first()
    url, body = f"/api/v1/polls/{poll.slug}/topics/", {"option": option.pk, "meetup": meetup.slug}

    def post(user, **changes):
        answer = client.post(
            url, body | changes, content_type="application/json",
            headers=bearer(user) if user else {},
        )  # fmt: skip
        return answer.status_code, answer.json()

    assert post(None)[0] == 401
    assert post(member())[0] == 403
    boss = organizer()
    assert post(boss, option=10**6)[0] == 422
    assert post(boss, meetup="none")[0] == 404
    told = {"option": option.pk, "meetup": meetup.slug, "topic": "Option 1"}
    assert post(boss) == (201, told)
    status, problem = post(boss)
    assert (status, problem["code"]) == (409, "already_planned")
    shown = client.get(f"/api/v1/polls/{poll.slug}/").json()["options"]
    assert [row["topic_of"] for row in shown] == [meetup.slug, None, None]
