"""Adding to a deployment's record, and waking its readers.

The rule that keeps `seq` gapless and deadlocks away: a transaction that writes about a
deployment locks the deployment's row first, before any step, command or work row.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from community.core import clock, groups
from community.core.wake import wake_readers
from deploylab.models import Deployment, DeploymentStep, Event

Level, Kind = Event.Level, Event.Kind
LONGEST_LINE = 4000


@dataclass(frozen=True)
class Line:
    """One event to be: its text, and what it is about."""

    text: str
    kind: str = Kind.NOTE
    level: str = Level.INFO
    node: str = ""
    step: str = ""


def lock_deployment(deployment_id: uuid.UUID | str) -> Deployment:
    """The deployment with its row locked until the transaction ends."""
    return Deployment.objects.select_for_update(no_key=True).get(pk=deployment_id)


def append_events(deployment_id: uuid.UUID | str, lines: Sequence[Line]) -> int:
    """Add `lines` to the record in the running transaction; returns the new last number.

    The numbers are taken by one UPDATE, so they are gapless and in the order of commits.
    """
    if not lines:
        return Deployment.objects.values_list("last_seq", flat=True).get(pk=deployment_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE deploylab_deployment SET last_seq = last_seq + %s WHERE id = %s"
            " RETURNING last_seq",
            [len(lines), deployment_id],
        )
        (last,) = cursor.fetchone()
    now = clock.now()
    first = last - len(lines) + 1
    Event.objects.bulk_create(
        Event(
            deployment_id=deployment_id,
            seq=first + index,
            at=now,
            node=line.node,
            step=line.step,
            level=line.level,
            kind=line.kind,
            # NUL is the one character PostgreSQL's text cannot hold.
            text=line.text[:LONGEST_LINE].replace("\x00", "\ufffd"),
        )
        for index, line in enumerate(lines)
    )
    wake(deployment_id, last)
    return int(last)


def wake(deployment_id: uuid.UUID | str, last_seq: int) -> None:
    """Tell a deployment's readers after the commit that there is something to read."""
    wake_readers(groups.deployment(deployment_id), last_seq)


def step_line(step: DeploymentStep, text: str, level: str = Level.INFO) -> Line:
    """A line about `step`."""
    return Line(text, kind=Kind.STEP, level=level, node=step.node.name, step=step.name)
