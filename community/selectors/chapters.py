"""Chapters, who leads them, and whether anyone still does."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet

from community.core import clock
from community.models import AuditEntry, Chapter, Membership, Takeover, User
from community.models.chapter import own_chapters

LEAST_MEMBER_DAYS = 30


def all_chapters() -> QuerySet[Chapter]:
    """Every chapter with the number of its `members`."""
    active = Q(memberships__user__is_active=True)
    return Chapter.objects.annotate(members=Count("memberships", filter=active)).order_by(
        "name", "id"
    )


def chapters_run_by(user: Any) -> QuerySet[Chapter]:
    """The chapters `user` organizes."""
    return Chapter.objects.filter(own_chapters(user, "pk"))


def organizers_of(chapter: Chapter) -> QuerySet[User]:
    """The chapter's organizers who can still sign in, by name."""
    return User.objects.filter(
        memberships__chapter=chapter,
        memberships__role=Membership.Role.ORGANIZER,
        is_active=True,
    ).order_by("name", "email")


def membership_of(chapter: Chapter, user: Any) -> Membership | None:
    """The place of `user` in `chapter`, or None."""
    if not user.is_authenticated:
        return None
    return Membership.objects.filter(chapter=chapter, user=user.pk).first()


def open_takeover(chapter: Chapter) -> Takeover | None:
    """The takeover that has been asked for and not decided, if any."""
    return (
        Takeover.objects.filter(chapter=chapter, state=Takeover.State.ASKED)
        .select_related("by", "chapter")
        .first()
    )


def last_sign_of_life(chapter: Chapter) -> dt.datetime | None:
    """When an organizer last signed in, did something, let a program act, or became one.

    None where the chapter has no organizer who can sign in.
    """
    organizers = organizers_of(chapter)
    signs = organizers.aggregate(
        signed_in=Max("last_login"),
        became=Max("memberships__since", filter=Q(memberships__chapter=chapter)),
        program=Max("api_tokens__last_used_at"),
    )
    acted = AuditEntry.objects.filter(actor__in=organizers).aggregate(at=Max("at"))["at"]
    known = [at for at in (*signs.values(), acted) if at is not None]
    return max(known, default=None)


def is_silent(chapter: Chapter) -> bool:
    """Whether no organizer has given a sign for `TAKEOVER_SILENT_DAYS`."""
    sign = last_sign_of_life(chapter)
    return sign is None or sign <= clock.now() - dt.timedelta(days=settings.TAKEOVER_SILENT_DAYS)


def takeover_refusal(chapter: Chapter, user: User) -> str:
    """Why `user` cannot ask to lead `chapter` now, in a sentence; empty where they can."""
    membership = membership_of(chapter, user)
    if membership is None:
        return f"Only members of {chapter.name} can ask to lead it."
    if membership.role == Membership.Role.ORGANIZER:
        return f"You organize {chapter.name} already."
    if membership.since > clock.now() - dt.timedelta(days=LEAST_MEMBER_DAYS):
        return f"Only who has been a member for {LEAST_MEMBER_DAYS} days can ask to lead."
    if not is_silent(chapter):
        return f"The organizers of {chapter.name} are there: write to them."
    if open_takeover(chapter) is not None:
        return "A member has asked already; that is decided first."
    return ""


def audit_trail(chapter: Chapter) -> QuerySet[AuditEntry]:
    """What was done in `chapter`, the latest first."""
    return AuditEntry.objects.filter(chapter=chapter).select_related("actor")
