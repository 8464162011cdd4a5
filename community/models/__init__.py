from community.models.archive import ArchiveRecord, Season
from community.models.audit import AuditEntry, IdempotentAnswer
from community.models.chapter import Chapter, Membership, Takeover
from community.models.organization import Organization
from community.models.outbox import OPTIONAL_KINDS, Mail, MailKind, MailOptOut
from community.models.token import ApiToken
from community.models.user import User

__all__ = [
    "OPTIONAL_KINDS",
    "ApiToken",
    "ArchiveRecord",
    "AuditEntry",
    "Chapter",
    "IdempotentAnswer",
    "Mail",
    "MailKind",
    "MailOptOut",
    "Membership",
    "Organization",
    "Season",
    "Takeover",
    "User",
]
