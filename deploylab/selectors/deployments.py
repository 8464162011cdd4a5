"""What a deployment's readers are shown, by page, API and socket alike."""

import datetime as dt
import uuid
from typing import Any

from deploylab.models import Deployment, DeploymentStep, Event


def step_facts(step: DeploymentStep) -> dict[str, Any]:
    """A step as programs see it."""
    error = None
    if step.error_code:
        error = {
            "code": step.error_code,
            "sentence": step.error_sentence,
            "next_action": step.error_next_action,
        }
    return {
        "id": step.pk,
        "name": step.name,
        "node": step.node.name,
        "state": step.state,
        "attempt": step.attempt,
        "started_at": _instant(step.started_at),
        "ended_at": _instant(step.ended_at),
        "error": error,
    }


def _instant(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if value else None


def deployment_facts(deployment: Deployment) -> dict[str, Any]:
    """A deployment as programs see it, with its steps."""
    steps = deployment.steps.select_related("node")
    return {
        "id": str(deployment.pk),
        "state": deployment.state,
        "sentence": deployment.sentence,
        "blueprint": deployment.version.blueprint.slug,
        "version": deployment.version.number,
        "reservation": str(deployment.reservation_id),
        "parameters": deployment.parameters,
        "is_public": deployment.is_public,
        "created_at": _instant(deployment.created_at),
        "started_at": _instant(deployment.started_at),
        "ended_at": _instant(deployment.ended_at),
        "last_seq": deployment.last_seq,
        "steps": [step_facts(step) for step in steps],
    }


_FIELDS = ("seq", "at", "node", "step", "level", "kind", "text")


def events_after(deployment_id: uuid.UUID | str, after: int, limit: int) -> list[dict[str, Any]]:
    """At most `limit` events with a number above `after`, in order, as programs see them."""
    rows = (
        Event.objects.filter(deployment_id=deployment_id, seq__gt=after)
        .order_by("seq")
        .values_list(*_FIELDS)[:limit]
    )
    return [{**dict(zip(_FIELDS, row, strict=True)), "at": _instant(row[1])} for row in rows]
