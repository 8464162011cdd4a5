from community.models.archive import ArchiveRecord, Season
from community.models.audit import AuditEntry, IdempotentAnswer
from community.models.chapter import Chapter, Membership, Takeover
from community.models.organization import Organization
from community.models.outbox import Mail, MailOptOut
from community.models.token import ApiToken
from community.models.user import User

__all__ = [
    "ApiToken",
    "ArchiveRecord",
    "AuditEntry",
    "Chapter",
    "IdempotentAnswer",
    "Mail",
    "MailOptOut",
    "Membership",
    "Organization",
    "Season",
    "Takeover",
    "User",
]
