"""Cards and notes: posting, editing, taking away."""

from django.db import transaction

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import User
from community.services.limits import limit
from polls.exceptions import ChangedMeanwhileError
from polls.merging import merge_words
from polls.models import Brainstorm, Idea, IdeaEvent, Priority
from polls.selectors.brainstorms import is_run_by
from polls.selectors.ideas import LONGEST_IDEA, MOST_IDEAS, hues_of, idea_facts
from polls.services.idea_log import (
    Kind,
    Writer,
    as_it_is,
    check_there,
    finish,
    key_before,
    open_for,
    tell,
)
from polls.wording import look_of, one_line

MOST_A_MINUTE = 60
LONGEST_GROUP = 80  # characters
TOO_FAST = "That is a lot within a minute. Nothing was saved; try again shortly."


def checked_words(text: str) -> str:
    """`text` on one line. Raises InvalidError for none, or more than `LONGEST_IDEA` characters."""
    text = one_line(text)
    if not look_of(text):
        raise InvalidError("A card needs words.", errors={"text": ["empty"]})
    if len(text) > LONGEST_IDEA:
        raise InvalidError(
            f"A card has at most {LONGEST_IDEA} characters, this has {len(text)}. "
            "Nothing was saved.",
            errors={"text": ["too long"]},
        )
    return text


@transaction.atomic
def post_idea(
    *,
    brainstorm: Brainstorm,
    text: str,
    by: User,
    parent: Idea | None = None,
    is_anonymous: bool = False,
    group: str = "",
    carried_from: Priority | None = None,
) -> Idea:
    """A new card at the end, or a note under the card `parent`.

    Raises BrainstormClosedError, ForbiddenError, InvalidError, ConflictError (the card is gone),
    TooManyError.
    """
    text = checked_words(text)
    limit("ideas", by.pk, most=MOST_A_MINUTE, seconds=60, sentence=TOO_FAST)
    brainstorm = open_for(brainstorm, by)
    writer = Writer(by, is_anonymous)
    _check_anonymity(brainstorm, writer)
    _check_room(brainstorm)
    if parent is not None:
        check_there(as_it_is(parent), brainstorm)
    idea = add_idea(
        brainstorm, writer, text=text, parent=parent, group=group, carried_from=carried_from
    )
    finish(brainstorm)
    return idea


@transaction.atomic
def edit_idea(
    *, idea: Idea, text: str, revision: int, by: User, is_anonymous: bool = False
) -> Idea:
    """Change the words of a card seen at `revision`.

    Where somebody changed it since, both changes are merged by words; where both changed the same
    words ChangedMeanwhileError is raised, with the card as it is (`idea`) and what was sent
    (`yours`) in the answer. Raises BrainstormClosedError, ForbiddenError, InvalidError too.
    """
    text = checked_words(text)
    brainstorm = open_for(idea.brainstorm, by)
    idea = as_it_is(idea)
    writer = Writer(by, is_anonymous or (idea.is_anonymous and idea.author_id == by.pk))
    _check_anonymity(brainstorm, writer)
    check_there(idea, brainstorm, yours=text)
    merged = _merged(idea, text, revision)
    if merged != idea.text:
        before = {"text": idea.text, "revision": idea.revision}
        idea.text, idea.revision = merged, idea.revision + 1
        after = {"text": idea.text, "revision": idea.revision}
        idea.save(update_fields=["text", "revision"])
        tell(brainstorm, idea, Kind.EDITED, writer, before, after)
        finish(brainstorm)
    return idea


def _merged(idea: Idea, text: str, revision: int) -> str:
    """What `idea` says once `text`, written over the words of `revision`, is in it."""
    if revision == idea.revision or text == idea.text:
        return text
    seen = IdeaEvent.objects.filter(idea=idea, after__revision=revision).last()
    if seen is None:
        raise InvalidError(
            "This card has had no such revision.", errors={"revision": ["not known"]}
        )
    merged = merge_words(seen.after["text"], text, idea.text)
    if merged is None or len(merged) > LONGEST_IDEA:
        raise ChangedMeanwhileError(
            "Somebody changed the same words meanwhile. Yours are kept here and not saved yet: "
            "look at both and send again.",
            idea=idea_facts(idea, hues_of(idea.brainstorm_id)),
            yours=text,
        )
    return merged


@transaction.atomic
def remove_idea(*, idea: Idea, by: User) -> Idea:
    """Take a card or note out of sight: one's own, or, for organizers, any. It can be undone.

    Raises ForbiddenError, BrainstormClosedError, ConflictError.
    """
    brainstorm = open_for(idea.brainstorm, by)
    idea = as_it_is(idea)
    check_there(idea, brainstorm)
    is_own = idea.author_id is not None and idea.author_id == by.pk
    if not is_own and not is_run_by(brainstorm, by):
        raise ForbiddenError("Only who wrote a card, or an organizer, takes it away.")
    idea.removed_at = clock.now()
    idea.save(update_fields=["removed_at"])
    writer = Writer(by, is_anonymous=is_own and idea.is_anonymous)
    tell(brainstorm, idea, Kind.REMOVED, writer, {"removed": False}, {"removed": True})
    finish(brainstorm)
    return idea


def checked_group(group: str) -> str:
    """A group's name on one line. Raises InvalidError where it is too long."""
    group = one_line(group)
    if len(group) > LONGEST_GROUP:
        raise InvalidError(
            f"A group's name has at most {LONGEST_GROUP} characters.", errors={"group": ["long"]}
        )
    return group


def add_idea(
    brainstorm: Brainstorm,
    writer: Writer,
    *,
    text: str,
    parent: Idea | None = None,
    group: str = "",
    carried_from: Priority | None = None,
) -> Idea:
    """Store a card at the end with its event; the caller holds the lock and calls `finish`."""
    idea = Idea(
        brainstorm=brainstorm,
        parent=parent,
        text=text,
        author=writer.user,
        is_anonymous=writer.is_anonymous,
        group="" if parent else checked_group(group),
        carried_from=carried_from,
    )
    idea.position = key_before(brainstorm, idea, None)
    idea.save(force_insert=True)
    tell(brainstorm, idea, Kind.POSTED, writer, {}, {"text": text, "revision": 1})
    return idea


def _check_anonymity(brainstorm: Brainstorm, writer: Writer) -> None:
    if writer.is_anonymous and not brainstorm.allows_anonymous:
        raise InvalidError(
            "In this brainstorm cards bear a name. Nothing was saved.",
            errors={"is_anonymous": ["not here"]},
        )


def _check_room(brainstorm: Brainstorm) -> None:
    if Idea.objects.filter(brainstorm=brainstorm).count() >= MOST_IDEAS:
        raise ConflictError(
            f"This brainstorm holds {MOST_IDEAS} cards and notes, and takes no more.", code="full"
        )
