"""Live notes. Every change gets the next number of its meetup's stream, without a gap.

The stream's row is what all writers of one meetup queue at: the statement that counts it on holds
it until the commit, so numbers become visible in their order, and what is read after it (how many
notes somebody wrote in the last minute, whether a note is hidden) is not changed by anyone else.
"""

import math

from django.db import connection, transaction
from django.db.models import F

from community.core import clock, groups
from community.core.errors import ConflictError, ForbiddenError, InvalidError, TooManyError
from community.core.wake import wake_readers
from community.models import User
from community.services.audit import record
from meetups.exceptions import NotesClosedError
from meetups.models import Meetup, Note, NoteEvent, NoteStream
from meetups.selectors.notes import LONGEST_NOTE, is_present, is_running

MOST_A_MINUTE = 10
Kind = NoteEvent.Kind


@transaction.atomic
def post_note(*, meetup: Meetup, text: str, by: User) -> Note:
    """A note by somebody present, while the meetup is on and its notes are open.

    Raises NotesClosedError, ForbiddenError, InvalidError, and TooManyError for the eleventh note
    of one person within a minute.
    """
    text = _checked(text)
    if not is_running(meetup):
        raise NotesClosedError("Notes are written from an hour before to three hours after.")
    if not is_present(meetup, by):
        raise ForbiddenError("Only those who are there write notes. Say first that you are going.")
    seq = _next_number(meetup.pk)
    if not NoteStream.objects.get(meetup=meetup).is_open:
        raise NotesClosedError("The organizers have closed the notes.")
    _check_pace(meetup, by)
    note = Note.objects.create(meetup=meetup, author=by, text=text, at=clock.now())
    _tell(note, seq, Kind.ADDED)
    return note


@transaction.atomic
def hide_note(*, note: Note, by: User) -> Note:
    """Take a note out of everyone's sight but the organizers'. Raises ConflictError if it is."""
    seq = _next_number(note.meetup_id)
    note.refresh_from_db()
    if note.hidden_at is not None:
        raise ConflictError("This note is hidden already.", code="wrong_state")
    note.hidden_at, note.hidden_by = clock.now(), by
    return _changed(note, seq, Kind.HIDDEN, by)


@transaction.atomic
def restore_note(*, note: Note, by: User) -> Note:
    """Show a hidden note again. Raises ConflictError where it is not hidden."""
    seq = _next_number(note.meetup_id)
    note.refresh_from_db()
    if note.hidden_at is None:
        raise ConflictError("This note is not hidden.", code="wrong_state")
    note.hidden_at = note.hidden_by = None
    return _changed(note, seq, Kind.RESTORED, by)


@transaction.atomic
def open_notes(*, meetup: Meetup, by: User) -> NoteStream:
    """Let those present write again."""
    return _set_open(meetup, is_open=True, by=by)


@transaction.atomic
def close_notes(*, meetup: Meetup, by: User) -> NoteStream:
    """Take no further notes; what is written stays."""
    return _set_open(meetup, is_open=False, by=by)


def _set_open(meetup: Meetup, *, is_open: bool, by: User) -> NoteStream:
    stream, _ = NoteStream.objects.update_or_create(meetup=meetup, defaults={"is_open": is_open})
    verb = "opened" if is_open else "closed"
    record(verb, f"notes of {meetup.slug}", by=by, chapter=meetup.chapter)
    # No event: readers' topics look at the state with the tick.
    return stream


def _checked(text: str) -> str:
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        raise InvalidError("A note needs words.", errors={"text": ["empty"]})
    if len(text) > LONGEST_NOTE:
        raise InvalidError(
            f"A note has at most {LONGEST_NOTE} characters.", errors={"text": ["too long"]}
        )
    return text


def _next_number(meetup_id: int) -> int:
    """The next number; who has it holds the stream until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO meetups_notestream (meetup_id, last_seq, is_open) VALUES (%s, 1, true)"
            " ON CONFLICT (meetup_id) DO UPDATE"
            " SET last_seq = meetups_notestream.last_seq + 1 RETURNING last_seq",
            [meetup_id],
        )
        (seq,) = cursor.fetchone()
    return int(seq)


def _check_pace(meetup: Meetup, by: User) -> None:
    now = clock.now()
    latest = Note.objects.filter(author=by, meetup=meetup, at__gt=now - clock.seconds(60))
    times = list(latest.order_by("-at").values_list("at", flat=True)[:MOST_A_MINUTE])
    if len(times) == MOST_A_MINUTE:
        wait = math.ceil((times[-1] + clock.seconds(60) - now).total_seconds())
        raise TooManyError(
            f"That is {MOST_A_MINUTE} notes in a minute. Nothing was saved; try again in {wait} s.",
            retry_after=max(wait, 1),
        )


def _changed(note: Note, seq: int, kind: str, by: User) -> Note:
    note.save(update_fields=["hidden_at", "hidden_by"])
    _tell(note, seq, kind)
    meetup = note.meetup
    # A new version of the meetup's page, which shows the notes when it is over.
    Meetup.objects.filter(pk=meetup.pk).update(content_version=F("content_version") + 1)
    record(kind, f"note {note.pk} of {meetup.slug}", by=by, chapter=meetup.chapter)
    return note


def _tell(note: Note, seq: int, kind: str) -> None:
    NoteEvent.objects.create(meetup_id=note.meetup_id, seq=seq, note=note, kind=kind)
    wake_readers(groups.meetup_notes(note.meetup_id), seq)
