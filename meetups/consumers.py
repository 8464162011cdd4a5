"""The notes' socket: `/ws/v1/meetups/<slug>/notes/?after=<seq>`."""

from community.core.streams import StreamConsumer
from community.core.threads import in_thread
from meetups.live import NotesSource, notes_source


class NotesConsumer(StreamConsumer):
    async def source(self) -> NotesSource | None:
        """The notes of the meetup the address names."""
        return await in_thread(notes_source, self.scope["url_route"]["kwargs"]["slug"])
