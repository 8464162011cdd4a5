"""Cards: posting, editing by two, taking away, and everything undone."""

import pytest

from community.core.errors import ConflictError, ForbiddenError, InvalidError, TooManyError
from meetups.models import Rsvp
from polls.exceptions import BrainstormClosedError, ChangedMeanwhileError
from polls.models import Author, Brainstorm, Idea, IdeaEvent
from polls.selectors.board import idea_tree
from polls.selectors.idea_events import idea_events_after
from polls.selectors.ideas import hues_of, idea_facts
from polls.services import idea_log
from polls.services import ideas as service
from polls.services import undo as undoing
from polls.services.brainstorms import close_brainstorm
from polls.services.ideas import edit_idea, post_idea, remove_idea
from polls.services.sorting import merge_idea, move_idea, split_idea
from polls.services.undo import undo_change
from tests.factories.community import ChapterFactory, UserFactory, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def brainstorm():
    return BrainstormFactory()


@pytest.fixture
def max_():
    return member(name="Max Member")


def _texts(brainstorm, user=None):
    tree = idea_tree(brainstorm, user or UserFactory())
    return [
        (group, [(leaf.idea.text, [note.idea.text for note in leaf.notes]) for leaf in leaves])
        for group, leaves in tree.groups
    ]


def _last(brainstorm):
    return IdeaEvent.objects.filter(brainstorm=brainstorm).latest("seq")


class TestPosting:
    def test_a_card_and_a_note(self, brainstorm, max_):
        card = post_idea(brainstorm=brainstorm, text="  API \n vs. Code ", by=max_)
        post_idea(brainstorm=brainstorm, text="logo issues", by=max_, parent=card)
        assert _texts(brainstorm) == [("", [("API vs. Code", ["logo issues"])])]
        events = idea_events_after(brainstorm.pk, 0, 10)
        assert [(event["seq"], event["kind"]) for event in events] == [(1, "posted"), (2, "posted")]
        author = {"name": "Max Member", "initials": "MM", "hue": 1}
        assert events[0]["idea"]["author"] == author

    def test_each_named_author_has_a_colour_of_their_own(self, brainstorm, max_):
        other = member(name="Other")
        for by, is_anonymous in ((max_, False), (member(), True), (other, False), (max_, False)):
            post_idea(brainstorm=brainstorm, text="x", by=by, is_anonymous=is_anonymous)
        assert hues_of(brainstorm) == {max_.pk: 1, other.pk: 2}  # who wrote unnamed left no gap

    def test_without_a_name_nobody_learns_it(self, brainstorm, max_):
        card = post_idea(brainstorm=brainstorm, text="quiet", by=max_, is_anonymous=True)
        edit_idea(idea=card, text="quiet word", revision=1, by=max_)
        assert IdeaEvent.objects.filter(is_anonymous=False).count() == 0  # the mending neither
        card.refresh_from_db()
        assert idea_facts(card, {max_.pk: 3})["author"] is None
        assert card.author == max_

    def test_names_may_be_asked_for(self, max_):
        brainstorm = BrainstormFactory(allows_anonymous=False)
        with pytest.raises(InvalidError, match="bear a name"):
            post_idea(brainstorm=brainstorm, text="x", by=max_, is_anonymous=True)
        assert Idea.objects.count() == 0

    @pytest.mark.parametrize("text", ["", "  \n ", "x" * 501])
    def test_words_are_needed_and_not_too_many(self, brainstorm, max_, text):
        with pytest.raises(InvalidError):
            post_idea(brainstorm=brainstorm, text=text, by=max_)
        assert Idea.objects.count() == 0

    def test_others_only_read(self, brainstorm):
        with pytest.raises(ForbiddenError, match="Members of Austin"):
            post_idea(brainstorm=brainstorm, text="x", by=member(ChapterFactory(slug="boston")))

    def test_who_goes_to_its_meetup_writes(self):
        brainstorm = BrainstormFactory(meetup=MeetupFactory())
        guest = member(ChapterFactory(slug="boston"))
        Rsvp.objects.create(meetup=brainstorm.meetup, user=guest, status="going")
        assert post_idea(brainstorm=brainstorm, text="x", by=guest).author == guest

    def test_closed_is_closed(self, brainstorm, max_):
        card = post_idea(brainstorm=brainstorm, text="x", by=max_)
        close_brainstorm(brainstorm=brainstorm, by=organizer())
        for act in (
            lambda: post_idea(brainstorm=brainstorm, text="y", by=max_),
            lambda: edit_idea(idea=card, text="y", revision=1, by=max_),
            lambda: remove_idea(idea=card, by=max_),
            lambda: undo_change(event=_last(brainstorm), by=max_),
        ):
            with pytest.raises(BrainstormClosedError):
                act()

    def test_too_fast_is_said(self, brainstorm, max_, monkeypatch):
        monkeypatch.setattr(service, "MOST_A_MINUTE", 2)
        for _ in range(2):
            post_idea(brainstorm=brainstorm, text="x", by=max_)
        with pytest.raises(TooManyError):
            post_idea(brainstorm=brainstorm, text="x", by=max_)

    def test_it_holds_so_many_and_no_more(self, brainstorm, max_, monkeypatch):
        monkeypatch.setattr(service, "MOST_IDEAS", 1)
        post_idea(brainstorm=brainstorm, text="x", by=max_)
        with pytest.raises(ConflictError, match="takes no more"):
            post_idea(brainstorm=brainstorm, text="x", by=max_)


class TestEditing:
    @pytest.fixture
    def card(self, brainstorm, max_):
        return post_idea(brainstorm=brainstorm, text="split nova volume", by=max_)

    def test_two_who_change_different_words_both_have_them(self, card, max_):
        edit_idea(idea=card, text="split out nova volume", revision=1, by=max_)
        merged = edit_idea(idea=card, text="split nova volume soon", revision=1, by=member())
        assert (merged.text, merged.revision) == ("split out nova volume soon", 3)

    def test_two_who_change_the_same_word_are_told(self, card, max_):
        edit_idea(idea=card, text="split cinder volume", revision=1, by=max_)
        with pytest.raises(ChangedMeanwhileError) as caught:
            edit_idea(idea=card, text="split swift volume", revision=1, by=member())
        assert caught.value.extra["yours"] == "split swift volume"
        assert caught.value.extra["idea"]["text"] == "split cinder volume"
        assert caught.value.extra["idea"]["revision"] == 2
        card.refresh_from_db()
        assert card.text == "split cinder volume"

    def test_control_without_the_revision_the_first_words_are_lost(self, card, max_, monkeypatch):
        monkeypatch.setattr(service, "_merged", lambda _idea, text, _revision: text)
        edit_idea(idea=card, text="split out nova volume", revision=1, by=max_)
        edit_idea(idea=card, text="split nova volume soon", revision=1, by=member())
        card.refresh_from_db()
        assert "out" not in card.text

    def test_the_same_words_are_no_change(self, card, max_):
        assert edit_idea(idea=card, text="split  nova volume", revision=1, by=max_).revision == 1
        assert IdeaEvent.objects.count() == 1

    def test_a_revision_it_never_had(self, card, max_):
        with pytest.raises(InvalidError, match="no such revision"):
            edit_idea(idea=card, text="else", revision=7, by=max_)

    def test_one_taken_away_meanwhile_gives_the_words_back(self, card, max_):
        remove_idea(idea=card, by=max_)
        with pytest.raises(ConflictError) as caught:
            edit_idea(idea=card, text="mine", revision=1, by=member())
        assert (caught.value.code, caught.value.extra["yours"]) == ("removed", "mine")


class TestSorting:
    @pytest.fixture
    def cards(self, brainstorm, max_):
        return [post_idea(brainstorm=brainstorm, text=text, by=max_) for text in "abc"]

    def test_members_sort_only_where_they_may(self, brainstorm, cards, max_):
        with pytest.raises(ForbiddenError):
            move_idea(idea=cards[2], before=cards[0], by=max_)
        Brainstorm.objects.update(everyone_sorts=True)
        move_idea(idea=cards[2], before=cards[0], by=max_)
        assert _texts(brainstorm) == [("", [("c", []), ("a", []), ("b", [])])]

    def test_groups_come_after_what_has_none(self, brainstorm, cards):
        boss = organizer()
        move_idea(idea=cards[0], group=" Nova  parts ", by=boss)
        assert _texts(brainstorm) == [("", [("b", []), ("c", [])]), ("Nova parts", [("a", [])])]
        assert _last(brainstorm).kind == "grouped"

    def test_a_merged_card_keeps_its_notes_and_comes_back_with_them(self, brainstorm, cards, max_):
        boss = organizer()
        post_idea(brainstorm=brainstorm, text="note of b", by=max_, parent=cards[1])
        merge_idea(idea=cards[1], into=cards[0], by=boss)
        assert _texts(brainstorm) == [("", [("a", ["b", "note of b"]), ("c", [])])]
        with pytest.raises(ConflictError, match="stands by itself"):
            merge_idea(idea=cards[0], into=cards[1], by=boss)
        undo_change(event=_last(brainstorm), by=boss)
        assert _texts(brainstorm) == [("", [("a", []), ("b", ["note of b"]), ("c", [])])]

    def test_a_note_becomes_a_card(self, brainstorm, cards, max_):
        note = post_idea(brainstorm=brainstorm, text="big", by=max_, parent=cards[0])
        split_idea(idea=note, by=organizer())
        assert _texts(brainstorm)[0][1][-1] == ("big", [])

    def test_a_card_of_another_brainstorm_is_refused(self, cards, max_):
        other = post_idea(brainstorm=BrainstormFactory(), text="x", by=max_)
        with pytest.raises(InvalidError, match="another brainstorm"):
            merge_idea(idea=cards[0], into=other, by=organizer())

    def test_keys_that_grew_too_long_are_dealt_anew(self, brainstorm, cards, monkeypatch):
        monkeypatch.setattr(idea_log, "LONGEST", 6)
        boss = organizer()
        for number in range(40):
            _, b, c = cards
            move_idea(idea=b if number % 2 else c, before=c if number % 2 else b, by=boss)
        assert [text for text, _ in _texts(brainstorm)[0][1]] == ["a", "b", "c"]
        assert max(len(key) for key in Idea.objects.values_list("position", flat=True)) <= 6
        seqs = list(IdeaEvent.objects.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))


class TestUndo:
    @pytest.fixture
    def card(self, brainstorm, max_):
        return post_idea(brainstorm=brainstorm, text="one two", by=max_)

    def test_every_change_can_be_taken_back_and_the_taking_back_too(self, brainstorm, card, max_):
        edit_idea(idea=card, text="one three", revision=1, by=max_)
        undo_change(event=_last(brainstorm), by=max_)
        assert _texts(brainstorm) == [("", [("one two", [])])]
        undo_change(event=_last(brainstorm), by=max_)
        assert _texts(brainstorm) == [("", [("one three", [])])]
        undo_change(event=IdeaEvent.objects.get(kind="posted"), by=max_)
        assert _texts(brainstorm) == []
        undo_change(event=_last(brainstorm), by=max_)
        assert _texts(brainstorm) == [("", [("one three", [])])]

    def test_words_written_since_stay(self, brainstorm, card, max_):
        edit_idea(idea=card, text="one three", revision=1, by=max_)
        edit_idea(idea=card, text="one three more", revision=2, by=member())
        undo_change(event=IdeaEvent.objects.get(seq=2), by=max_)
        assert _texts(brainstorm) == [("", [("one two more", [])])]

    def test_the_same_words_changed_since_are_told(self, brainstorm, card, max_):
        edit_idea(idea=card, text="one three", revision=1, by=max_)
        edit_idea(idea=card, text="one four", revision=2, by=member())
        with pytest.raises(ConflictError, match="changed again since"):
            undo_change(event=IdeaEvent.objects.get(seq=2), by=max_)
        assert _texts(brainstorm) == [("", [("one four", [])])]

    def test_no_two_cards_stand_under_each_other(self, brainstorm, card, max_):
        boss = organizer()
        b = post_idea(brainstorm=brainstorm, text="b", by=max_)
        merge_idea(idea=card, into=b, by=boss)
        card.refresh_from_db()
        split_idea(idea=card, by=boss)
        split = _last(brainstorm)
        merge_idea(idea=b, into=card, by=boss)
        with pytest.raises(ConflictError, match="changed again since"):
            undo_change(event=split, by=boss)
        assert _texts(brainstorm) == [("", [("one two", ["b"])])]

    def test_nothing_goes_back_under_a_card_that_is_gone(self, brainstorm, card, max_):
        boss = organizer()
        note = post_idea(brainstorm=brainstorm, text="note", by=max_, parent=card)
        split_idea(idea=note, by=boss)
        split = _last(brainstorm)
        remove_idea(idea=card, by=boss)
        with pytest.raises(ConflictError, match="changed again since"):
            undo_change(event=split, by=boss)
        assert _texts(brainstorm) == [("", [("note", [])])]

    def test_words_put_back_into_longer_ones_keep_the_limit(self, brainstorm, card, max_):
        edit_idea(idea=card, text="two", revision=1, by=max_)
        removal = _last(brainstorm)
        edit_idea(idea=card, text="two " + "x" * 496, revision=2, by=max_)
        with pytest.raises(ConflictError, match="changed again since"):
            undo_change(event=removal, by=max_)

    def test_once(self, brainstorm, card, max_):
        remove_idea(idea=card, by=max_)
        removal = _last(brainstorm)
        undo_change(event=removal, by=max_)
        with pytest.raises(ConflictError, match="undone already"):
            undo_change(event=removal, by=max_)

    def test_others_changes_are_the_organizers_to_undo(self, brainstorm, card):
        with pytest.raises(ForbiddenError):
            undo_change(event=_last(brainstorm), by=member())
        undo_change(event=_last(brainstorm), by=organizer())
        assert _texts(brainstorm) == []

    def test_an_old_place_taken_by_another_is_shared_with_neither(self, brainstorm, card, max_):
        boss = organizer()
        b, c = (post_idea(brainstorm=brainstorm, text=text, by=max_) for text in "bc")
        move_idea(idea=b, by=boss)
        moved = _last(brainstorm)
        Idea.objects.filter(pk=c.pk).update(position=b.position)
        undo_change(event=moved, by=boss)
        assert [text for text, _ in _texts(brainstorm)[0][1]] == ["one two", "b", "c"]
        keys = Idea.objects.values_list("position", flat=True)
        assert len(set(keys)) == 3

    def test_only_the_author_or_an_organizer_takes_away(self, brainstorm, card):
        with pytest.raises(ForbiddenError):
            remove_idea(idea=card, by=member())
        remove_idea(idea=card, by=organizer())
        event = idea_events_after(brainstorm.pk, 0, 1)[0]
        assert (event["idea"]["text"], event["idea"]["is_removed"]) == ("", True)


class TestForgetting:
    def test_who_wrote_unnamed_is_forgotten_at_the_close(self, brainstorm, max_):
        post_idea(brainstorm=brainstorm, text="named", by=max_)
        post_idea(brainstorm=brainstorm, text="unnamed", by=max_, is_anonymous=True)
        close_brainstorm(brainstorm=brainstorm, by=organizer())
        assert list(Idea.objects.values_list("text", "author")) == [
            ("named", max_.pk),
            ("unnamed", None),
        ]
        assert list(IdeaEvent.objects.values_list("by", flat=True)) == [max_.pk, None]
        assert Author.objects.count() == 1

    def test_control_where_it_was_not_set_up_so_it_stays(self, max_):
        brainstorm = BrainstormFactory(drops_authors=False)
        post_idea(brainstorm=brainstorm, text="unnamed", by=max_, is_anonymous=True)
        close_brainstorm(brainstorm=brainstorm, by=organizer())
        assert Idea.objects.get().author == max_


def test_a_change_that_breaks_leaves_nothing(brainstorm, max_, monkeypatch):
    card = post_idea(brainstorm=brainstorm, text="one", by=max_)

    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr(undoing, "finish", broken)
    with pytest.raises(RuntimeError):
        undo_change(event=_last(brainstorm), by=max_)
    card.refresh_from_db()
    assert (card.removed_at, IdeaEvent.objects.count()) == (None, 1)


def test_what_comes_back_brings_its_notes_words_along(brainstorm, max_):
    card = post_idea(brainstorm=brainstorm, text="card", by=max_)
    note = post_idea(brainstorm=brainstorm, text="note", by=max_, parent=card)
    remove_idea(idea=card, by=max_)
    texts = [event["idea"]["text"] for event in idea_events_after(brainstorm.pk, 0, 10)]
    assert texts == ["", "", ""]
    undo_change(event=_last(brainstorm), by=max_)
    back = idea_events_after(brainstorm.pk, 3, 10)
    assert [note_["id"] for note_ in back[0]["notes"]] == [note.pk]
    assert back[0]["notes"][0]["text"] == "note"


def test_a_note_under_a_card_that_was_taken_away_meanwhile_is_refused():
    brainstorm, by = BrainstormFactory(), member()
    card = post_idea(brainstorm=brainstorm, text="Docs", by=by)
    seen = Idea.objects.get(pk=card.pk)  # as a door has read it
    remove_idea(idea=card, by=by)
    with pytest.raises(ConflictError) as refusal:
        post_idea(brainstorm=brainstorm, text="And a note", parent=seen, by=by)
    assert refusal.value.code == "removed"
    assert Idea.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_many_that_come_back_are_read_at_once(brainstorm, max_, count, django_assert_num_queries):
    for _ in range(count):
        card = post_idea(brainstorm=brainstorm, text="card", by=max_)
        post_idea(brainstorm=brainstorm, text="note", by=max_, parent=card)
        remove_idea(idea=card, by=max_)
        undo_change(event=_last(brainstorm), by=max_)
    with django_assert_num_queries(4):
        told = idea_events_after(brainstorm.pk, 0, 100)
    assert sum("notes" in event for event in told) >= count
