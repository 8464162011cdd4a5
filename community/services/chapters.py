"""Chapters: who belongs, who leads."""

from typing import Any

from django.db import transaction

from community.core.errors import ForbiddenError, InvalidError
from community.exceptions import LastOrganizerError
from community.models import Chapter, Membership, User
from community.selectors.chapters import chapters_run_by, organizers_of
from community.services.accounts import organizers_group
from community.services.audit import record

Role = Membership.Role


def check_runs(chapter: Chapter, by: User) -> None:
    """Raise ForbiddenError unless `by` organizes `chapter`."""
    if not chapters_run_by(by).filter(pk=chapter.pk).exists():
        raise ForbiddenError("You do not organize that chapter.")


def lock_chapter(chapter: Chapter) -> Chapter:
    """The chapter with its row locked: who changes its organizers takes turns."""
    return Chapter.objects.select_for_update(no_key=True).get(pk=chapter.pk)


def join_chapter(*, chapter: Chapter, by: User) -> Membership:
    """A place in the chapter; joining twice changes nothing."""
    membership, is_new = Membership.objects.get_or_create(chapter=chapter, user=by)
    if is_new:
        record("joined", f"chapter {chapter.slug}", by=by, chapter=chapter)
    return membership


@transaction.atomic
def leave_chapter(*, chapter: Chapter, by: User) -> None:
    """Give the place up; the last organizer cannot. Raises LastOrganizerError."""
    chapter = lock_chapter(chapter)
    refuse_last_organizer(chapter, by)
    gone, _ = Membership.objects.filter(chapter=chapter, user=by).delete()
    if gone:
        lower_staff(by)
        record("left", f"chapter {chapter.slug}", by=by, chapter=chapter)


def refuse_last_organizer(chapter: Chapter, user: User) -> None:
    """Raise LastOrganizerError where `user` alone leads `chapter`; the caller holds its lock."""
    organizers = set(organizers_of(chapter).values_list("pk", flat=True))
    if organizers == {user.pk}:
        raise LastOrganizerError(
            f"You are the last organizer of {chapter.name}. Make someone else organizer first."
        )


@transaction.atomic
def add_organizer(*, chapter: Chapter, email: str, by: User) -> User:
    """Make the member with the address `email` co-organizer.

    Raises ForbiddenError, and InvalidError where no member has that address.
    """
    check_runs(chapter, by)
    chapter = lock_chapter(chapter)
    membership = (
        Membership.objects.filter(
            chapter=chapter, user__email__iexact=email.strip(), user__is_active=True
        )
        .select_related("user")
        .first()
    )
    if membership is None:
        raise InvalidError(
            f"No member of {chapter.name} has this address. Ask them to join first.",
            errors={"email": ["no member"]},
        )
    raise_organizer(membership)
    record("made organizer", membership.user.email, by=by, chapter=chapter)
    return membership.user


def raise_organizer(membership: Membership) -> None:
    """The role, and with it the admin's door and the organizers' rights in there."""
    membership.role = Role.ORGANIZER
    membership.save(update_fields=["role"])
    user = membership.user
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    user.groups.add(organizers_group())


def lower_staff(user: User) -> None:
    """Close the admin to who organizes nothing any more."""
    if user.is_superuser or Membership.objects.filter(user=user, role=Role.ORGANIZER).exists():
        return
    user.is_staff = False
    user.save(update_fields=["is_staff"])
    user.groups.remove(organizers_group())


@transaction.atomic
def step_down(*, chapter: Chapter, by: User) -> None:
    """Become a plain member again. Raises LastOrganizerError, ForbiddenError."""
    chapter = lock_chapter(chapter)
    membership = Membership.objects.filter(chapter=chapter, user=by, role=Role.ORGANIZER).first()
    if membership is None:
        raise ForbiddenError("You do not organize that chapter.")
    refuse_last_organizer(chapter, by)
    membership.role = Role.MEMBER
    membership.save(update_fields=["role"])
    lower_staff(by)
    record("stepped down", f"chapter {chapter.slug}", by=by, chapter=chapter)


@transaction.atomic
def change_chapter(*, chapter: Chapter, by: User, **changes: Any) -> Chapter:
    """Change what is said of a chapter: name, city, about. Raises ForbiddenError."""
    check_runs(chapter, by)
    chapter = lock_chapter(chapter)
    for name, value in changes.items():
        setattr(chapter, name, value)
    chapter.save(update_fields=list(changes))
    subject = f"chapter {chapter.slug}"
    record("changed", subject, by=by, chapter=chapter, fields=list(changes))
    return chapter
