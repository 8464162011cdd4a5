"""The voice of 2012 as rows of its own, each against the file it comes from."""

import copy

import pytest
from django.contrib.auth.models import AnonymousUser

from community.exceptions import SeasonError
from meetups.exceptions import RecordedError
from meetups.services.season import load_season
from polls.models import Assessment, Brainstorm, Idea, IdeaEvent, Outlook, Priority, PriorityList
from polls.selectors.scorecards import left_out, ruled_out_methods, top_rows
from polls.services.assessments import assess_priority
from polls.services.carrying import carry_over
from polls.services.outlooks import change_outlook
from polls.services.priorities import change_item, change_list, create_list, withdraw_list
from tests.factories.community import organizer
from tests.meetups.season_files import DOCUMENTS, FILES, INFERRED, SEASON, write

pytestmark = pytest.mark.django_db
TOPICS = DOCUMENTS[SEASON]["brainstorm"]["topics"]
PRINTED = DOCUMENTS[SEASON]["priorities"]
ITEMS = PRINTED["items"]
BECAME = DOCUMENTS[INFERRED]["brainstorm_to_priority"]
MODELS = (Assessment, Brainstorm, Idea, IdeaEvent, Outlook, Priority, PriorityList)


@pytest.fixture
def season():
    return load_season(FILES)


def the_list(season):
    return PriorityList.objects.get(season=season)


def rows():
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


def said_of(note):
    return (note, "") if isinstance(note, str) else (note["text"], note["author"])


def test_all_topics_as_cards_with_their_notes_and_printed_authors(season):
    storm = Brainstorm.objects.get(season=season)
    assert (storm.slug, storm.is_open, storm.chapter) == ("brainstorm-2012", False, season.chapter)
    assert storm in Brainstorm.objects.visible_to(AnonymousUser())
    cards = storm.ideas.filter(parent=None)
    assert len(TOPICS) == 13
    assert [
        (card.text, card.link, [(n.text, n.printed_author) for n in card.notes.all()])
        for card in cards
    ] == [
        (topic["title"], topic.get("link", ""), [said_of(note) for note in topic["notes"]])
        for topic in TOPICS
    ]
    assert {card.author for card in storm.ideas.all()} == {None}


def test_the_brainstorm_has_a_history_without_a_gap(season):
    storm = Brainstorm.objects.get(season=season)
    events = storm.events.select_related("idea")
    assert [event.seq for event in events] == list(range(1, storm.ideas.count() + 1))
    assert storm.last_seq == storm.ideas.count()
    first = [
        text
        for topic in TOPICS
        for text in (topic["title"], *(said_of(note)[0] for note in topic["notes"]))
    ]
    assert [event.after["text"] for event in events] == first


def test_all_twelve_issues_with_percentage_outlook_and_what_happened(season):
    listed = the_list(season)
    issues = listed.items.order_by("position").prefetch_related("assessments__outlook")
    assert len(ITEMS) == 12
    shown = [
        {
            "order": issue.position,
            "title": issue.title,
            "percent": issue.percent,
            "result": issue.assessments.get().happened,
            "outlook": issue.assessments.get().outlook.word,
        }
        for issue in issues
    ]
    assert shown == ITEMS
    by_percent = [1 + sum(o["percent"] > item["percent"] for o in ITEMS) for item in ITEMS]
    assert [issue.rank for issue in issues] == by_percent
    assert by_percent[:4] == [1, 1, 1, 4]  # shared, as the percentages are
    assert {issue.margin for issue in issues} == {None}


def test_what_nobody_stated_stays_unknown(season):
    listed = the_list(season)
    assert (PRINTED["method"], PRINTED["voter_count"]) == (None, None)
    assert (listed.method, listed.voters, listed.poll, listed.summit_on) == ("", None, None, None)
    assert (listed.column_title, listed.scored_by, listed.verdict, listed.addressed_to) == (
        PRINTED["column_title"], PRINTED["scored_by"], PRINTED["overall"], PRINTED["scored_after"],
    )  # fmt: skip
    assert (listed.slug, listed.is_published, listed.summit.kind) == (
        "priorities-2012", True, "summit",
    )  # fmt: skip
    said = Assessment.objects.filter(priority__list=listed)
    assert {one.observer_name for one in said} == {PRINTED["scored_by"]}
    assert {one.observer for one in said} == {None}


def test_the_words_for_the_outlook_are_the_groups_own_as_printed(season):
    words = list(dict.fromkeys(item["outlook"] for item in ITEMS))
    assert [row.word for row in season.chapter.outlooks.all()] == words
    assert {row.tone for row in season.chapter.outlooks.all()} == {"inactive"}  # none is printed


def test_links_between_topics_and_issues_are_inferred_and_cdmi_fell_out(season):
    listed = the_list(season)
    numbers = dict(zip([topic["title"] for topic in TOPICS], [t["n"] for t in TOPICS], strict=True))
    links = {
        str(numbers[origin.idea.text]): (issue.position, origin.is_inferred)
        for issue in listed.items.all()
        for origin in issue.origins.select_related("idea")
    }
    assert links == {n: (order, True) for n, order in BECAME.items() if order is not None}
    assert len(links) == 12
    assert left_out(listed, AnonymousUser()) == (["CDMI"], True)
    said = DOCUMENTS[INFERRED]["ranking_method"]["ruled_out"]
    assert ruled_out_methods(listed) == said


def test_the_same_files_again_change_nothing(season):
    before = rows()
    loaded_at = season.loaded_at
    assert load_season(FILES).loaded_at == loaded_at
    assert rows() == before


def changed(tmp_path, change):
    documents = copy.deepcopy(DOCUMENTS)
    change(documents)
    return load_season(write(tmp_path, documents))


def test_what_changes_in_a_file_changes_and_what_is_carried_over_stays(season, tmp_path):
    boss = organizer(season.chapter)
    issue = the_list(season).items.get(position=1)
    draft = create_list(by=boss, title="Next")
    carried = carry_over(priority=issue, into_list=draft, by=boss)

    def change(documents):
        document = documents[SEASON]
        items = document["priorities"]["items"]
        items[0]["percent"], items[1]["percent"] = 70.5, None
        items[0]["outlook"], items[2]["outlook"], items[2]["result"] = "Splendid", None, None
        document["brainstorm"]["topics"][0]["notes"] = ["a note"]
        del document["brainstorm"]["topics"][12]
        del documents[INFERRED]["brainstorm_to_priority"]["13"]

    changed(tmp_path, change)
    carried.refresh_from_db()
    issue.refresh_from_db()
    assert carried.carried_from == issue
    assert (float(issue.percent), issue.assessments.get().outlook.word) == (70.5, "Splendid")
    listed = the_list(season)
    assert listed.items.get(position=2).percent is None
    assert not listed.items.get(position=3).assessments.exists()
    assert not Outlook.objects.filter(word__in=["Excellent", "Trending Positive"]).exists()
    storm = Brainstorm.objects.get(season=season)
    assert storm.ideas.filter(parent=None).count() == 12
    assert [note.text for note in storm.ideas.filter(parent=None)[0].notes.all()] == ["a note"]
    assert list(storm.events.values_list("seq", flat=True)) == list(range(1, storm.last_seq + 1))
    assert left_out(listed, AnonymousUser()).titles == []
    load_season(FILES)  # and back again
    assert left_out(the_list(season), AnonymousUser()).titles == ["CDMI"]

    def drop(documents):
        documents[SEASON]["priorities"]["items"] = []
        documents[SEASON]["brainstorm"]["topics"] = None
        del documents[INFERRED]["brainstorm_to_priority"]
        del documents[INFERRED]["canonical_spelling"]["Stablity"]

    changed(tmp_path, drop)
    assert not PriorityList.objects.filter(season=season).exists()
    assert not Brainstorm.objects.filter(season=season).exists()
    carried.refresh_from_db()
    assert carried.carried_from is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("priorities", "items", 0, "title"), "x" * 241),
        (("priorities", "items", 0, "title"), " "),
        (("priorities", "items", 0, "outlook"), "x" * 61),
        (("brainstorm", "topics", 9, "title"), ""),
        (("brainstorm", "topics", 1, "notes", 0), ""),
    ],
)
def test_what_no_row_can_hold_is_refused_whole(tmp_path, place, value):
    def change(documents):
        part = documents[SEASON]
        for step in place[:-1]:
            part = part[step]
        part[place[-1]] = value

    with pytest.raises(SeasonError, match=place[0]):
        changed(tmp_path, change)
    assert not Idea.objects.exists()


def test_the_record_stays_as_the_group_published_it(season):
    boss = organizer(season.chapter)
    listed = the_list(season)
    issue = listed.items.first()
    for act in (
        lambda: change_list(priority_list=listed, by=boss, title="Mine"),
        lambda: change_item(priority=issue, by=boss, title="Mine"),
        lambda: withdraw_list(priority_list=listed, by=boss),
        lambda: assess_priority(priority=issue, by=boss, happened="Mine."),
    ):
        with pytest.raises(RecordedError):
            act()
    word = season.chapter.outlooks.get(word="Strong")
    change_outlook(outlook=word, by=boss, tone="good", is_offered=False)
    load_season(FILES)  # what the group made of its words is not undone
    word.refresh_from_db()
    assert (word.tone, word.is_offered) == ("good", False)


def test_the_home_page_shows_the_record_until_the_group_has_a_newer_list(season):
    found, shown = top_rows()
    assert found == the_list(season)
    assert [row.issue.title for row in shown] == [item["title"] for item in ITEMS[:3]]
    assert [row.outlooks[0].outlook_word for row in shown] == [i["outlook"] for i in ITEMS[:3]]
