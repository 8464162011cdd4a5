"""A brainstorm's stream: what readers get, encoded once a process."""

from typing import Any

from community.core import groups
from community.core.realtime import Frame
from community.core.threads import in_thread
from community.live import Readable, encode
from polls.models import Brainstorm
from polls.selectors.idea_events import brainstorm_facts, idea_events_after, typist_facts

BATCH = 200


class BrainstormSource(Readable):
    """Reads one brainstorm for a topic."""

    def __init__(self, brainstorm_id: int) -> None:
        self.brainstorm_id = brainstorm_id
        self.group = groups.brainstorm(brainstorm_id)
        self._told: dict[str, Any] | None = None

    def is_seen_by(self, user: Any) -> bool:
        return Brainstorm.objects.visible_to(user).filter(pk=self.brainstorm_id).exists()

    def _typist(self, user: Any) -> dict[str, Any] | None:
        brainstorm = Brainstorm.objects.select_related("chapter").get(pk=self.brainstorm_id)
        return typist_facts(brainstorm, user)

    async def typist(self, user: Any) -> dict[str, Any] | None:
        """`user` as the others see them typing; None where they may not write."""
        return await in_thread(self._typist, user)

    async def snapshot(self) -> Frame:
        """How far it is, and its rules.

        The words come with the events, read at that moment: a topic keeps its snapshot for a
        while, and a card may be taken away in it.
        """
        facts = await in_thread(brainstorm_facts, self.brainstorm_id)
        return Frame(encode({"type": "snapshot", "brainstorm": facts}), last=facts["last_seq"])

    async def events(self, after: int) -> Frame | None:
        events = await in_thread(idea_events_after, self.brainstorm_id, after, BATCH)
        if not events:
            return None
        return Frame(
            encode({"type": "events", "events": events}),
            first=events[0]["seq"],
            last=events[-1]["seq"],
            has_more=len(events) == BATCH,
            is_lasting=False,  # each comes with its card as it is now
        )

    async def news(self) -> Frame | None:
        facts = await in_thread(brainstorm_facts, self.brainstorm_id)
        del facts["last_seq"]
        if facts == self._told:
            return None
        self._told = facts
        return Frame(encode({"type": "state", "brainstorm": facts}))


def brainstorm_source(slug: str) -> BrainstormSource | None:
    """The source for the brainstorm of that address, whoever may see it."""
    found = Brainstorm.objects.filter(slug=slug).values_list("pk", flat=True).first()
    return None if found is None else BrainstormSource(found)
