"""Brainstorms: begun, set up, closed, opened again; and a pad's text made into cards."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import Chapter, IdempotentAnswer, User
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls.exceptions import BrainstormClosedError
from polls.models import Brainstorm, Idea, IdeaEvent
from polls.pad import read_pad
from polls.selectors.ideas import MOST_IDEAS
from polls.services.idea_log import Writer, finish, lock_brainstorm
from polls.services.ideas import add_idea, checked_words
from polls.wording import look_of

# Addresses of pages, which no brainstorm may have.
RESERVED_SLUGS = frozenset({"new"})
MOST_PAD = 200_000  # characters


@transaction.atomic
def create_brainstorm(
    *, by: User, title: str, chapter: Chapter | None = None, slug: str = "", **fields: Any
) -> Brainstorm:
    """A new, open brainstorm of a chapter `by` organizes. Raises ForbiddenError, InvalidError."""
    chapter = chapter_for(by, chapter)
    brainstorm = Brainstorm(chapter=chapter, title=title, slug=slug or slugify(title)[:80])
    _set(brainstorm, fields)
    _save(brainstorm)
    record("created", f"brainstorm {brainstorm.slug}", by=by, chapter=chapter)
    return brainstorm


@transaction.atomic
def change_brainstorm(*, brainstorm: Brainstorm, by: User, **changes: Any) -> Brainstorm:
    """Change its words and rules; the cards stay. Raises ForbiddenError, InvalidError."""
    chapter_for(by, brainstorm.chapter)
    brainstorm = lock_brainstorm(brainstorm.pk)
    _set(brainstorm, changes)
    _save(brainstorm)
    _forget_authors(brainstorm)
    record(
        "changed", f"brainstorm {brainstorm.slug}", by=by, chapter=brainstorm.chapter,
        fields=sorted(changes),
    )  # fmt: skip
    return brainstorm


def _set(brainstorm: Brainstorm, fields: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(brainstorm, name, value)
    meetup = brainstorm.meetup
    if meetup is not None and meetup.chapter_id != brainstorm.chapter_id:
        raise InvalidError(
            "A brainstorm belongs to a meetup of its own group.", errors={"meetup": ["not ours"]}
        )


def _save(brainstorm: Brainstorm) -> None:
    if not look_of(brainstorm.title):
        raise InvalidError("A brainstorm needs a title.", errors={"title": ["empty"]})
    if not brainstorm.slug or brainstorm.slug in RESERVED_SLUGS:
        raise InvalidError("Choose another address.", errors={"slug": ["reserved"]})
    try:
        with transaction.atomic():
            brainstorm.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise InvalidError(
            f"There is a brainstorm at “{brainstorm.slug}” already.", errors={"slug": ["taken"]}
        ) from None


@transaction.atomic
def close_brainstorm(*, brainstorm: Brainstorm, by: User) -> Brainstorm:
    """Take no further words. Where it was set up so, who wrote without a name is forgotten now.

    Raises ForbiddenError, BrainstormClosedError.
    """
    chapter_for(by, brainstorm.chapter)
    brainstorm = lock_brainstorm(brainstorm.pk)
    if not brainstorm.is_open:
        raise BrainstormClosedError("This brainstorm is closed already.")
    brainstorm.closed_at = clock.now()
    brainstorm.save(update_fields=["closed_at"])
    _forget_authors(brainstorm)
    record("closed", f"brainstorm {brainstorm.slug}", by=by, chapter=brainstorm.chapter)
    return brainstorm


def _forget_authors(brainstorm: Brainstorm) -> None:
    """Of a closed brainstorm set up so: who wrote without a name. No way leads back."""
    if brainstorm.is_open or not brainstorm.drops_authors:
        return
    ideas = Idea.objects.filter(brainstorm=brainstorm, is_anonymous=True)
    # An answer kept for repetition belongs to an account and has the card's number.
    answers = IdempotentAnswer.objects.filter(body__has_keys=["id", "revision", "position"])
    answers.filter(body__id__in=list(ideas.values_list("pk", flat=True))).delete()
    ideas.update(author=None)
    IdeaEvent.objects.filter(brainstorm=brainstorm, is_anonymous=True).update(by=None)


@transaction.atomic
def reopen_brainstorm(*, brainstorm: Brainstorm, by: User) -> Brainstorm:
    """Let members write again. Raises ForbiddenError; ConflictError for an open or recorded one."""
    chapter_for(by, brainstorm.chapter)
    brainstorm = lock_brainstorm(brainstorm.pk)
    if brainstorm.is_open:
        raise ConflictError("This brainstorm is open.", code="wrong_state")
    if brainstorm.season_id is not None:
        raise ConflictError("This brainstorm is part of the record; begin a new one.")
    brainstorm.closed_at = None
    brainstorm.save(update_fields=["closed_at"])
    record("reopened", f"brainstorm {brainstorm.slug}", by=by, chapter=brainstorm.chapter)
    return brainstorm


@transaction.atomic
def import_pad(*, brainstorm: Brainstorm, text: str, by: User) -> int:
    """Add the cards of a Markdown text (`polls.pad`) at the end; how many cards and notes.

    All or nothing. They bear no name: who wrote them is not known. Raises ForbiddenError,
    BrainstormClosedError, InvalidError.
    """
    chapter_for(by, brainstorm.chapter)
    if len(text) > MOST_PAD:
        raise InvalidError(f"A pad has at most {MOST_PAD:,} characters. Nothing was imported.")
    cards = read_pad(text.replace("\x00", "")).cards
    if not cards:
        raise InvalidError(
            "There is no card in this text: headings are cards, bullets under them are notes.",
            errors={"text": ["no cards"]},
        )
    brainstorm = lock_brainstorm(brainstorm.pk)
    if not brainstorm.is_open:
        raise BrainstormClosedError("This brainstorm is closed. Nothing was imported.")
    count = sum(1 + len(card.notes) for card in cards)
    if Idea.objects.filter(brainstorm=brainstorm).count() + count > MOST_IDEAS:
        raise InvalidError(f"A brainstorm holds {MOST_IDEAS} cards. Nothing was imported.")
    nobody = Writer(None, is_anonymous=True)
    for card in cards:
        idea = add_idea(brainstorm, nobody, text=checked_words(card.text), group=card.group)
        for note in card.notes:
            add_idea(brainstorm, nobody, text=checked_words(note), parent=idea)
    finish(brainstorm)
    record(
        "imported", f"brainstorm {brainstorm.slug}", by=by, chapter=brainstorm.chapter, ideas=count
    )
    return count
