"""The deployment stream's source: what readers get, encoded once a process."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from community.core import groups
from community.core.realtime import Frame
from deploylab.models import Deployment
from deploylab.selectors.deployments import deployment_facts, events_after
from deploylab.states import FINAL_DEPLOYMENTS

BATCH = 500
# A few threads for all topics: they read in turn and never wait for a page's thread.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")


def _encode(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


class DeploymentSource:
    """Reads one deployment for a topic."""

    def __init__(self, deployment_id: uuid.UUID) -> None:
        self.deployment_id = deployment_id
        self.group = groups.deployment(deployment_id)
        self._told: Any = None

    async def _in_thread(self, function: Any, *args: Any) -> Any:
        def call() -> Any:
            close_old_connections()
            try:
                return function(*args)
            finally:
                close_old_connections()

        return await sync_to_async(call, thread_sensitive=False, executor=_threads)()

    def _facts(self) -> dict[str, Any]:
        return deployment_facts(
            Deployment.objects.select_related("version__blueprint").get(pk=self.deployment_id)
        )

    async def snapshot(self) -> Frame:
        facts = await self._in_thread(self._facts)
        return Frame(_encode({"type": "snapshot", "deployment": facts}), last=facts["last_seq"])

    async def events(self, after: int) -> Frame | None:
        events = await self._in_thread(events_after, self.deployment_id, after, BATCH)
        if not events:
            return None
        text = _encode({"type": "events", "events": events})
        return Frame(text, first=events[0]["seq"], last=events[-1]["seq"])

    async def news(self) -> Frame | None:
        facts = await self._in_thread(self._facts)
        told = (facts["state"], facts["steps"])
        if told == self._told:
            return None
        self._told = told
        if facts["state"] in FINAL_DEPLOYMENTS:
            return Frame(_encode(_end(facts)), is_end=True)
        return Frame(_encode({"type": "state", "state": facts["state"], "steps": facts["steps"]}))

    async def may_read(self, user: Any) -> bool:
        def ask() -> bool:  # building the query may already ask for the user's chapters
            visible = Deployment.objects.visible_to(user).filter(pk=self.deployment_id)
            return visible.exists()

        return bool(await self._in_thread(ask))


def _end(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "end",
        "state": facts["state"],
        "sentence": facts["sentence"],
        "steps": facts["steps"],
        "last_seq": facts["last_seq"],
    }
