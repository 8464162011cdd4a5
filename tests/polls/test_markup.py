"""Words that look like markup or a program are shown as they were written."""

import pytest

from polls.models import Outlook, Priority
from polls.services.assessments import assess_priority
from polls.services.ideas import post_idea
from polls.services.moves import close_poll
from tests.contracts.calls import call
from tests.factories.community import organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory

pytestmark = pytest.mark.django_db
ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
MARKDOWN = f"[click](javascript:alert(3)) [data](data:text/html,x) <b onclick=x>b</b> {ATTACK}"
PAGES = ("/", "/meetups/m/", "/brainstorms/", "/brainstorms/b/", "/brainstorms/b/wall/",
         "/brainstorms/b/history/", "/brainstorms/b/consolidate/", "/polls/", "/polls/p/",
         "/polls/p/results/", "/priorities/", "/priorities/l/", "/priorities/l/edit/",
         "/priorities/outlooks/")  # fmt: skip


@pytest.fixture
def boss():
    return organizer(name=ATTACK)


def write_everywhere(boss):
    meetup = MeetupFactory(slug="m", title=ATTACK)
    around = {"chapter": meetup.chapter, "title": ATTACK}
    brainstorm = BrainstormFactory(slug="b", meetup=meetup, prompt=MARKDOWN, **around)
    card = post_idea(brainstorm=brainstorm, text=ATTACK, group=ATTACK[:80], by=boss)
    post_idea(brainstorm=brainstorm, text=ATTACK, parent=card, by=boss)
    poll = PollFactory(slug="p", meetup=meetup, description=MARKDOWN, purpose="topics", **around)
    for title in (ATTACK, f"{ATTACK} 2"):
        poll.options.create(title=title, description=MARKDOWN).ideas.add(card)
    close_poll(poll=poll, reason=ATTACK, by=boss)
    issues = PriorityListFactory(
        slug="l", introduction=ATTACK, addressed_to=ATTACK, verdict=ATTACK, **around
    )
    issue = Priority.objects.create(
        list=issues, position=1, rank=1, title=ATTACK, description=MARKDOWN
    )
    Outlook.objects.create(chapter=meetup.chapter, word=ATTACK[:60])
    assess_priority(
        priority=issue, happened=ATTACK, own_words=ATTACK[:80], by=boss,
        links=[{"title": ATTACK, "url": "https://example.org/"}],
    )  # fmt: skip
    return [*PAGES, f"/priorities/l/{issue.pk}/", f"/brainstorms/b/ideas/{card.pk}/"]


def test_on_every_page(client, boss):
    pages = write_everywhere(boss)
    client.force_login(boss)
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        text = answer.content.decode()
        for sign in (
            "<script>alert",
            "<img src=x",
            "<b onclick",
            'href="javascript:',
            'href="data:',
        ):
            assert sign not in text, (page, sign)
    assert "&lt;script&gt;alert" in text  # it was on the page at all


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\nscript:x",
     "data:text/html,x", "//evil.example/", "/\\evil.example", "/\t/evil.example", "ftp://x.org/",
     "https:evil.example", "http://", "vbscript:x", "\x01javascript:x", '/a"onclick=x', "x"],
)  # fmt: skip
def test_links_that_are_none(client, boss, url):
    issue = Priority.objects.create(list=PriorityListFactory(), position=1, rank=1, title="I")
    path = f"priorities/{issue.list.slug}/items/{issue.pk}/assessment/"
    body = {"happened": "A lot", "links": [{"url": url}]}
    assert call(client, "put", path, body, boss).status_code == 422
    assert not issue.assessments.exists()


@pytest.mark.parametrize("goal", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_no_button_leads_off_the_site(client, boss, goal):
    write_everywhere(boss)
    client.force_login(boss)
    for page in ("/brainstorms/b/close/", "/priorities/l/withdraw/", "/polls/p/ballot/"):
        headers = {"referer": f"https://evil.example/?next={goal}"}
        answer = client.post(f"{page}?next={goal}", {"next": goal}, headers=headers)
        assert "evil" not in answer.get("Location", "")
