"""An issue is carried over: into a new list or a brainstorm, with the history it has."""

from django.db import transaction
from django.db.models import Max

from community.core.errors import InvalidError
from community.models import Chapter, User
from community.services.accounts import hold_account
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls.exceptions import CarriedError, NotPublishedError, PublishedError
from polls.models import Brainstorm, Idea, Priority, PriorityList
from polls.services.idea_log import lock_brainstorm
from polls.services.ideas import post_idea
from polls.services.priorities import check_own, hold_issue, lock_list


@transaction.atomic
def carry_over(
    *,
    priority: Priority,
    by: User,
    brainstorm: Brainstorm | None = None,
    into_list: PriorityList | None = None,
) -> Priority | Idea:
    """Take a published issue along: as a card of an open brainstorm, or an issue of a draft.

    Each place takes it once: the target's row is held, and a constraint stands behind it; so is
    the issue's, which could be taken off its list meanwhile. Raises ForbiddenError, InvalidError,
    NotFoundError, NotPublishedError, CarriedError, PublishedError, BrainstormClosedError.
    """
    hold_account(by)
    if (brainstorm is None) == (into_list is None):
        raise InvalidError("Say where to: one list, or one brainstorm.", errors={"list": ["one"]})
    priority = hold_issue(priority.pk)
    if not priority.list.is_published:
        raise NotPublishedError("Issues are carried from a published list.")
    if into_list is not None:
        return _into_list(priority, lock_list(into_list.pk), by)
    if brainstorm is None:
        raise InvalidError("Say where to.")
    return _into_brainstorm(priority, brainstorm, by)


def _into_list(priority: Priority, target: PriorityList, by: User) -> Priority:
    check_own(target, by)
    if target.pk == priority.list_id:
        raise InvalidError("The issue is of that list.", errors={"list": ["its own"]})
    if target.is_published:
        raise PublishedError("That list is published; it takes no further issues.")
    if target.items.filter(carried_from=priority).exists():
        raise CarriedError("The issue is on that list already. Nothing was changed.")
    last = target.items.aggregate(last=Max("position"))["last"] or 0
    carried = Priority.objects.create(
        list=target,
        position=last + 1,
        rank=last + 1,
        title=priority.title,
        description=priority.description,
        carried_from=priority,
    )
    _tell(priority, target.chapter, f"priorities {target.slug}", by)
    return carried


def _into_brainstorm(priority: Priority, target: Brainstorm, by: User) -> Idea:
    chapter_for(by, target.chapter)
    target = lock_brainstorm(target.pk)
    if target.ideas.filter(carried_from=priority).exists():
        raise CarriedError("The issue is in that brainstorm already. Nothing was changed.")
    idea = post_idea(brainstorm=target, text=priority.title, by=by, carried_from=priority)
    _tell(priority, target.chapter, f"brainstorm {target.slug}", by)
    return idea


def _tell(priority: Priority, chapter: Chapter, target: str, by: User) -> None:
    subject = f"issue {priority.pk} of priorities {priority.list.slug}"
    record("carried over", subject, by=by, chapter=chapter, to=target)
