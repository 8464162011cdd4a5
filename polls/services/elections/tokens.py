"""Personal links of voters: who asks for one, how it is made, and whose it is.

A token is URL-safe base64 of HMAC-SHA-256 (RFC 2104) under a key of its own, made from the site's
secret key, over "entry id : nonce": 43 characters. It is not stored; it is made when its mail is
handed over, and its SHA-256 is noted just before. Made anew from the same nonce it is the same, so
that a mail sent again after an uncertain delivery, and the reminder, hold the same link.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.utils.crypto import salted_hmac

from community.core import clock
from community.core.errors import NotFoundError
from community.models import User
from community.services.audit import record
from community.services.limits import check_limit, limit
from community.services.mail import Addressed, UnwantedError, queue_mails
from polls import states
from polls.exceptions import ElectionClosedError, VoterTokenError
from polls.letters.election_roll import link_word, thread_of
from polls.models import Election, RollEntry
from polls.selectors.elections.roll import GONE, LINK
from polls.services.elections.locks import lock_as_organizer

HOUR = 3600
MOST_FAILURES = 20
NOT_VALID = "This link is not valid for this election, or a newer one was sent."
GUESSED = (
    "Too many links that are not valid were opened from here. Try again in an hour, or sign in "
    "with your address."
)
ASKED = "The link was asked for several times just now. Look into your mail, or wait an hour."


def make_token(entry: int, nonce: uuid.UUID) -> str:
    """The token of roll entry `entry` (its id) for this request of one."""
    mac = salted_hmac("polls.voter_token", f"{entry}:{nonce.hex}", algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def link_secrets(about: dict[str, Any]) -> dict[str, str]:
    """What a letter's link has in place of its word; from here on the token is valid.

    Raises UnwantedError when a newer one was asked for, or voting is over.
    """
    nonce = uuid.UUID(about["nonce"])
    token = make_token(about["entry"], nonce)
    changed = RollEntry.objects.filter(
        pk=about["entry"],
        token_nonce=nonce,
        election__state=states.OPEN,
        election__closes_at__gt=clock.now(),
    ).update(token_hash=_hash(token))
    if changed != 1:
        raise UnwantedError
    return {link_word(nonce): f"/vote/{token}/"}


def addressed(entry: RollEntry, word: str) -> Addressed:
    """A mail to `entry` with its present link; `word` is what they are told once."""
    account, nonce = entry.account, entry.token_nonce
    return Addressed(
        f"election:{entry.election_id}:{word}",
        account if account is not None and account.email.lower() == entry.email else entry.email,
        {
            "election": entry.election_id,
            "entry": entry.pk,
            "nonce": nonce.hex if nonce is not None else "",
        },
    )


@transaction.atomic
def request_tokens(*, election: Election, entries: Iterable[RollEntry]) -> int:
    """Mail each of `entries` a new link; older ones are dead at once. How many.

    A few statements whatever their number. The mails go when the caller's transaction has
    committed; they are written, and sent, only while the election takes ballots.
    """
    listed = RollEntry.objects.filter(election=election, pk__in=[entry.pk for entry in entries])
    wanted = listed.exclude(email__endswith=GONE)
    # The rows are locked from here to the end: the nonces that are read are those written.
    wanted.update(token_nonce=RandomUUID(), token_hash=None)
    mails = [
        addressed(entry, f"token:{entry.pk}:{entry.token_nonce}")
        for entry in wanted.select_related("account")
    ]
    _queue(election, mails)
    return len(mails)


def _queue(election: Election, mails: list[Addressed]) -> None:
    queue_mails(mails, template=LINK, thread=thread_of(election), chapter=election.chapter_id)


def _check_open(election: Election) -> None:
    if not election.takes_ballots:
        raise ElectionClosedError(
            "Links are sent while voting is open, and it is not. Nothing was sent."
        )


@transaction.atomic
def resend_token(*, election: Election, entry: RollEntry, by: User) -> None:
    """Mail `entry` a new link; the one it had is dead.

    Raises ForbiddenError, ElectionClosedError; NotFoundError for one that is not on the roll, or
    has deleted the account.
    """
    election = lock_as_organizer(election, by)
    _check_open(election)
    if not request_tokens(election=election, entries=[entry]):
        raise NotFoundError("This entry is gone from the roll. Nothing was sent.")
    record(
        "sent a new link for", f"election {election.slug}",
        by=by, chapter=election.chapter, entry=entry.pk,
    )  # fmt: skip


@transaction.atomic
def send_own_token(*, election: Election, email: str, address: str) -> None:
    """Mail the link to `email` where that is on the roll; nothing tells whether it is.

    It is the link that was sent before: else anybody who types a voter's address could end the
    voter's link. `address` is the client's. Raises ElectionClosedError; TooManyError beyond three
    in an hour for an e-mail address, sixty from a client.
    """
    _check_open(election)
    email = email.strip().lower()
    limit("own-voter-link", f"{election.pk}:{email}", most=3, seconds=HOUR, sentence=ASKED)
    limit("own-voter-link-from", address, most=60, seconds=HOUR, sentence=ASKED)
    entries = RollEntry.objects.select_for_update(no_key=True, of=("self",))
    entry = entries.select_related("account").filter(election=election, email=email).first()
    if entry is None:
        return
    if entry.token_nonce is None:
        request_tokens(election=election, entries=[entry])
        return
    word = f"token:{entry.pk}:{entry.token_nonce}:{uuid.uuid4().hex}"
    _queue(election, [addressed(entry, word)])


def entry_of_token(*, election: Election, token: str) -> RollEntry:
    """The entry whose link this is. Raises VoterTokenError, in the same words for every reason."""
    entry = RollEntry.objects.filter(election=election, token_hash=_hash(token)).first()
    if entry is None:
        raise VoterTokenError(NOT_VALID)
    return entry


def check_token(*, election: Election, token: str, address: str) -> RollEntry:
    """The same for a client at `address`, of whose failures only 20 an hour are answered.

    Raises VoterTokenError, TooManyError.
    """
    limits: dict[str, Any] = {"most": MOST_FAILURES, "seconds": HOUR, "sentence": GUESSED}
    check_limit("voter-token", address, **limits)
    try:
        return entry_of_token(election=election, token=token)
    except VoterTokenError:
        limit("voter-token", address, **limits)
        raise
