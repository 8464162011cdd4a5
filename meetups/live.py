"""The live notes' source: what readers get, encoded once a process."""

from typing import Any

from community.core import groups
from community.core.realtime import Frame
from community.core.threads import in_thread
from community.live import Readable, encode
from meetups.models import Meetup
from meetups.selectors.notes import last_number, note_events_after, takes_notes

BATCH = 200


class NotesSource(Readable):
    """Reads one meetup's notes for a topic."""

    def __init__(self, meetup_id: int) -> None:
        self.meetup_id = meetup_id
        self.group = groups.meetup_notes(meetup_id)
        self._told: bool | None = None

    def is_seen_by(self, user: Any) -> bool:
        return Meetup.objects.visible_to(user).filter(pk=self.meetup_id).exists()

    def _facts(self) -> tuple[int, bool]:
        last = last_number(self.meetup_id)
        return last, takes_notes(Meetup.objects.get(pk=self.meetup_id))

    async def snapshot(self) -> Frame:
        """How far the notes are.

        Their words come with the events, read at that moment: a topic keeps its snapshot for a
        while, and a note may be hidden in it.
        """
        last, is_open = await in_thread(self._facts)
        return Frame(encode({"type": "snapshot", "last_seq": last, "is_open": is_open}), last=last)

    async def events(self, after: int) -> Frame | None:
        events = await in_thread(note_events_after, self.meetup_id, after, BATCH)
        if not events:
            return None
        return Frame(
            encode({"type": "events", "events": events}),
            first=events[0]["seq"],
            last=events[-1]["seq"],
            has_more=len(events) == BATCH,
            is_lasting=False,  # a note may be hidden meanwhile
        )

    async def news(self) -> Frame | None:
        _, is_open = await in_thread(self._facts)
        if is_open == self._told:
            return None
        self._told = is_open
        return Frame(encode({"type": "state", "is_open": is_open}))


def notes_source(slug: str) -> NotesSource | None:
    """The source for the meetup of that address, whoever may see it."""
    found = Meetup.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return None if found is None else NotesSource(found)
