from typing import Any

from community.models import AuditEntry, Chapter, User


def record(
    verb: str, subject: object, *, by: User | None, chapter: Chapter | None = None, **detail: Any
) -> None:
    """Add one line to the audit trail; `detail` must hold no secret."""
    AuditEntry.objects.create(
        verb=verb, subject=str(subject)[:200], actor=by, chapter=chapter, detail=detail
    )
