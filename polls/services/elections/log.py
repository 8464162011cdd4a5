"""An election's public log: a chain in which each line holds the hash of the one before.

`hash` = SHA-256 over the previous hash, a line feed, and the line as JSON (keys sorted, no
spaces; instants in UTC as ISO 8601 with microseconds). The first line's previous hash is 64 zeros.
A log that was rewritten afterwards no longer ends in the hash that readers wrote down.
"""

import datetime as dt
import hashlib
import json
from typing import Any, NamedTuple

from community.core import clock
from polls.models import Election, ElectionEntry

BEGINNING = "0" * 64


class Line(NamedTuple):
    """What is hashed of a line, beside the hash of the one before."""

    election: str
    number: int
    event: str
    at: dt.datetime
    facts: dict[str, Any]

    def hash(self, previous: str) -> str:
        """The line's hash after `previous`, in hex."""
        at = self.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
        told = json.dumps(self._asdict() | {"at": at}, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{previous}\n{told}".encode()).hexdigest()


def note(election: Election, event: str, **facts: Any) -> ElectionEntry:
    """Add a line; the caller holds the election's row, so that numbers and hashes follow.

    `facts` are public for good: numbers, digests and reasons, never who voted.
    """
    last = ElectionEntry.objects.filter(election=election).order_by("number").last()
    line = Line(election.slug, last.number + 1 if last else 1, event, clock.now(), facts)
    previous = last.hash if last else BEGINNING
    return ElectionEntry.objects.create(
        election=election,
        number=line.number,
        event=event,
        at=line.at,
        facts=facts,
        previous_hash=previous,
        hash=line.hash(previous),
    )


def broken_line(election: Election) -> int | None:
    """The number of the first line that does not follow from the one before; None if all do."""
    previous = BEGINNING
    for number, entry in enumerate(ElectionEntry.objects.filter(election=election), start=1):
        line = Line(election.slug, number, entry.event, entry.at, entry.facts)
        if entry.previous_hash != previous or entry.hash != line.hash(previous):
            return number
        previous = entry.hash
    return None
