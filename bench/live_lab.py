"""A running deployment to write about, for bench/live.py."""

import uuid
from collections.abc import Sequence

from django.db import transaction

from deploylab.events import Kind, Line, append_events, lock_deployment
from deploylab.models import Deployment
from tests.factories.deploylab import NodeFactory, deploy


def make_deployment() -> tuple[uuid.UUID, int]:
    """A public running deployment and its newest event's number."""
    NodeFactory()
    deployment = deploy()
    Deployment.objects.filter(pk=deployment.pk).update(is_public=True, state="running")
    deployment.refresh_from_db()
    return deployment.pk, deployment.last_seq


def write_events(deployment: uuid.UUID, texts: Sequence[str]) -> None:
    """Add a batch of output, as an agent's call does."""
    with transaction.atomic():
        lock_deployment(deployment)
        lines = [Line(text, kind=Kind.OUTPUT, node="node-1", step="trace-1") for text in texts]
        append_events(deployment, lines)
