"""Takeover of a chapter whose organizers have all been silent.

A member asks; all organizers are told; one objection ends it. Otherwise the asker leads the
chapter once the notice is over.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from community.core import clock
from community.core.errors import ForbiddenError, InvalidError
from community.exceptions import TakeoverError
from community.models import Chapter, Membership, Takeover, User
from community.selectors.chapters import organizers_of, takeover_refusal
from community.services.audit import record
from community.services.chapters import check_runs, lock_chapter, raise_organizer
from community.services.mail import Letter, queue_mail

State = Takeover.State
TEMPLATES = ("asked", "objected", "done")


@transaction.atomic
def ask_takeover(*, chapter: Chapter, reason: str, by: User) -> Takeover:
    """Ask to lead a silent `chapter`; everyone concerned gets a mail.

    Raises InvalidError without a reason, TakeoverError with the reason why not now.
    """
    if not reason.strip():
        raise InvalidError("Say why you would lead the group.", errors={"reason": ["missing"]})
    chapter = lock_chapter(chapter)
    refusal = takeover_refusal(chapter, by)
    if refusal:
        raise TakeoverError(refusal)
    ripens_at = clock.now() + dt.timedelta(days=settings.TAKEOVER_NOTICE_DAYS)
    takeover = Takeover(chapter=chapter, by=by, reason=reason.strip(), ripens_at=ripens_at)
    try:
        with transaction.atomic():
            takeover.save()
    except IntegrityError as error:
        if "one_open_takeover_a_chapter" not in str(error):
            raise
        raise TakeoverError("A member has asked already; that is decided first.") from None
    record("asked to lead", f"chapter {chapter.slug}", by=by, chapter=chapter)
    _tell_all(takeover, "asked")
    return takeover


def _tell_all(takeover: Takeover, what: str) -> None:
    """One mail for each person and step of a takeover: to its asker and to every organizer."""
    for user in {takeover.by, *organizers_of(takeover.chapter)}:
        queue_mail(
            key=f"takeover:{takeover.pk}:{what}:{user.pk}",
            to=user,
            template=f"community/takeover_{what}",
            about={"takeover": takeover.pk, "is_asker": user == takeover.by},
            chapter=takeover.chapter_id,
        )


def takeover_letter(about: dict[str, Any]) -> Letter:
    """To the asker and to the organizers: how a takeover stands."""
    takeover = Takeover.objects.select_related("chapter", "by").get(pk=about["takeover"])
    return Letter({"takeover": takeover, "is_asker": about["is_asker"]})


def _lock_open(takeover: Takeover) -> Takeover:
    locked = (
        Takeover.objects.select_for_update(of=("self",))
        .select_related("chapter", "by")
        .get(pk=takeover.pk)
    )
    if locked.state != State.ASKED:
        raise TakeoverError("This was decided meanwhile. Nothing was changed.")
    return locked


def _close(takeover: Takeover, state: str, by: User | None) -> None:
    takeover.state, takeover.decided_at, takeover.decided_by = state, clock.now(), by
    takeover.save(update_fields=["state", "decided_at", "decided_by"])
    subject = f"takeover of {takeover.chapter.slug}"
    record(state, subject, by=by, chapter=takeover.chapter)


@transaction.atomic
def object_to_takeover(*, takeover: Takeover, by: User) -> Takeover:
    """An organizer is there after all. Raises ForbiddenError, TakeoverError."""
    check_runs(takeover.chapter, by)
    takeover = _lock_open(takeover)
    _close(takeover, State.OBJECTED, by)
    _tell_all(takeover, "objected")
    return takeover


@transaction.atomic
def withdraw_takeover(*, takeover: Takeover, by: User) -> Takeover:
    """The asker thinks better of it. Raises ForbiddenError, TakeoverError."""
    if takeover.by_id != by.pk:
        raise ForbiddenError("Somebody else asked.")
    takeover = _lock_open(takeover)
    _close(takeover, State.WITHDRAWN, by)
    return takeover


def ripen_takeovers() -> int:
    """Let every takeover whose notice is over take effect; returns how many did."""
    due = Takeover.objects.filter(state=State.ASKED, ripens_at__lte=clock.now())
    return sum(ripen_takeover(pk) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def ripen_takeover(takeover_id: int) -> bool:
    """Make the asker organizer if it is time and nobody objected; whether this call did.

    The row lock makes it happen once, however many workers try. Who is no longer a member, or
    may no longer sign in, does not come to lead.
    """
    takeover = (
        Takeover.objects.select_for_update(of=("self",))
        .select_related("chapter", "by")
        .get(pk=takeover_id)
    )
    if takeover.state != State.ASKED or takeover.ripens_at > clock.now():
        return False
    membership = (
        Membership.objects.filter(chapter=takeover.chapter, user=takeover.by, user__is_active=True)
        .select_related("user")
        .first()
    )
    if membership is None:
        _close(takeover, State.WITHDRAWN, None)
        return False
    raise_organizer(membership)
    _close(takeover, State.DONE, None)
    _tell_all(takeover, "done")
    return True
