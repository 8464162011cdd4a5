"""The deployment stream's source: what readers get, encoded once a process."""

import uuid
from typing import Any

from community.core import groups
from community.core.realtime import Frame
from community.core.threads import in_thread
from community.live import Readable, encode
from deploylab.models import Deployment, Event
from deploylab.selectors.deployments import deployment_facts, events_after
from deploylab.states import FINAL_DEPLOYMENTS

BATCH = 500
_TELLING = frozenset({Event.Kind.STATE.value, Event.Kind.STEP.value})


class DeploymentSource(Readable):
    """Reads one deployment for a topic."""

    def __init__(self, deployment_id: uuid.UUID) -> None:
        self.deployment_id = deployment_id
        self.group = groups.deployment(deployment_id)
        self._told: Any = None

    def _facts(self) -> dict[str, Any]:
        return deployment_facts(
            Deployment.objects.select_related("version__blueprint")
            .prefetch_related("steps__node")
            .get(pk=self.deployment_id)
        )

    async def snapshot(self) -> Frame:
        facts = await in_thread(self._facts)
        return Frame(encode({"type": "snapshot", "deployment": facts}), last=facts["last_seq"])

    async def events(self, after: int) -> Frame | None:
        events = await in_thread(events_after, self.deployment_id, after, BATCH)
        if not events:
            return None
        text = encode({"type": "events", "events": events})
        return Frame(
            text,
            first=events[0]["seq"],
            last=events[-1]["seq"],
            has_more=len(events) == BATCH,
            tells_of_state=any(event["kind"] in _TELLING for event in events),
        )

    async def news(self) -> Frame | None:
        facts = await in_thread(self._facts)
        told = (facts["state"], facts["steps"])
        if told == self._told:
            return None
        self._told = told
        if facts["state"] in FINAL_DEPLOYMENTS:
            return Frame(encode(_end(facts)), is_end=True)
        return Frame(encode({"type": "state", "state": facts["state"], "steps": facts["steps"]}))

    def is_seen_by(self, user: Any) -> bool:
        return Deployment.objects.visible_to(user).filter(pk=self.deployment_id).exists()


def _end(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "end",
        "state": facts["state"],
        "sentence": facts["sentence"],
        "steps": facts["steps"],
        "last_seq": facts["last_seq"],
    }
