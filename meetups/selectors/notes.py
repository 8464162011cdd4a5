"""What is read of a meetup's live notes."""

import datetime as dt
from typing import Any

from community.core import clock
from meetups.models import CheckIn, Meetup, Note, NoteEvent, NoteQuerySet, NoteStream, Rsvp
from meetups.selectors.desk import is_organized_by

LONGEST_NOTE = 500  # characters
OPENS_BEFORE, CLOSES_AFTER = dt.timedelta(hours=1), dt.timedelta(hours=3)


def notes_of(meetup: Meetup, user: Any) -> NoteQuerySet:
    """The notes of `meetup` that `user` may see, in the order they were written."""
    return Note.objects.visible_to(user).filter(meetup=meetup).select_related("author")


def is_running(meetup: Meetup) -> bool:
    """Whether `meetup` is on: from an hour before its start to three hours after its end.

    Where no end is known the start counts as the end.
    """
    if meetup.season_id is not None or meetup.starts_at is None:
        return False
    if not meetup.is_published or meetup.is_cancelled or meetup.is_postponed:
        return False
    end = meetup.ends_at or meetup.starts_at
    return meetup.starts_at - OPENS_BEFORE <= clock.now() < end + CLOSES_AFTER


def takes_notes(meetup: Meetup) -> bool:
    """Whether `meetup` is on and its organizers have not closed its notes."""
    stream = NoteStream.objects.filter(meetup=meetup).first()
    return is_running(meetup) and (stream is None or stream.is_open)


def is_present(meetup: Meetup, user: Any) -> bool:
    """Whether `user` counts as being there: going, checked in, or one of its organizers."""
    if not user.is_authenticated:
        return False
    return (
        Rsvp.objects.filter(meetup=meetup, user=user.pk, status=Rsvp.Status.GOING).exists()
        or CheckIn.objects.filter(meetup=meetup, rsvp__user=user.pk).exists()
        or is_organized_by(meetup, user)
    )


def last_number(meetup_id: int) -> int:
    """The number of the newest event of a meetup's notes; 0 where there is none."""
    streams = NoteStream.objects.filter(meetup=meetup_id)
    return streams.values_list("last_seq", flat=True).first() or 0


def note_events_after(meetup_id: int, after: int, count: int) -> list[dict[str, Any]]:
    """At most `count` events above number `after`, in order.

    A note's words go out with its event only while the note is not hidden: they are read now, not
    when the event was written.
    """
    events = (
        NoteEvent.objects.filter(meetup=meetup_id, seq__gt=after)
        .select_related("note__author")
        .order_by("seq")[:count]
    )
    return [
        {"seq": event.seq, "kind": event.kind, "note": note_facts(event.note)} for event in events
    ]


def note_facts(note: Note) -> dict[str, Any]:
    """A note as everyone may read it; a hidden one has neither text nor author."""
    is_hidden = note.hidden_at is not None
    author = note.author.display_name if note.author else ""
    return {
        "id": note.pk,
        "at": note.at.isoformat().replace("+00:00", "Z"),
        "author": "" if is_hidden else author,
        "text": "" if is_hidden else note.text,
        "is_hidden": is_hidden,
    }
