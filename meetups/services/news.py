"""Who is told what of a meetup: announcements, changes, reminders. Each is told each thing once."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Q

from community.core import clock
from community.models import Mail, User
from community.services.mail import Addressed, queue_mails
from meetups.letters.meetup import (
    ANNOUNCED,
    CANCELLED,
    CHANGED,
    POSTPONED,
    REMINDER,
    STILL_COMING,
    thread_of,
)
from meetups.models import Meetup, Rsvp

Status = Rsvp.Status
STILL_COMING_BEFORE = dt.timedelta(hours=24)
REMINDER_BEFORE = dt.timedelta(hours=72)


def announce_meetup(meetup: Meetup, *, by: User) -> None:
    """Tell the chapter's members of a meetup that takes answers; not the one who published it."""
    if not meetup.takes_rsvps or meetup.is_demo:
        return
    members = User.objects.filter(memberships__chapter=meetup.chapter_id, is_active=True)
    queue_mails(
        [
            Addressed(f"announce:{meetup.pk}:{user.pk}", user, {"meetup": meetup.pk})
            for user in members.exclude(pk=by.pk)
        ],
        template=ANNOUNCED,
        thread=thread_of(meetup),
        chapter=meetup.chapter_id,
    )


def _news_of(meetup: Meetup) -> str:
    if meetup.is_cancelled:
        return CANCELLED
    return POSTPONED if meetup.is_postponed else CHANGED


def tell_the_answered(meetup: Meetup, *, changed: Iterable[str]) -> None:
    """Tell everyone who is going, offered a place or waiting what became of `meetup`.

    The meetup's `sequence` is part of the key: one letter for one change. The caller holds the
    meetup's lock, so that nobody's answer falls between.
    """
    answered = Rsvp.objects.filter(
        meetup=meetup, status__in=[Status.GOING, Status.OFFERED, Status.WAITLISTED]
    ).select_related("user")
    changes = sorted(changed)
    queue_mails(
        [
            Addressed(
                f"news:{meetup.pk}:{meetup.sequence}:{rsvp.user_id}",
                rsvp.user,
                {"rsvp": rsvp.pk, "changes": changes},
            )
            for rsvp in answered
        ],
        template=_news_of(meetup),
        thread=thread_of(meetup),
        chapter=meetup.chapter_id,
    )


def _remind(template: str, meetup: Meetup, rsvps: Iterable[Rsvp]) -> int:
    """Queue a reminder for those of `rsvps` who have not had it for this date."""
    start = meetup.starts_at.isoformat() if meetup.starts_at else ""
    keys = {f"{template}:{rsvp.pk}:{start}": rsvp for rsvp in rsvps}
    for key in Mail.objects.filter(key__in=keys).values_list("key", flat=True):
        del keys[key]
    queue_mails(
        [
            Addressed(key, rsvp.user, {"rsvp": rsvp.pk, "starts_at": start})
            for key, rsvp in keys.items()
        ],
        template=template,
        thread=thread_of(meetup),
        chapter=meetup.chapter_id,
    )
    return len(keys)


def queue_reminders() -> int:
    """Queue what is due now: a reminder three days before, “still coming?” a day before.

    Who answered only since then is not asked what they have just said. Returns how many are new.
    """
    now = clock.now()
    coming = Meetup.objects.filter(
        is_published=True,
        is_cancelled=False,
        is_postponed=False,
        starts_at__gt=now,
        starts_at__lte=now + REMINDER_BEFORE,
    )
    count = 0
    for meetup in coming:
        is_close = meetup.starts_at is not None and meetup.starts_at - now <= STILL_COMING_BEFORE
        template, before = (
            (STILL_COMING, STILL_COMING_BEFORE) if is_close else (REMINDER, REMINDER_BEFORE)
        )
        going = Rsvp.objects.filter(
            Q(changed_at__lt=F("meetup__starts_at") - before),
            meetup=meetup,
            status=Status.GOING,
            reconfirmed_at=None,
        ).select_related("user")
        count += _remind(template, meetup, going)
    return count
