"""What the community app holds on a person."""

import json
import re
from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.db.models import Model, Q, QuerySet

from community.core import clock
from community.models import (
    ApiToken,
    AuditEntry,
    IdempotentAnswer,
    Mail,
    MailOptOut,
    Membership,
    Takeover,
    User,
)
from community.services.personal import addresses_of

SOMEONE = "someone"


def account_data(user: User) -> dict[str, Any]:
    """The account, its addresses, memberships, keys and wishes."""
    addresses = EmailAddress.objects.filter(user=user).order_by("-primary", "email")
    memberships = Membership.objects.filter(user=user)
    return {
        **{
            name: getattr(user, name)
            for name in ("email", "name", "uuid", "joined_at", "last_login", "code_of_conduct_at")
        },
        "addresses": list(addresses.values("email", "verified", "primary")),
        "memberships": list(memberships.values("chapter__slug", "role", "is_participant", "since")),
        "api_tokens": list(
            ApiToken.objects.filter(user=user).values(
                "name", "created_at", "last_used_at", "revoked_at"
            )
        ),
        "mails_not_wanted": list(MailOptOut.objects.filter(user=user).values("kind", "since")),
        "takeovers": list(
            Takeover.objects.filter(by=user).values(
                "chapter__slug", "reason", "state", "asked_at", "ripens_at", "decided_at"
            )
        ),
    }


def mail_data(user: User) -> list[dict[str, Any]]:
    """The mails to the person: subjects and how far they got."""
    mails = mails_to_person(user, addresses_of(user))
    fields = ("to", "purpose", "subject", "state", "created_at", "sent_at")
    return [dict(row) for row in mails.order_by("created_at").values(*fields)]


def trail_data(user: User) -> list[dict[str, Any]]:
    """What the person did, as the audit trail has it."""
    entries = AuditEntry.objects.filter(actor=user).order_by("at", "id")
    return [dict(row) for row in entries.values("at", "verb", "subject", "chapter__slug")]


def mails_to_person(user: User, addresses: frozenset[str]) -> QuerySet[Mail]:
    """Mails to the account or to one of its addresses."""
    to = Q(recipient=user)
    for address in addresses:
        to |= Q(to__iexact=address)
    return Mail.objects.filter(to)


def erase_account_data(user: User, addresses: frozenset[str]) -> None:
    """Keys and wishes go; mails lose text and address, the audit trail and the log the name."""
    for model in (ApiToken, IdempotentAnswer, MailOptOut):
        model._default_manager.filter(user=user).delete()  # noqa: SLF001 - Django's own name for it
    _erase_takeovers(user)
    mails = mails_to_person(user, addresses)
    blank_mails(mails)
    mails.update(to=f"deleted-{user.uuid}@deleted.invalid", recipient=None)
    for address in addresses:
        blank_mails(
            Mail.objects.filter(
                Q(subject__icontains=address)
                | Q(text__icontains=address)
                | Q(html__icontains=address)
                | Q(calendar__icontains=address)
                | Q(error__icontains=address)
            )
        )
        replace_text(AuditEntry.objects.all(), ("subject", "detail"), address)
    forget_in_log(user, {user.name, *addresses})


def blank_mails(mails: QuerySet[Mail]) -> None:
    """Leave of mails that they were sent; those that were not are not sent any more."""
    mails.exclude(state=Mail.State.SENT).delete()
    mails.update(about={}, subject="", text="", html="", calendar="", error="")


def _erase_takeovers(user: User) -> None:
    own = Takeover.objects.filter(by=user)
    for takeover in own:
        blank_mails(
            Mail.objects.filter(
                purpose__startswith="community/takeover_", about__takeover=takeover.pk
            )
        )
    own.filter(state=Takeover.State.ASKED).update(
        state=Takeover.State.WITHDRAWN, decided_at=clock.now()
    )
    own.update(reason="")


def replace_text(rows: QuerySet[Any], columns: Iterable[str], needle: str) -> None:
    """Write “someone” for the words `needle` in text and JSON columns, in any case."""
    pattern = re.compile(rf"(?<!\w){re.escape(needle)}(?!\w)", re.IGNORECASE)
    for column in columns:
        for row in rows.filter(**{f"{column}__icontains": needle}):
            setattr(row, column, _replaced(getattr(row, column), pattern))
            row.save(update_fields=[column])


def _replaced(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(SOMEONE, value)
    return json.loads(pattern.sub(SOMEONE, json.dumps(value, ensure_ascii=False)))


def forget_in_log(user: User, words: set[str]) -> None:
    """The admin's log keeps what was done, without the names of rows that name the person."""
    entries = LogEntry.objects.none()
    for word in filter(None, words):
        entries |= LogEntry.objects.filter(
            Q(object_repr__icontains=word) | Q(change_message__icontains=word)
        )
    entries |= _entries_about(user)
    LogEntry.objects.filter(pk__in=entries.values("pk")).update(
        object_repr=SOMEONE, change_message=""
    )


def _entries_about(thing: Model) -> QuerySet[LogEntry]:
    meta = thing._meta  # noqa: SLF001 - Django's documented name for it
    return LogEntry.objects.filter(
        content_type__app_label=meta.app_label,
        content_type__model=meta.model_name,
        object_id=str(thing.pk),
    )
