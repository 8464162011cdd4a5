"""Who may vote in an election, each with a reason; fixed when voting opens.

Addresses are written in lower case. All is done under the election's own lock, which the opening
takes too: what is added is on the roll that was announced, or is refused.
"""

import datetime as dt
import hashlib
import zoneinfo
from collections.abc import Sequence

from django.db import transaction

from community.core.errors import InvalidError, NotFoundError
from community.models import Chapter, User
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls.models import Election, RollEntry
from polls.selectors.elections.roll import accounts_by_address, members_by_rule, roll_numbers
from polls.services.elections.locks import check_rules_open, lock_as_organizer
from polls.services.elections.log import note
from polls.services.elections.roll_rows import (
    MOST_ROWS,
    Person,
    RowError,
    clean_people,
    fault_of,
    refuse_rows,
)


class _Desk:
    """Looks at rows one after another: what is on the roll, and what stands in rows before."""

    def __init__(self, election: Election, people: Sequence[Person]) -> None:
        self.election = election
        entries = RollEntry.objects.filter(election=election)
        self.roll = dict(entries.values_list("email", "account"))
        loose = [email for email, account in self.roll.items() if account is None]
        self.accounts = accounts_by_address([*(person.email for person in people), *loose])
        self.holders = {held or self.accounts.get(email) for email, held in self.roll.items()}
        self.rows: dict[str, int] = {}
        self.owners: dict[int, int] = {}

    def fault_of(self, person: Person) -> str:
        """What is wrong with the row; empty for one that can be added."""
        email, account = person.email, self.accounts.get(person.email)
        fault = fault_of(person)
        if fault:
            return fault
        if email in self.rows:
            return f"The address stands in row {self.rows[email]}, too."
        if email in self.roll:
            return "The address is on the roll already."
        if account in self.owners:
            return f"It is the account of row {self.owners[account]}, with another address."
        if account is not None and account in self.holders:
            return "Their account is on the roll already, with another address."
        return ""

    def entry_of(self, person: Person) -> RollEntry:
        """The row as an entry; rows after it are compared with it."""
        account = self.accounts.get(person.email)
        self.rows[person.email] = person.row
        if account is not None:
            self.owners[account] = person.row
        return RollEntry(
            election=self.election,
            account_id=account,
            email=person.email,
            reason=person.reason,
            name=person.name,
        )


def _checked(election: Election, people: Sequence[Person]) -> list[RollEntry]:
    """The entries to be written; raises InvalidError with every row that is wrong."""
    if not people:
        raise InvalidError("There is nobody in this list. Nothing was added.")
    if len(people) > MOST_ROWS:
        raise InvalidError(f"A list has at most {MOST_ROWS} rows. Nothing was added.")
    people = clean_people(people)
    desk = _Desk(election, people)
    errors, entries = [], []
    for person in people:
        fault = desk.fault_of(person)
        if fault:
            errors.append(RowError(person.row, fault))
        else:
            entries.append(desk.entry_of(person))
    refuse_rows(errors)
    return entries


def preview_people(*, election: Election, people: Sequence[Person], by: User) -> list[RollEntry]:
    """What `add_people` would add, not written. Raises what it would."""
    chapter_for(by, election.chapter)
    check_rules_open(election)
    return _checked(election, people)


@transaction.atomic
def add_people(*, election: Election, people: Sequence[Person], by: User) -> int:
    """Put `people` on the roll; all or none. How many.

    An account is found by its address, or by another it has confirmed. Raises ForbiddenError,
    RulesFixedError, InvalidError whose `errors["rows"]` lists `{"row", "error"}`.
    """
    election = lock_as_organizer(election, by)
    check_rules_open(election)
    entries = _checked(election, people)
    RollEntry.objects.bulk_create(entries, batch_size=5000)
    return _note_change(election, by, added=len(entries))


def preview_members(
    *, election: Election, chapter: Chapter, since: dt.date | None, by: User
) -> list[Person]:
    """Whom `add_members` would add, not written. Raises what it would."""
    chapter_for(by, election.chapter)
    check_rules_open(election)
    return _members(election, chapter_for(by, chapter), since)


def _members(election: Election, chapter: Chapter, since: dt.date | None) -> list[Person]:
    """Each with the day they joined, in the chapter's zone."""
    zone = zoneinfo.ZoneInfo(chapter.timezone)
    return [
        Person(
            membership.user.email,
            f"member of {chapter.name} since {membership.since.astimezone(zone):%Y-%m-%d}",
            membership.user.name,
        )
        for membership in members_by_rule(election, chapter, since)
    ]


@transaction.atomic
def add_members(*, election: Election, chapter: Chapter, since: dt.date | None, by: User) -> int:
    """Put the members of `chapter` on the roll who joined on or before `since`; how many.

    Who is on it is left out. Raises ForbiddenError where `by` does not organize both the
    election's chapter and `chapter`; RulesFixedError.
    """
    election = lock_as_organizer(election, by)
    check_rules_open(election)
    people = _members(election, chapter_for(by, chapter), since)
    if people:
        RollEntry.objects.bulk_create(_checked(election, people), batch_size=5000)
    return _note_change(election, by, added=len(people))


@transaction.atomic
def remove_person(*, election: Election, entry: RollEntry, by: User) -> None:
    """Take an entry off the roll. Raises ForbiddenError, RulesFixedError, NotFoundError."""
    election = lock_as_organizer(election, by)
    check_rules_open(election)
    gone, _rows = RollEntry.objects.filter(election=election, pk=entry.pk).delete()
    if not gone:
        raise NotFoundError("This entry is not on the roll.")
    _note_change(election, by, removed=1)


def _note_change(election: Election, by: User, *, added: int = 0, removed: int = 0) -> int:
    """In the audit trail and, once it is announced, in the public log: numbers, no names."""
    if not added and not removed:
        return 0
    size = roll_numbers(election)["size"]
    if election.announced_at is not None:
        note(election, "roll_changed", added=added, removed=removed, size=size)
    record(
        "changed the roll of", f"election {election.slug}",
        by=by, chapter=election.chapter, added=added, removed=removed,
    )  # fmt: skip
    return added + removed


def snapshot(election: Election) -> dict[str, int | str]:
    """`size` of the roll and its `digest`, for the public log; the caller holds the election's row.

    The digest is SHA-256, in hex, over the lines "address, a tab, reason", in UTF-8, sorted by
    address, each ended by a line feed.
    """
    rows = RollEntry.objects.filter(election=election).values_list("email", "reason")
    lines = sorted((email.lower(), reason) for email, reason in rows)
    text = "".join(f"{email}\t{reason}\n" for email, reason in lines)
    return {"size": len(lines), "digest": hashlib.sha256(text.encode()).hexdigest()}
