"""Taking back a change. What was undone is itself a change, and can be undone."""

from typing import Any

from django.db import transaction

from community.core import clock
from community.core.errors import ConflictError, ForbiddenError
from community.models import User
from polls.merging import merge_words
from polls.models import Idea, IdeaEvent
from polls.ordering import key_between
from polls.selectors.brainstorms import is_run_by
from polls.selectors.ideas import LONGEST_IDEA
from polls.services.idea_log import Kind, Writer, as_it_is, finish, open_for, tell

CHANGED_SINCE = "This was changed again since. Nothing was undone; change it by hand."


@transaction.atomic
def undo_change(*, event: IdeaEvent, by: User) -> Idea:
    """Take back one change: one's own, or, for organizers, anyone's; an undoing too.

    Words changed since are merged; ConflictError where the same words, or the same place, were
    changed since, or it was undone already. Raises ForbiddenError, BrainstormClosedError.
    """
    brainstorm = open_for(event.brainstorm, by)
    if event.by_id != by.pk and not is_run_by(brainstorm, by):
        raise ForbiddenError("Only who made a change, or an organizer, takes it back.")
    if IdeaEvent.objects.filter(undoes=event).exists():
        raise ConflictError("This was undone already.", code="already_undone")
    idea = as_it_is(event.idea)
    before, after = _restore(idea, event)
    idea.save()
    writer = Writer(by, is_anonymous=event.is_anonymous and event.by_id == by.pk)
    tell(brainstorm, idea, Kind.UNDONE, writer, before, after, undoes=event)
    finish(brainstorm)
    return idea


def _restore(idea: Idea, event: IdeaEvent) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set what `event` changed back on `idea`; the fields before and after."""
    was = event.before or {"removed": True}  # of a card just posted: as if it were not there
    now = event.after if event.before else {"removed": False}
    before, after = {}, {}
    for name in was.keys() - {"revision"}:
        before[name] = _value_of(idea, name)
        after[name] = _value_after(name, was[name], now[name], before[name])
        _set_value(idea, name, after[name])
    if after.get("parent") is not None:
        _check_parent(idea, after["parent"])
    if "text" in after:
        before["revision"], after["revision"] = idea.revision, idea.revision + 1
        idea.revision += 1
    if "position" in after:
        after["position"] = idea.position = _free_key(idea)
    return before, after


def _value_after(name: str, was: Any, now: Any, current: Any) -> Any:
    """What the field becomes; raises ConflictError where it was changed since."""
    if name == "text":
        words = merge_words(now, was, current)
        if words and len(words) <= LONGEST_IDEA:
            return words
    elif current == now:
        return was
    raise ConflictError(CHANGED_SINCE, code="changed_meanwhile")


def _check_parent(idea: Idea, parent_id: int) -> None:
    """Refuse a place under a card that is gone, or that stands under `idea` itself by now."""
    above: Idea | None = Idea.objects.get(pk=parent_id)
    while above is not None:
        if above.pk == idea.pk or above.removed_at is not None:
            raise ConflictError(CHANGED_SINCE, code="changed_meanwhile")
        above = above.parent


def _free_key(idea: Idea) -> str:
    """The card's old position, or one right before it where another stands there by now."""
    siblings = Idea.objects.filter(brainstorm=idea.brainstorm_id, parent=idea.parent_id)
    siblings = siblings.exclude(pk=idea.pk)
    if not siblings.filter(position=idea.position).exists():
        return idea.position
    lower = siblings.filter(position__lt=idea.position).order_by("position")
    return key_between(lower.values_list("position", flat=True).last(), idea.position)


def _value_of(idea: Idea, name: str) -> Any:
    if name == "removed":
        return idea.removed_at is not None
    return idea.parent_id if name == "parent" else getattr(idea, name)


def _set_value(idea: Idea, name: str, value: Any) -> None:
    if name == "removed":
        idea.removed_at = clock.now() if value else None
    elif name == "parent":
        idea.parent_id = value
    else:
        setattr(idea, name, value)
