"""Whether somebody is on an election's roll."""

import uuid
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from community.models import User
from polls.models import Election, RollEntry


def own_entries(user: User) -> QuerySet[RollEntry]:
    """`user`'s entries on any roll: by their account, else by a confirmed address of theirs."""
    confirmed = EmailAddress.objects.filter(user=user.pk, verified=True)
    addresses = confirmed.annotate(address=Lower("email")).values("address")
    own = Q(account=user.pk) | Q(account=None) & (
        Q(email=user.email.lower()) | Q(email__in=addresses)
    )
    return RollEntry.objects.filter(own)


def entry_of(election: Election, user: Any) -> RollEntry | None:
    """`user`'s entry on the roll of `election`, where they have one."""
    if not user.is_authenticated:
        return None
    # Their account's own line first, where an address of theirs has another.
    return own_entries(user).filter(election=election).order_by("account", "pk").first()


def session_key(election: Election) -> str:
    """Where a session keeps whose personal link was opened in it."""
    return f"voter:{election.pk}"


def entry_of_link(election: Election, session: Mapping[str, Any]) -> RollEntry | None:
    """The entry whose link was opened in `session`, unless a newer one was sent since."""
    kept = session.get(session_key(election))
    if not kept or not kept["nonce"]:
        return None
    nonce = uuid.UUID(kept["nonce"])
    return RollEntry.objects.filter(pk=kept["entry"], election=election, token_nonce=nonce).first()
