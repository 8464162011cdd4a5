"""A voter's receipt: enough to find one's ballot in the published list, and no more.

A receipt covers the election, the ballot's random id and the choices. The employer, where an
election asks for it, is not covered: rare employers are put together when the ballots are sealed,
and the receipts must stay what they were. SHA-256 is FIPS 180-4, base32 RFC 4648.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from polls.tally.choices import canonical_choices

BYTES = 20  # of the hash: 32 characters of base32 without padding, 160 bits


def receipt_of(election: str, ballot_id: str, choices: Mapping[str, Any]) -> str:
    """The receipt, 32 characters of a-z and 2-7.

    It is the first 20 bytes of SHA-256 over the election's slug, the ballot's id and the canonical
    choices, with a line feed between them, in lower-case base32.
    """
    text = f"{election}\n{ballot_id}\n{canonical_choices(choices)}"
    return base64.b32encode(hashlib.sha256(text.encode()).digest()[:BYTES]).decode().lower()


def ballots_digest(ballots: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256, in hex, over "id, a space, canonical choices" of each, sorted, with line feeds.

    The ids are random and given out with the ballots alone. So nobody can work out this digest, or
    a hash of a text that holds it, by trying every count there could be.
    """
    lines = sorted(f"{one['id']} {canonical_choices(one['choices'])}\n" for one in ballots)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def receipts_digest(receipts: Iterable[str]) -> str:
    """SHA-256, in hex, over the receipts, sorted, each ended by a line feed."""
    lines = "".join(f"{receipt}\n" for receipt in sorted(receipts))
    return hashlib.sha256(lines.encode()).hexdigest()
