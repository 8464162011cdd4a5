"""What rolls of elections hold on a person, and its end.

An account that is deleted leaves the rolls of elections that have not opened. From the opening on
the entry stays, so that the numbers that were announced stay true, but as nobody's: no account, no
name, no link, and in the address's place a word no mail reaches. The right to vote ends with the
account; a ballot that was cast is not tied to it and is counted. The word is made from the address
by a keyed hash, for all alike: who comes back with it and is let in has the same line again, with
their vote or with its being cast, and organizers see no difference between the two.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from community.models import User
from community.services.own_data import replace_text
from community.services.personal import addresses_of
from polls.models import Candidate, Election, Inspector, RollEntry, RollRequest
from polls.selectors.elections.roll import GONE
from polls.services.elections.locks import BEFORE_OPENING


def _entries_of(user: User, addresses: frozenset[str]) -> QuerySet[RollEntry]:
    own = Q(account=user) | Q(account=None, email__in=addresses)
    return RollEntry.objects.filter(own)


def roll_data(user: User) -> list[dict[str, Any]]:
    """The rolls one stands on, with the reason, and whether one has voted."""
    entries = _entries_of(user, addresses_of(user)).order_by("election", "email")
    fields = ("election__slug", "email", "name", "reason", "has_voted")
    return [dict(row) for row in entries.values(*fields)]


def request_data(user: User) -> list[dict[str, Any]]:
    """What one asked for, and what was decided."""
    fields = ("election__slug", "text", "state", "asked_at", "decided_at", "decision_reason")
    return [dict(row) for row in RollRequest.objects.filter(account=user).values(*fields)]


def gone_word(election: int, email: str) -> str:
    """What stands for the address of somebody on a roll who is gone (HMAC-SHA-256)."""
    mac = salted_hmac("polls.erased_voter", f"{election}:{email}", algorithm="sha256")
    return f"gone-{mac.hexdigest()[:32]}{GONE}"


def erase_roll_data(user: User, addresses: frozenset[str]) -> None:
    """Take the person out of rolls and requests; nothing of it frees a second vote."""
    entries = _entries_of(user, addresses)
    _hold_elections(user, entries)
    entries.filter(election__state__in=BEFORE_OPENING).delete()
    for entry in entries.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        _blank(entry)
    requests = RollRequest.objects.filter(account=user)
    requests.filter(state=RollRequest.State.ASKED).delete()
    for word in filter(None, (user.name, *addresses)):
        replace_text(RollEntry.objects.all(), ("reason",), word)
        replace_text(RollRequest.objects.all(), ("text", "decision_reason"), word)
    requests.update(account=None, text="")
    RollRequest.objects.filter(decided_by=user).update(decided_by=None)


def _hold_elections(user: User, entries: QuerySet[RollEntry]) -> None:
    """Lock every election the person has to do with, before anything of it is touched.

    All who change an election take its row first: an opening then has the entry on the roll that
    it announces or does not see it, a ballot that is being cast is in before its line is looked
    at, and neither waits for a line that this holds.
    """
    ids = entries.values("election").union(
        Candidate.objects.filter(account=user).values("election"),
        Inspector.objects.filter(account=user).values("election"),
    )
    held = Election.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    list(held.filter(pk__in=[row["election"] for row in ids]).values_list("pk", flat=True))


def _blank(entry: RollEntry) -> None:
    if not entry.email.endswith(GONE):
        entry.email = gone_word(entry.election_id, entry.email)
    entry.account = entry.token_nonce = entry.token_hash = None
    entry.name = ""
    entry.save(update_fields=["email", "account", "token_nonce", "token_hash", "name"])
