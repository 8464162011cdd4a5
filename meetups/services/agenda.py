"""The agenda: what is on, and how the topics went from plan to meeting."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.audit import record
from meetups.models import Meetup, Topic
from meetups.selectors.paper import agenda_facts
from meetups.services.chapters import chapter_for
from meetups.services.parts import check_not_recorded, check_version, replace_parts
from meetups.services.places import lock_meetup

Stage = Topic.Stage


@transaction.atomic
def save_agenda(
    *,
    meetup: Meetup,
    sessions: Sequence[dict[str, Any]],
    topics: Sequence[dict[str, Any]],
    by: User,
    version: str | None = None,
) -> Meetup:
    """Write sessions and topics of `meetup` whole, each in the order given.

    `version` is what `agenda_facts` said when they were read; without it the last one wins.

    Raises ChangedMeanwhileError, RecordedError, InvalidError.
    """
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    check_version(version, agenda_facts(meetup, by)["version"])
    for session in sessions:
        _check_times(meetup, session)
    for topic in topics:
        _check_move(meetup, topic.get("moved_to"))
    for rows, wanted in ((meetup.sessions, sessions), (meetup.topics, topics)):
        placed = [row | {"position": place} for place, row in enumerate(wanted)]
        replace_parts(meetup=meetup, rows=rows.all(), wanted=placed)
    record("changed", f"agenda of {meetup.slug}", by=by, chapter=meetup.chapter)
    return meetup


@transaction.atomic
def announce_planned(*, meetup: Meetup, by: User) -> int:
    """Carry over what is planned to what is announced; how many topics were added.

    Topics that moved to another meetup stay behind. Raises ConflictError where nothing is planned,
    RecordedError.
    """
    return _carry(meetup, Stage.PLANNED, Stage.ANNOUNCED, by)


@transaction.atomic
def hold_as_announced(*, meetup: Meetup, by: User) -> int:
    """Note as held what was announced; how many topics were added.

    Topics that moved to another meetup stay behind. Raises ConflictError where nothing is
    announced, RecordedError.
    """
    return _carry(meetup, Stage.ANNOUNCED, Stage.HELD, by)


@transaction.atomic
def plan_topic(*, meetup: Meetup, text: str, by: User) -> Topic:
    """Add one topic to what is planned for a meetup that is to come; one that is there is given.

    Raises ForbiddenError, RecordedError, and ConflictError where the meetup is over or cancelled.
    """
    chapter_for(by, meetup.chapter)
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    if meetup.is_over or meetup.is_cancelled:
        raise ConflictError(
            f"“{meetup.title}” is over or cancelled; nothing is planned for it any more.",
            code="wrong_state",
        )
    planned = meetup.topics.filter(stage=Stage.PLANNED)
    known = planned.filter(text=text).first()
    if known is not None:
        return known
    last = planned.aggregate(last=Max("position"))["last"]
    place = 0 if last is None else last + 1
    topic = Topic.objects.create(meetup=meetup, stage=Stage.PLANNED, text=text, position=place)
    record("changed", f"topics of {meetup.slug}", by=by, chapter=meetup.chapter, planned=text)
    return topic


def _carry(meetup: Meetup, before: str, after: str, by: User) -> int:
    meetup = lock_meetup(meetup.pk)
    check_not_recorded(meetup)
    given = meetup.topics.filter(stage=before, moved_to=None)
    if not given:
        raise ConflictError(f"No topic is {Stage(before).label} yet.", code="no_topics")
    there = meetup.topics.filter(stage=after)
    known = set(there.values_list("text", flat=True))
    first = (there.aggregate(last=Max("position"))["last"] or 0) + 1
    new = [topic.text for topic in given if topic.text not in known]
    Topic.objects.bulk_create(
        Topic(meetup=meetup, stage=after, text=text, position=place)
        for place, text in enumerate(new, start=first)
    )
    record("changed", f"topics of {meetup.slug}", by=by, chapter=meetup.chapter, stage=after)
    return len(new)


def _check_times(meetup: Meetup, session: dict[str, Any]) -> None:
    """A session ends after it starts, and starts on a day of the meetup."""
    start, end = session.get("starts_at"), session.get("ends_at")
    if start and meetup.starts_at and not meetup.is_postponed:
        first, last = (
            at.astimezone(meetup.zone).date()
            for at in (meetup.starts_at, meetup.ends_at or meetup.starts_at)
        )
        if not first <= start.astimezone(meetup.zone).date() <= last:
            raise InvalidError(
                f"“{session['title']}” starts on another day than the meetup, "
                f"which is on {meetup.date_label}. Nothing was saved.",
                errors={"starts_at": ["another day"]},
            )
    if start and end and end <= start:
        raise InvalidError(
            f"“{session['title']}” must end after it starts.", errors={"ends_at": ["too early"]}
        )


def _check_move(meetup: Meetup, target: Meetup | None) -> None:
    if target is not None and (target.pk == meetup.pk or target.chapter_id != meetup.chapter_id):
        raise InvalidError(
            "A topic moves to another meetup of the same group.", errors={"moved_to": ["not one"]}
        )
