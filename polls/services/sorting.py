"""Sorting, grouping and merging cards: the organizers' work, or everyone's where they say so."""

from django.db import transaction

from community.core.errors import ConflictError, ForbiddenError
from community.models import User
from polls.models import Brainstorm, Idea
from polls.selectors.brainstorms import is_run_by
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
from polls.services.ideas import checked_group


@transaction.atomic
def move_idea(
    *, idea: Idea, by: User, before: Idea | None = None, group: str | None = None
) -> Idea:
    """Put a card before another (None: at the end), and into `group` where one is named.

    Raises ForbiddenError for who may not sort, BrainstormClosedError, ConflictError.
    """
    brainstorm = open_for(idea.brainstorm, by)
    _check_sorts(brainstorm, by)
    idea = as_it_is(idea)
    check_there(idea, brainstorm)
    if before is not None:
        before = as_it_is(before)
        if before.parent_id != idea.parent_id or before.brainstorm_id != brainstorm.pk:
            raise ConflictError("That card stands elsewhere by now.", code="moved")
    group = idea.group if group is None else checked_group(group)
    old = {"position": idea.position, "group": idea.group}
    if before is None or before.pk != idea.pk:
        idea.position = key_before(brainstorm, idea, before)
    idea.group = group
    idea.save(update_fields=["position", "group"])
    kind = Kind.MOVED if old["group"] == group else Kind.GROUPED
    new = {"position": idea.position, "group": group}
    tell(brainstorm, idea, kind, Writer(by), old, new)
    finish(brainstorm)
    return idea


@transaction.atomic
def merge_idea(*, idea: Idea, into: Idea, by: User) -> Idea:
    """Make the card `idea` a note of the card `into`; its own notes come with it.

    Raises ForbiddenError for who may not sort, BrainstormClosedError, ConflictError.
    """
    brainstorm = open_for(idea.brainstorm, by)
    _check_sorts(brainstorm, by)
    idea, into = as_it_is(idea), as_it_is(into)
    check_there(idea, brainstorm)
    check_there(into, brainstorm)
    if into.parent_id is not None or into.pk == idea.pk:
        raise ConflictError("Merge into a card that stands by itself.", code="not_a_card")
    return _put_under(brainstorm, idea, into, Kind.MERGED, by)


@transaction.atomic
def split_idea(*, idea: Idea, by: User) -> Idea:
    """Make a note, or a card merged before, a card of its own again, at the end."""
    brainstorm = open_for(idea.brainstorm, by)
    _check_sorts(brainstorm, by)
    idea = as_it_is(idea)
    check_there(idea, brainstorm)
    if idea.parent_id is None:
        raise ConflictError("This is a card of its own already.", code="not_a_note")
    return _put_under(brainstorm, idea, None, Kind.SPLIT, by)


def _put_under(
    brainstorm: Brainstorm, idea: Idea, parent: Idea | None, kind: str, by: User
) -> Idea:
    before = {"parent": idea.parent_id, "position": idea.position}
    idea.parent = parent
    idea.position = key_before(brainstorm, idea, None)
    idea.save(update_fields=["parent", "position"])
    after = {"parent": idea.parent_id, "position": idea.position}
    tell(brainstorm, idea, kind, Writer(by), before, after)
    finish(brainstorm)
    return idea


def _check_sorts(brainstorm: Brainstorm, by: User) -> None:
    if not brainstorm.everyone_sorts and not is_run_by(brainstorm, by):
        raise ForbiddenError("In this brainstorm the organizers sort, group and merge.")
