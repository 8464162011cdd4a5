"""What stands beside a public thing and is not public: its name and address stay where they are."""

import pytest

from community.models import User
from community.project.organizers import grant_organizers
from community.services.accounts import organizers_group
from polls.models import Priority
from polls.services.carrying import carry_over
from polls.services.ideas import post_idea
from polls.services.priorities import withdraw_list
from tests.factories.community import ChapterFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = pytest.mark.django_db
SECRET = "not-told-yet"


@pytest.fixture
def draft():
    return MeetupFactory(slug=SECRET, title=SECRET, is_published=False)


def read(client, address, user=None):
    answer = client.get(address, headers=bearer(user) if user else {})
    assert answer.status_code == 200, address
    return answer.content.decode()


PLACES = {
    "brainstorm": ("/brainstorms/", "/brainstorms/{}/", "/brainstorms/{}/wall/",
                   "/api/v1/brainstorms/", "/api/v1/brainstorms/{}/"),
    "poll": ("/polls/", "/polls/{}/", "/api/v1/polls/", "/api/v1/polls/{}/"),
    "list": ("/priorities/", "/priorities/{}/", "/priorities/{}.json", "/priorities/{}.csv",
             "/api/v1/priorities/", "/api/v1/priorities/{}/"),
}  # fmt: skip


def named(client, kind, slug, user=None):
    """At which places the secret is told."""
    addresses = [place.format(slug) for place in PLACES[kind]]
    return {address for address in addresses if SECRET in read(client, address, user)}


@pytest.mark.parametrize("kind", PLACES)
def test_a_draft_meetup_is_named_nowhere_and_once_it_is_out_by_those_who_show_it(
    client, kind, draft
):
    thing = {
        "brainstorm": lambda: BrainstormFactory(slug="s", meetup=draft),
        "poll": lambda: PollFactory(slug="s", meetup=draft, options=2),
        "list": lambda: PriorityListFactory(slug="s", summit=draft),
    }[kind]()
    assert named(client, kind, thing.slug) == set()
    assert named(client, kind, thing.slug, member()) == set()
    draft.is_published = True
    draft.save()
    assert f"/api/v1/{PLACES[kind][0].strip('/')}/s/" in named(client, kind, thing.slug)


def test_a_private_brainstorm_is_named_to_those_who_may_read_it(client):
    hidden = BrainstormFactory(slug=SECRET, title=SECRET, is_public=False)
    poll = PollFactory(slug="s", brainstorm=hidden, options=2)
    for stranger in (None, member(chapter=ChapterFactory(slug="dallas"))):
        assert named(client, "poll", poll.slug, stranger) == set()
    api = {"/api/v1/polls/", "/api/v1/polls/s/"}
    assert named(client, "poll", poll.slug, member()) == api
    hidden.is_public = True
    hidden.save()
    assert named(client, "poll", poll.slug) == api | {"/polls/s/"}


@pytest.mark.parametrize("hidden", [{"state": "draft", "opens_at": None}, {"is_public": False}])
def test_a_card_names_the_options_of_polls_one_may_see(client, hidden):
    brainstorm = BrainstormFactory(slug="s")
    card = post_idea(brainstorm=brainstorm, text="A card", by=organizer())
    poll = PollFactory(brainstorm=brainstorm, slug=SECRET, **hidden)
    poll.options.create(title=SECRET).ideas.add(card)
    pages = ("/brainstorms/s/", f"/brainstorms/s/ideas/{card.pk}/", "/brainstorms/s/wall/",
             "/brainstorms/s/history/")  # fmt: skip
    for user in (None, member(chapter=ChapterFactory(slug="dallas"))):
        client.logout()
        if user:
            client.force_login(user)
        for page in pages:
            assert SECRET not in client.get(page).content.decode(), page
    client.force_login(organizer())
    assert all(SECRET in client.get(page).content.decode() for page in pages[:2])


def test_a_card_names_the_list_it_came_from_while_that_is_public(client):
    brainstorm, boss = BrainstormFactory(slug="s"), organizer()
    issues = PriorityListFactory(title=SECRET)
    issue = Priority.objects.create(list=issues, position=1, rank=1, title="I")
    card = carry_over(priority=issue, brainstorm=brainstorm, by=boss)
    page = f"/brainstorms/s/ideas/{card.pk}/"
    assert SECRET in client.get(page).content.decode()
    withdraw_list(priority_list=issues, by=boss)
    assert SECRET not in client.get(page).content.decode()
    client.force_login(boss)
    assert SECRET in client.get(page).content.decode()


def test_the_admin_offers_brainstorms_of_ones_own_chapter_alone(client):
    grant_organizers()
    dallas = ChapterFactory(slug="dallas")
    BrainstormFactory(title=SECRET, chapter=dallas, is_public=False)
    own = BrainstormFactory(title="Our own")
    boss = organizer()
    boss.groups.add(organizers_group())
    client.force_login(boss)
    form = client.get("/admin/polls/poll/add/").content.decode()
    assert own.title in form
    assert SECRET not in form
    client.force_login(User.objects.create_superuser("root@example.org"))
    assert SECRET in client.get("/admin/polls/poll/add/").content.decode()


@pytest.mark.parametrize("path", ["brainstorms/", "polls/"])
def test_another_chapters_draft_meetup_is_not_there_for_who_names_it(client, path):
    hidden = MeetupFactory(chapter=ChapterFactory(slug="dallas"), slug=SECRET, is_published=False)
    sentences = []
    for slug in (hidden.slug, "none"):
        where = {"meetup": slug}
        body = {"title": "T", **({"electorate": where} if path == "polls/" else where)}
        answer = client.post(
            f"/api/v1/{path}", body, content_type="application/json", headers=bearer(organizer())
        )
        assert answer.status_code == 422
        sentences.append(answer.content.decode().replace(slug, ""))
    assert sentences[0] == sentences[1]
