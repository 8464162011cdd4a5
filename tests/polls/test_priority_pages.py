"""The pages of priorities: what they say, to whom, and how often they ask."""

import csv
import io

import pytest

from meetups.services.season import load_season
from polls.models import Assessment, Outlook, PollOption, Priority, PriorityList
from polls.services.assessments import assess_priority
from polls.services.carrying import carry_over
from polls.services.priorities import change_list, create_list, publish_list
from tests.factories.community import ChapterFactory, member, organizer
from tests.factories.polls import BrainstormFactory, PollFactory, PriorityListFactory
from tests.meetups.season_files import FILES
from tests.polls.test_panels import words
from tests.polls.test_priorities import by_hand, closed_poll

pytestmark = pytest.mark.django_db


def scored(count, *, observers=2):
    """A published list with `count` issues, each assessed by as many observers."""
    boss = organizer()
    made = by_hand(boss, *[f"issue {number}" for number in range(count)])
    publish_list(priority_list=made, by=boss)
    people = [member(name=f"Observer {number}") for number in range(observers)]
    made.observers.set(people)
    word = Outlook.objects.create(chapter=made.chapter, word="Strong", tone="good")
    for issue in made.items.all():
        for person in people:
            assess_priority(priority=issue, by=person, happened="Seen.", outlook=word)
    return made


def page(client, path, user=None):
    if user:
        client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_as_often_for_three_as_for_one(client, rows, django_assert_num_queries):
    PriorityListFactory.create_batch(rows)
    with django_assert_num_queries(2):
        assert page(client, "/priorities/").count('class="card"') == rows
    boss = organizer()
    for _ in range(rows):
        closed_poll()
    client.force_login(boss)
    with django_assert_num_queries(6):
        page(client, "/priorities/")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_scorecard_and_an_issue_ask_as_often_for_three_as_for_one(
    client, rows, django_assert_num_queries
):
    made = scored(rows, observers=rows)
    with django_assert_num_queries(5):  # one of them for the page's version
        body = page(client, "/priorities/by-hand/")
    assert body.count("Seen.") == rows * rows
    issue = made.items.first()
    with django_assert_num_queries(9):
        body = page(client, f"/priorities/by-hand/{issue.pk}/")
    assert ("Next issue:" in body) == (rows == 3)
    with django_assert_num_queries(8):
        page(client, "/")


def test_the_scorecard_of_2012_as_the_group_published_it(client):
    season = load_season(FILES)
    body = words(page(client, "/priorities/priorities-2012/"))
    for said in (
        "As the group published it.", "OSTAX Rank", "method not stated", "unknown",
        "Rob Hirschfeld, with input from Greg Althaus", "Addressed to the Design Summit.",
        "Overall: priorities were well positioned at the summit",
        "1 shared Stability vs. Features Prioritization & Processes 68 %",
        "4 Documentation Standards and improved user guides 59 %",
        "Left out of the list inferred CDMI",
        "The percentages cannot have been any of these: complete rankings of exactly the 12 items",
    ):  # fmt: skip
        assert said in body, said
    assert "50 is neutral" not in body
    assert 'class="neutral"' not in page(client, "/priorities/priorities-2012/")
    issue = PriorityList.objects.get(season=season).items.get(position=3)
    one = words(page(client, f"/priorities/priorities-2012/{issue.pk}/"))
    assert "From the card Operations Focus , Brainstorm, OpenStack Austin 2012 inferred" in one
    assert "Trending Positive" in one
    archive = page(client, f"/archive/{season.slug}/")
    assert 'href="/priorities/priorities-2012/"' in archive
    assert 'href="/brainstorms/brainstorm-2012/"' in archive
    storm = page(client, "/brainstorms/brainstorm-2012/")
    for place in (f"/archive/{season.slug}/", "/priorities/priorities-2012/"):
        assert f'href="{place}"' in storm
    assert "Priorities that came of it: Priorities, OpenStack Austin 2012 inferred" in words(storm)
    assert "Left out of the priorities inferred" in words(storm)
    home = words(page(client, "/"))
    assert "What the group thinks" in home
    assert "68 % Outlook: Trending Positive" in home


def test_a_list_from_a_poll_says_how_it_came_about(client):
    poll = closed_poll()
    boss = organizer()
    client.force_login(boss)
    assert "?poll=" in page(client, "/priorities/")
    form = page(client, f"/priorities/new/?poll={poll.slug}")
    assert 'name="method"' not in form
    sent = client.post(
        f"/priorities/new/?poll={poll.slug}", {"title": "What matters", "summit_on": ""}
    )
    assert sent["Location"] == "/priorities/what-matters/"
    body = page(client, "/priorities/what-matters/")
    assert "ranked ballots, normalised Borda" in body
    assert "50 is neutral" in body
    assert 'class="neutral"' in body
    assert "68 % ± 4.5" in words(body)
    client.post("/priorities/what-matters/publish/")
    client.logout()
    assert "What matters" in page(client, "/priorities/")


def test_a_poll_that_is_not_public_is_not_told_by_its_list(client):
    boss = organizer()
    poll = closed_poll(is_public=False, title="Ours alone", brainstorm=BrainstormFactory(
        is_public=False, title="Secret storm"
    ))  # fmt: skip
    made = create_list(by=boss, title="Out", poll=poll)
    kept = made.items.order_by("position").values_list("pk", flat=True)[:2]
    change_list(priority_list=made, by=boss, items=[{"id": pk} for pk in kept])
    publish_list(priority_list=made, by=boss)
    client.force_login(boss)
    told = page(client, "/priorities/out/")
    for words_of_it in ("Ours alone", "Secret storm", "Option 1"):
        assert words_of_it in told
    client.logout()
    for path in ("/priorities/out/", "/priorities/out.json", "/priorities/out.csv"):
        shown = page(client, path)
        for words_of_it in ("Ours alone", "Secret storm", "Option 1", poll.slug):
            assert words_of_it not in shown


def test_the_new_page_refuses_as_the_gate_does(client):
    client.force_login(organizer())
    poll = PollFactory(options=2, title="Running")
    answer = client.post(f"/priorities/new/?poll={poll.slug}", {"title": "Early"})
    assert answer.status_code == 403
    assert "hidden from everyone until the poll is closed" in words(answer.content.decode())
    assert not PriorityList.objects.exists()


def rows_of(prefix, rows, initial):
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
    for index, row in enumerate(rows):
        data |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return data


def test_the_sheet_saves_words_observers_and_issues_whole(client):
    boss, seen = organizer(), member()
    made = by_hand(boss, "one", "two")
    one, two = made.items.values_list("pk", flat=True)
    client.force_login(boss)
    assert words(page(client, "/priorities/by-hand/edit/")).count("A new issue") == 3
    items = [
        {"id": one, "place": 2, "title": "one", "percent": "40"},
        {"id": two, "place": 1, "title": "two!", "percent": "60.5", "description": "more"},
        {"title": "three", "place": ""},
    ]
    fields = {"title": "Better", "observers": f"{seen.email}\n", "voters": "12", "method": "hands"}
    answer = client.post("/priorities/by-hand/edit/", fields | rows_of("items", items, 2))
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.title, made.voters, list(made.observers.all())) == ("Better", 12, [seen])
    shown = made.items.order_by("position").values_list("title", "rank")
    assert list(shown) == [("two!", 1), ("one", 2), ("three", 3)]
    wrong = client.post(
        "/priorities/by-hand/edit/",
        fields | {"observers": "who@example.org"} | rows_of("items", items[:2], 2),
    )
    assert wrong.status_code == 422
    assert "who@example.org" in wrong.content.decode()  # what was written is not lost
    publish_list(priority_list=made, by=boss)
    body = page(client, "/priorities/by-hand/edit/")
    assert 'name="items-0-percent"' not in body
    assert "Remove this row" not in body
    assert client.get("/priorities/by-hand/edit/").status_code == 200


def test_drafts_are_not_there_for_others_and_doors_stay_shut(client):
    boss = organizer()
    made = by_hand(boss, "one")
    issue = made.items.get()
    client.force_login(member())
    assert client.get("/priorities/by-hand/").status_code == 404
    assert client.get(f"/priorities/by-hand/{issue.pk}/").status_code == 404
    assert client.get("/priorities/by-hand.json").status_code == 404
    assert client.post(f"/priorities/by-hand/{issue.pk}/assess/", {}).status_code == 404
    assert "By hand" not in page(client, "/priorities/")
    publish_list(priority_list=made, by=boss)
    answer = client.post(f"/priorities/by-hand/{issue.pk}/assess/", {"happened": "Mine."})
    assert answer.status_code == 403
    client.force_login(organizer(ChapterFactory(slug="boston")))
    for path in ("publish/", "withdraw/"):
        assert client.post(f"/priorities/by-hand/{path}").status_code == 403
    assert client.get("/priorities/by-hand/edit/").status_code == 403
    assert not Assessment.objects.exists()


def test_an_observer_fills_in_the_form_and_keeps_what_was_wrong(client):
    boss, seen = organizer(), member(name="Olga")
    made = by_hand(boss, "one", observers=[seen.email])
    publish_list(priority_list=made, by=boss)
    path = f"/priorities/by-hand/{made.items.get().pk}/"
    client.force_login(seen)
    wrong = client.post(f"{path}assess/", {"happened": "Seen.", "links": "javascript:x Boo"})
    assert wrong.status_code == 422
    assert "javascript:x Boo" in wrong.content.decode()
    links = "https://example.org/a A talk\n\n/meetups/\n"
    client.post(f"{path}assess/", {"happened": "<b>Seen</b>", "own_words": "Ok", "links": links})
    body = page(client, path)
    assert "&lt;b&gt;Seen" in body
    assert '<a href="https://example.org/a" rel="nofollow">A talk</a>' in body
    assert "https://example.org/a A talk\n/meetups/</textarea>" in body
    client.post(f"{path}assess/remove/")
    assert not Assessment.objects.exists()


def test_the_history_of_an_issue_with_its_picture_and_the_same_as_a_table(client):
    boss = organizer()
    first = create_list(
        by=boss, title="First", items=[{"title": "one", "percent": 40}], method="by hand"
    )
    publish_list(priority_list=first, by=boss)
    issue = first.items.get()
    storm = BrainstormFactory()
    card = carry_over(priority=issue, brainstorm=storm, by=boss)
    poll = closed_poll((68.0,), brainstorm=storm)
    PollOption.objects.get(poll=poll).ideas.add(card)
    second = create_list(by=boss, title="Second", poll=poll)
    publish_list(priority_list=second, by=boss)
    body = page(client, f"/priorities/second/{second.items.get().pk}/")
    assert 'points="0.0,24.0 200.0,12.8 "' in body
    said = words(body)
    assert "First: 40 %. Second: 68 %." in said
    assert "compare them with care" in said
    assert "From the card one" in said
    was = page(client, f"/priorities/first/{issue.pk}/")
    assert f'Carried on as the card <a href="/brainstorms/{storm.slug}/#idea-{card.pk}"' in was
    board = page(client, f"/brainstorms/{storm.slug}/")
    assert f'Carried over from <a href="/priorities/first/{issue.pk}/">First</a>' in board
    result = page(client, f"/polls/{poll.slug}/", boss)
    assert 'Published as <a href="/priorities/second/">Second</a>' in result
    assert "Carry it over" not in said
    assert "There is no open brainstorm" in words(
        page(client, f"/priorities/first/{issue.pk}/", boss)
    )


def test_exports_hold_what_the_page_does_and_no_formula(client):
    made = scored(1)
    Priority.objects.update(title="=1+1")
    assert made.items.get().title == "=1+1"
    answer = client.get("/priorities/by-hand.csv")
    assert answer["Content-Type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert [line[1] for line in lines] == ["issue", "'=1+1", "'=1+1"]
    assert sorted(line[6] for line in lines[1:]) == ["Observer 0", "Observer 1"]
    data = client.get("/priorities/by-hand.json").json()
    assert data == client.get("/api/v1/priorities/by-hand/").json()
    assert data["items"][0]["percent"] is None
    assert [said["outlook"] for said in data["items"][0]["assessments"]] == ["Strong", "Strong"]


def test_the_words_page_offers_a_beginning_and_keeps_used_words(client):
    boss = organizer()
    client.force_login(boss)
    assert "Begin with these" in page(client, "/priorities/outlooks/?chapter=austin")
    client.post("/priorities/outlooks/?chapter=austin", {"begin": "1"})
    first = Outlook.objects.order_by("position").first()
    made = by_hand(boss, "one")
    publish_list(priority_list=made, by=boss)
    assess_priority(priority=made.items.get(), by=boss, outlook=first)
    rows = [
        {
            "id": row.pk,
            "place": row.position,
            "word": row.word,
            "tone": row.tone,
            "is_offered": "on",
        }
        for row in Outlook.objects.order_by("position")
    ]
    rows[0]["word"] = "Other"
    sent = client.post("/priorities/outlooks/?chapter=austin", rows_of("outlooks", rows, 4))
    assert sent.status_code == 409
    assert "is used" in sent.content.decode()
    rows[0]["word"] = first.word
    del rows[0]["is_offered"]
    sent = client.post("/priorities/outlooks/?chapter=austin", rows_of("outlooks", rows, 4))
    assert sent["Location"] == "/priorities/outlooks/?chapter=austin"
    first.refresh_from_db()
    assert not first.is_offered
