"""What a deployment's readers are shown, by page, API and socket alike."""

import datetime as dt
import uuid
from statistics import median
from typing import Any, NamedTuple

from deploylab.models import Deployment, DeploymentStep, Event
from deploylab.states import DeploymentState


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
    steps = deployment.steps.all()  # with their nodes, where the caller fetched them
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


LAST_EVENTS = 100
_USUAL_OVER = 9


def latest_events(deployment: Deployment) -> list[dict[str, Any]]:
    """The newest events, the oldest of them first; the page reads the others as needed."""
    rows = Event.objects.filter(deployment=deployment).order_by("-seq").values(*_FIELDS)
    return list(rows[:LAST_EVENTS])[::-1]


def first_error(deployment: Deployment) -> int | None:
    """The number of the first event that tells of an error."""
    errors = Event.objects.filter(deployment=deployment, level=Event.Level.ERROR)
    return errors.order_by("seq").values_list("seq", flat=True).first()


def usual_length(deployment: Deployment) -> float | None:
    """How many seconds the latest successful runs of this blueprint took: their median."""
    runs = (
        Deployment.objects.filter(
            version__blueprint=deployment.version.blueprint_id,
            state=DeploymentState.SUCCESSFUL,
            started_at__isnull=False,
            ended_at__isnull=False,
        )
        .exclude(pk=deployment.pk)
        .order_by("-ended_at")
        .values_list("started_at", "ended_at")[:_USUAL_OVER]
    )
    lengths = [(end - start).total_seconds() for start, end in runs if start and end]
    return median(lengths) if lengths else None


class Cell(NamedTuple):
    """One step on one node, as the matrix shows it."""

    state: str
    word: str
    attempt: int
    length: dt.timedelta | None


class Row(NamedTuple):
    name: str
    cells: list[Cell | None]


class Matrix(NamedTuple):
    """Steps by nodes."""

    nodes: list[str]
    rows: list[Row]


def matrix_of(steps: list[DeploymentStep]) -> Matrix:
    """The steps, which come in the blueprint's order, against the nodes by name."""
    nodes = sorted({step.node.name for step in steps}, key=lambda name: (len(name), name))
    cells = {(step.name, step.node.name): _cell(step) for step in steps}
    names = dict.fromkeys(step.name for step in steps)
    rows = [Row(name, [cells.get((name, node)) for node in nodes]) for name in names]
    return Matrix(nodes, rows)


def _cell(step: DeploymentStep) -> Cell:
    length = step.ended_at - step.started_at if step.started_at and step.ended_at else None
    return Cell(step.state, step.get_state_display(), step.attempt, length)
