"""The log every change of a brainstorm goes through: numbered under its lock, kept for ever.

All writers of one brainstorm queue at its row, so that numbers become visible in their order and
two changes of the same words always see each other.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from community.core import clock, groups
from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.core.wake import wake_readers
from community.models import User
from community.services.accounts import hold_account
from polls.exceptions import BrainstormClosedError
from polls.models import Author, Brainstorm, Idea, IdeaEvent
from polls.ordering import LONGEST, key_between, keys_spread
from polls.selectors.brainstorms import takes_part

Kind = IdeaEvent.Kind


@dataclass(frozen=True)
class Writer:
    """Who writes, and whether the words go without their name; nobody known for a pad's words."""

    user: User | None
    is_anonymous: bool = False


def lock_brainstorm(pk: int) -> Brainstorm:
    """The brainstorm with its row locked: whoever has it writes next."""
    return Brainstorm.objects.select_for_update(of=("self",)).select_related("chapter").get(pk=pk)


def open_for(brainstorm: Brainstorm, by: User) -> Brainstorm:
    """The locked brainstorm, where it is open and `by` takes part."""
    hold_account(by)
    brainstorm = lock_brainstorm(brainstorm.pk)
    if not takes_part(brainstorm, by):
        raise ForbiddenError(f"Members of {brainstorm.chapter.name} write here. Join it first.")
    if not brainstorm.is_open:
        raise BrainstormClosedError("This brainstorm is closed. Nothing was saved.")
    return brainstorm


def as_it_is(idea: Idea) -> Idea:
    """The card as it is under the lock."""
    return Idea.objects.select_related("author").get(pk=idea.pk)


def check_there(idea: Idea, brainstorm: Brainstorm, *, yours: str = "") -> None:
    """Raise ConflictError where the card was taken away, alone or with the card it is under."""
    above: Idea | None = idea
    while above is not None:
        if above.brainstorm_id != brainstorm.pk:
            raise InvalidError("This card is of another brainstorm.", errors={"idea": ["other"]})
        if above.removed_at is not None:
            raise ConflictError(
                "This card was taken away meanwhile. Nothing was saved; undo that first, or post "
                "your words as a card of their own.",
                code="removed",
                **({"yours": yours} if yours else {}),
            )
        above = above.parent


def finish(brainstorm: Brainstorm) -> None:
    """Store how far the numbers are and wake the readers after the commit."""
    brainstorm.save(update_fields=["last_seq"])
    wake_readers(groups.brainstorm(brainstorm.pk), brainstorm.last_seq)


def tell(
    brainstorm: Brainstorm,
    idea: Idea,
    kind: str,
    writer: Writer,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    undoes: IdeaEvent | None = None,
) -> None:
    """Add the next numbered event; the caller holds the lock and calls `finish` at the end."""
    if writer.user is not None and not writer.is_anonymous:
        give_place(brainstorm, writer.user)
    brainstorm.last_seq += 1
    IdeaEvent.objects.create(
        brainstorm=brainstorm,
        seq=brainstorm.last_seq,
        idea=idea,
        kind=kind,
        by=writer.user,
        is_anonymous=writer.is_anonymous,
        before=before,
        after=after,
        undoes=undoes,
        at=clock.now(),
    )


def give_place(brainstorm: Brainstorm, user: User) -> None:
    """Make `user` one of the named authors, with the next colour."""
    authors = Author.objects.filter(brainstorm=brainstorm)
    if not authors.filter(user=user).exists():
        last = authors.aggregate(last=Max("number"))["last"] or 0
        Author.objects.create(brainstorm=brainstorm, user=user, number=last + 1)


def key_before(brainstorm: Brainstorm, idea: Idea, before: Idea | None) -> str:
    """A position right before `before`, or at the end, among the cards `idea` stands with."""
    siblings = Idea.objects.filter(brainstorm=brainstorm, parent=idea.parent).exclude(pk=idea.pk)
    if before is None:
        last = siblings.order_by("position").values_list("position", flat=True).last()
        return key_between(last, None)
    lower = siblings.filter(position__lt=before.position).order_by("position")
    key = key_between(lower.values_list("position", flat=True).last(), before.position)
    if len(key) <= LONGEST:
        return key
    _respace(brainstorm, list(siblings.order_by("position", "pk")))
    before.refresh_from_db(fields=["position"])
    return key_before(brainstorm, idea, before)


def _respace(brainstorm: Brainstorm, ideas: list[Idea]) -> None:
    """Give cards fresh keys in their order; readers are told of each."""
    for idea, key in zip(ideas, keys_spread(len(ideas)), strict=True):
        Idea.objects.filter(pk=idea.pk).update(position=key)
        brainstorm.last_seq += 1
        IdeaEvent.objects.create(
            brainstorm=brainstorm,
            seq=brainstorm.last_seq,
            idea=idea,
            kind=Kind.MOVED,
            before={"position": idea.position},
            after={"position": key},
            at=clock.now(),
        )
