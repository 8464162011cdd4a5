"""Brainstorms: begun, set up, closed, opened again, seen, imported and exported."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import AuditEntry, IdempotentAnswer, Season
from meetups.models import Rsvp
from polls.exceptions import BrainstormClosedError
from polls.models import Brainstorm, Idea, IdeaEvent
from polls.pad import read_pad, write_pad
from polls.selectors.board import idea_tree, pad_of
from polls.selectors.brainstorms import (
    brainstorm_seen_by,
    brainstorms_listed_for,
    organized_brainstorm,
    takes_part,
)
from polls.services import brainstorms as service
from polls.services.brainstorms import (
    change_brainstorm,
    close_brainstorm,
    create_brainstorm,
    import_pad,
    reopen_brainstorm,
)
from polls.services.ideas import post_idea
from tests.factories.community import ChapterFactory, UserFactory, bearer, member, organizer
from tests.factories.meetups import MeetupFactory
from tests.factories.polls import BrainstormFactory
from tests.meetups.season_files import DOCUMENTS

pytestmark = pytest.mark.django_db

NOBODY = AnonymousUser()


@pytest.fixture
def brainstorm():
    return BrainstormFactory()


def _foreign():
    return ChapterFactory(slug="boston")


class TestBeginning:
    def test_an_organizer_begins_one(self, chapter):
        boss, meetup = organizer(chapter), MeetupFactory(chapter=chapter)
        made = create_brainstorm(
            by=boss, title="What for Folsom?", meetup=meetup, allows_anonymous=False
        )
        assert (made.slug, made.chapter, made.meetup) == ("what-for-folsom", chapter, meetup)
        assert (made.is_open, made.last_seq, made.allows_anonymous) == (True, 0, False)
        entry = AuditEntry.objects.latest("id")
        assert (entry.verb, entry.subject) == ("created", "brainstorm what-for-folsom")

    def test_in_their_own_chapter_alone(self, chapter):
        for by in (member(chapter), organizer(_foreign())):
            with pytest.raises(ForbiddenError):
                create_brainstorm(by=by, title="x", chapter=chapter)
        assert not Brainstorm.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"title": "  ", "slug": "x"}, "title"),
            ({"title": "New"}, "slug"),
            ({"title": "¿?"}, "slug"),
            ({"title": "x", "slug": "there"}, "slug"),
        ],
    )
    def test_what_makes_no_sense(self, chapter, fields, field):
        BrainstormFactory(slug="there")
        with pytest.raises(InvalidError) as caught:
            create_brainstorm(by=organizer(chapter), **fields)
        assert list(caught.value.extra["errors"]) == [field]
        assert Brainstorm.objects.count() == 1

    def test_another_chapters_meetup_is_refused(self, chapter):
        theirs = MeetupFactory(chapter=_foreign())
        with pytest.raises(InvalidError, match="its own group"):
            create_brainstorm(by=organizer(chapter), title="x", meetup=theirs)


class TestChanging:
    def test_words_and_rules(self, brainstorm):
        post_idea(brainstorm=brainstorm, text="x", by=member())
        boss = organizer()
        changed = change_brainstorm(brainstorm=brainstorm, by=boss, title="T", everyone_sorts=True)
        assert (changed.title, changed.everyone_sorts, changed.last_seq) == ("T", True, 1)
        assert AuditEntry.objects.latest("id").detail["fields"] == ["everyone_sorts", "title"]

    def test_a_card_written_meanwhile_keeps_its_number(self, brainstorm):
        """The change is made on the row as it is, not as it was read before."""
        stale = Brainstorm.objects.get(pk=brainstorm.pk)
        post_idea(brainstorm=brainstorm, text="x", by=member())
        assert change_brainstorm(brainstorm=stale, by=organizer(), title="T").last_seq == 1

    def test_refusals(self, brainstorm):
        with pytest.raises(ForbiddenError):
            change_brainstorm(brainstorm=brainstorm, by=member(), title="x")
        with pytest.raises(InvalidError):
            change_brainstorm(brainstorm=brainstorm, by=organizer(), title=" ")
        theirs = MeetupFactory(chapter=_foreign())
        with pytest.raises(InvalidError):
            change_brainstorm(brainstorm=brainstorm, by=organizer(), meetup=theirs)


class TestClosing:
    def test_closed_once_and_opened_again(self, brainstorm):
        boss = organizer()
        assert not close_brainstorm(brainstorm=brainstorm, by=boss).is_open
        with pytest.raises(BrainstormClosedError, match="closed already"):
            close_brainstorm(brainstorm=brainstorm, by=boss)
        assert reopen_brainstorm(brainstorm=brainstorm, by=boss).is_open
        with pytest.raises(ConflictError) as caught:
            reopen_brainstorm(brainstorm=brainstorm, by=boss)
        assert caught.value.code == "wrong_state"
        post_idea(brainstorm=brainstorm, text="again", by=member())
        verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
        assert list(verbs) == ["closed", "reopened"]

    def test_only_its_organizers(self, brainstorm):
        for by in (member(), organizer(_foreign())):
            for act in (close_brainstorm, reopen_brainstorm):
                with pytest.raises(ForbiddenError):
                    act(brainstorm=brainstorm, by=by)
        brainstorm.refresh_from_db()
        assert brainstorm.is_open

    def test_the_record_stays_closed(self, brainstorm):
        season = Season.objects.create(
            slug="austin-2012", title="Austin", year=2012, chapter=brainstorm.chapter
        )
        Brainstorm.objects.update(season=season)
        close_brainstorm(brainstorm=brainstorm, by=organizer())
        with pytest.raises(ConflictError, match="part of the record"):
            reopen_brainstorm(brainstorm=brainstorm, by=organizer())

    def test_no_answer_kept_for_repetition_tells_who_wrote_unnamed(self, brainstorm, client):
        for is_anonymous in (True, False):
            made = client.post(
                f"/api/v1/brainstorms/{brainstorm.slug}/ideas/",
                {"text": "x", "is_anonymous": is_anonymous},
                content_type="application/json",
                headers=bearer(member()) | {"Idempotency-Key": "k"},
            )
        close_brainstorm(brainstorm=brainstorm, by=organizer())
        assert IdempotentAnswer.objects.get().body["id"] == made.json()["id"]

    def test_a_closed_one_set_up_to_forget_forgets_at_once(self):
        brainstorm = BrainstormFactory(drops_authors=False)
        post_idea(brainstorm=brainstorm, text="x", by=member(), is_anonymous=True)
        close_brainstorm(brainstorm=brainstorm, by=organizer())
        assert IdeaEvent.objects.get().by is not None
        change_brainstorm(brainstorm=brainstorm, by=organizer(), drops_authors=True)
        assert (Idea.objects.get().author, IdeaEvent.objects.get().by) == (None, None)


class TestSeeing:
    """Who sees, who writes, who runs: of a public one and of one for members."""

    @pytest.fixture
    def people(self, chapter):
        meetup = MeetupFactory(chapter=chapter)
        people = {
            "stranger": NOBODY,
            "outsider": UserFactory(),
            "other member": member(_foreign()),
            "other organizer": organizer(_foreign()),
            "member": member(chapter),
            "organizer": organizer(chapter),
            "superuser": UserFactory(is_superuser=True, is_staff=True),
        }
        for status in ("going", "waitlisted", "not_going"):
            people[status] = member(_foreign())
            since = clock.now() if status == "waitlisted" else None
            Rsvp.objects.create(
                meetup=meetup, user=people[status], status=status, waitlisted_at=since
            )
        return people, meetup

    def test_each(self, people):
        people, meetup = people
        public = BrainstormFactory(meetup=meetup)
        private = BrainstormFactory(meetup=meetup, is_public=False)
        insiders = {"member", "organizer", "superuser", "going"}
        for name, user in people.items():
            seen = set(Brainstorm.objects.visible_to(user))
            assert seen == ({public, private} if name in insiders else {public}), name
            assert takes_part(public, user) == (name in insiders), name
            assert [row.pk for row in brainstorms_listed_for(user) if row == private] == (
                [private.pk] if name in insiders else []
            )

    def test_not_seen_is_not_there_and_seen_is_not_run(self, people):
        people, meetup = people
        private = BrainstormFactory(meetup=meetup, is_public=False)
        for name in ("stranger", "outsider", "other organizer", "waitlisted"):
            with pytest.raises(Http404):
                brainstorm_seen_by(people[name], private.slug)
            with pytest.raises(Http404):
                organized_brainstorm(people[name], private.slug)
        for name in ("member", "going"):
            with pytest.raises(ForbiddenError):
                organized_brainstorm(people[name], private.slug)
        for name in ("organizer", "superuser"):
            assert organized_brainstorm(people[name], private.slug) == private

    def test_open_ones_come_first_and_cards_are_counted(self, brainstorm):
        closed = BrainstormFactory()
        close_brainstorm(brainstorm=closed, by=organizer())
        card = post_idea(brainstorm=brainstorm, text="x", by=member())
        post_idea(brainstorm=brainstorm, text="note", by=member(), parent=card)
        listed = brainstorms_listed_for(NOBODY)
        assert [(row.pk, row.cards) for row in listed] == [(brainstorm.pk, 1), (closed.pk, 0)]


def _pad_of_2012():
    """The pad's topics as headings, what stands under them as bullets."""
    topics = DOCUMENTS["austin_2012.json"]["brainstorm"]["topics"]
    lines, expected = [], []
    for topic in topics:
        notes = [note if isinstance(note, str) else note["text"] for note in topic["notes"]]
        lines += [f"## {topic['title']}", *(f"- {note}" for note in notes), ""]
        expected.append((" ".join(topic["title"].split()), notes))
    return "\n".join(lines), expected


def _cards(brainstorm):
    (group,) = idea_tree(brainstorm, NOBODY).groups
    return [(leaf.idea.text, [note.idea.text for note in leaf.notes]) for leaf in group[1]]


class TestImport:
    def test_the_pad_of_2012(self, brainstorm):
        text, expected = _pad_of_2012()
        assert len(expected) == 13
        count = import_pad(brainstorm=brainstorm, text=text, by=organizer())
        assert _cards(brainstorm) == expected
        assert count == Idea.objects.count() == 13 + sum(len(notes) for _, notes in expected)
        assert not Idea.objects.exclude(author=None).exists()
        brainstorm.refresh_from_db()
        seqs = IdeaEvent.objects.order_by("seq").values_list("seq", flat=True)
        assert list(seqs) == list(range(1, brainstorm.last_seq + 1))

    def test_what_is_exported_is_read_again_as_it_was(self, brainstorm):
        import_pad(brainstorm=brainstorm, text=_pad_of_2012()[0], by=organizer())
        post_idea(brainstorm=brainstorm, text="# 1. odd #", by=member(), group="Odd")
        again = BrainstormFactory()
        import_pad(brainstorm=again, text=write_pad(pad_of(brainstorm)), by=organizer())
        first, second = pad_of(brainstorm), pad_of(again)
        assert first.cards == second.cards
        assert read_pad(write_pad(first)).title == brainstorm.title

    def test_only_its_organizers(self, brainstorm):
        for by in (member(), organizer(_foreign())):
            with pytest.raises(ForbiddenError):
                import_pad(brainstorm=brainstorm, text="# x", by=by)

    def test_refusals_leave_nothing(self, brainstorm, monkeypatch):
        boss = organizer()
        monkeypatch.setattr(service, "MOST_PAD", 2000)
        for text, sentence in (
            ("x" * 2001, "at most 2,000"),
            (" \n\n", "no card"),
            ("# ok\n- " + "x" * 501, "at most 500"),
        ):
            with pytest.raises(InvalidError, match=sentence):
                import_pad(brainstorm=brainstorm, text=text, by=boss)
        monkeypatch.setattr(service, "MOST_IDEAS", 2)
        with pytest.raises(InvalidError, match="holds 2 cards"):
            import_pad(brainstorm=brainstorm, text="# a\n- b\n- c", by=boss)
        close_brainstorm(brainstorm=brainstorm, by=boss)
        with pytest.raises(BrainstormClosedError):
            import_pad(brainstorm=brainstorm, text="# a", by=boss)
        assert (Idea.objects.count(), IdeaEvent.objects.count()) == (0, 0)
