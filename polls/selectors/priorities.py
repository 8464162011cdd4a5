"""Which lists of priorities one sees, and what one may do with them."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from community.core.errors import ForbiddenError
from community.models import Chapter
from community.models.chapter import organizes, own_chapters
from meetups.selectors.desk import version_of
from polls.models import (
    Assessment,
    Brainstorm,
    Outlook,
    Poll,
    Priority,
    PriorityList,
    PriorityListQuerySet,
)
from polls.states import CLOSED

LIST_FIELDS = (
    "title", "introduction", "addressed_to", "summit_id", "summit_on", "method", "voters",
    "verdict", "scored_by",
)  # fmt: skip


def lists_seen_by(user: Any) -> PriorityListQuerySet:
    """Lists `user` may see: drafts first, then the newest; those of the archive last."""
    return (
        PriorityList.objects.visible_to(user)
        .select_related("chapter", "season", "summit", "poll", "brainstorm")
        .order_by(F("season").desc(nulls_first=True), F("published_at").desc(nulls_first=True))
    )


def counted_lists(user: Any) -> PriorityListQuerySet:
    """The same with the number of their `issues` and of those `scored` by at least one observer."""
    is_scored = Exists(Assessment.objects.filter(priority=OuterRef("items__pk")))
    return lists_seen_by(user).annotate(
        issues=Count("items"), scored=Count("items", filter=Q(is_scored))
    )


def list_seen_by(user: Any, slug: str) -> PriorityList:
    """The list at `slug`, as far as `user` may see it; raises Http404."""
    return get_object_or_404(lists_seen_by(user), slug=slug)


def organized_list(user: Any, slug: str) -> PriorityList:
    """The list at `slug`, for one of its organizers; raises Http404, ForbiddenError."""
    found = list_seen_by(user, slug)
    if not is_run_by(found, user):
        raise ForbiddenError("You do not organize this chapter's priorities.")
    return found


def is_run_by(priority_list: PriorityList, user: Any) -> bool:
    """Whether `user` organizes the list's chapter."""
    return organizes(user, priority_list.chapter_id)


def may_assess(priority_list: PriorityList, user: Any) -> bool:
    """Whether `user` is one of the list's observers or its organizers."""
    if not user.is_authenticated:
        return False
    if is_run_by(priority_list, user):
        return True
    return priority_list.observers.filter(pk=user.pk).exists()


def issue_seen_by(user: Any, slug: str, pk: int) -> Priority:
    """The issue `pk` of the list at `slug`, where `user` may see that; raises Http404."""
    issues = Priority.objects.filter(list__in=PriorityList.objects.visible_to(user)).select_related(
        "list__chapter", "list__season", "list__poll"
    )
    return get_object_or_404(issues, list__slug=slug, pk=pk)


def list_version(priority_list: PriorityList) -> str:
    """What a change must name, so that it is not made on an old reading."""
    items = priority_list.items.values_list("pk", "position", "title", "description", "percent")
    observers = priority_list.observers.order_by("pk").values_list("pk", flat=True)
    facts = [getattr(priority_list, name) for name in LIST_FIELDS]
    return version_of([facts, list(items), list(observers)])


def outlooks_of(chapter: Chapter) -> QuerySet[Outlook]:
    """The chapter's words, in its order, with whether they are used."""
    return chapter.outlooks.annotate(
        is_used=Exists(Assessment.objects.filter(outlook=OuterRef("pk")))
    )


def offered_outlooks(chapter: Chapter, own: Assessment | None = None) -> QuerySet[Outlook]:
    """The words to choose from; the one chosen before stays among them."""
    kept = Q(pk=own.outlook_id) if own and own.outlook_id else Q(pk__in=[])
    return chapter.outlooks.filter(Q(is_offered=True) | kept)


def polls_to_publish(user: Any) -> QuerySet[Poll]:
    """Closed polls of the chapters `user` organizes, the latest first."""
    return Poll.objects.filter(own_chapters(user), state=CLOSED).order_by("-closed_at")


def carry_targets(priority: Priority, user: Any) -> tuple[list[PriorityList], list[Brainstorm]]:
    """Where `user` can carry an issue: drafts and open brainstorms that do not have it yet."""
    drafts = (
        PriorityList.objects.filter(own_chapters(user), published_at=None, season=None)
        .exclude(pk=priority.list_id)
        .exclude(items__carried_from=priority)
    )
    brainstorms = Brainstorm.objects.filter(own_chapters(user), closed_at=None).exclude(
        ideas__carried_from=priority
    )
    return list(drafts), list(brainstorms)
