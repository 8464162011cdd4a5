from django.db import transaction

from community.core.errors import ForbiddenError
from community.models import User
from community.services.audit import record
from deploylab.models import Node


@transaction.atomic
def set_health(*, node: Node, health: str, by: User, reason: str = "") -> None:
    """Say how `node` is; one that is not good takes no new reservations."""
    if not by.is_superuser and node.chapter_id not in by.organized_chapter_ids:
        raise ForbiddenError(f"You do not organize the lab of {node.name}.")
    Node.objects.filter(pk=node.pk).update(health=health, health_reason=reason)
    record(f"called {health}", node.name, by=by, chapter=node.chapter)
