"""A list of attendees from elsewhere: looked through, shown, and then taken whole or not at all.

django-import-export reads the rows and collects what is wrong with each; the looking through is
the import itself, undone. Nobody is mailed about what they answered somewhere else.
"""

import csv
from dataclasses import dataclass
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from import_export import resources
from import_export.results import Result

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.selectors.people import account_of
from community.services.audit import record
from meetups.attendee_rows import Attendee, canonical_headers, read_row
from meetups.models import CheckIn, Meetup, Rsvp
from meetups.services.people import person_with
from meetups.services.places import fill_vacancies, lock_meetup

MOST_ROWS = 2000
MOST_BYTES = 500_000
Status = Rsvp.Status


class ImportRefusedError(InvalidError):
    default_code = "import_refused"


@dataclass(frozen=True)
class Row:
    """One line of the file: what was read, what it does (new, update, skip), what is wrong."""

    number: int
    email: str
    name: str
    guests: str
    status: str
    checked_in: str
    does: str
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """Every line of the file, and whether it can be taken."""

    rows: tuple[Row, ...]

    @property
    def faulty(self) -> int:
        """Lines with something wrong."""
        return sum(bool(row.faults) for row in self.rows)

    def doing(self, what: str) -> int:
        """Lines that are `new`, an `update`, or change nothing (`skip`)."""
        return sum(row.does == what and not row.faults for row in self.rows)


def preview_attendees(*, meetup: Meetup, text: str, by: User) -> Preview:
    """What taking `text` would do; nothing is stored. Raises InvalidError for what is no list."""
    with transaction.atomic():
        preview = _import(lock_meetup(meetup.pk), text, by)
        transaction.set_rollback(True)
    return preview


def import_attendees(*, meetup: Meetup, text: str, by: User) -> Preview:
    """Take the list: accounts, answers, and who came. All of it, or with one bad line nothing.

    Freed places go to the waitlist. Raises InvalidError, ImportRefusedError, ConflictError.
    """
    with transaction.atomic():
        meetup = lock_meetup(meetup.pk)
        if meetup.is_cancelled:
            raise ConflictError(
                f"“{meetup.title}” is cancelled; its list is closed.", code="cancelled"
            )
        preview = _import(meetup, text, by)
        if preview.faulty:
            raise ImportRefusedError(
                f"{preview.faulty} of {len(preview.rows)} lines cannot be taken. Nothing was.",
                rows=[{"number": row.number, "faults": row.faults}
                      for row in preview.rows if row.faults],
            )  # fmt: skip
        fill_vacancies(meetup.pk)
        record(
            "attendees imported",
            f"meetup {meetup.slug}",
            by=by,
            chapter=meetup.chapter,
            lines=len(preview.rows),
        )
    return preview


def _import(meetup: Meetup, text: str, by: User) -> Preview:
    dataset = _read(text)
    result = _Attendees(meetup, by).import_data(dataset, dry_run=False, use_transactions=True)
    faults = _faults(result)
    rows = []
    for number, (row, values) in enumerate(zip(result.rows, dataset.dict, strict=True), 1):
        said = {name: str(values.get(name) or "").strip() for name in _COLUMNS}
        rows.append(Row(number, does=row.import_type, faults=faults.get(number, ()), **said))
    return Preview(tuple(rows))


_COLUMNS = ("email", "name", "guests", "status", "checked_in")


def _read(text: str) -> tablib.Dataset:
    """The file as rows with our column names. Raises InvalidError."""
    text = text.removeprefix("\ufeff").strip()
    if len(text.encode()) > MOST_BYTES:
        raise InvalidError(f"The file is larger than {MOST_BYTES // 1000} kB.", code="too_large")
    if not text:
        raise InvalidError("The file is empty.")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        dataset = tablib.Dataset().load(text, format="csv", delimiter=delimiter)
    except (tablib.core.InvalidDimensions, csv.Error):
        raise InvalidError("Some lines have more or fewer cells than the first one.") from None
    if not dataset.headers or not len(dataset):
        raise InvalidError("The file has no lines below its headline.")
    if len(dataset) > MOST_ROWS:
        raise InvalidError(f"The file has more than {MOST_ROWS} lines.", code="too_large")
    dataset.headers = canonical_headers(dataset.headers)
    if "email" not in dataset.headers:
        raise InvalidError("No column of the file is named for e-mail addresses.")
    return dataset


def _faults(result: Result) -> dict[int, tuple[str, ...]]:
    """What is wrong, by the number of the line."""
    if result.base_errors:
        raise result.base_errors[0].error
    found = {row.number: tuple(row.error.messages) for row in result.invalid_rows}
    for number, errors in result.row_errors():
        unforeseen = [one.error for one in errors if not isinstance(one.error, InvalidError)]
        if unforeseen:
            raise unforeseen[0]
        found[number] = tuple(one.error.sentence for one in errors)
    return found


class _Attendees(resources.ModelResource):  # type: ignore[misc] # the library has no types
    """Lines of a file as answers to one meetup."""

    class Meta:
        model = Rsvp
        fields = ()
        import_id_fields = ()
        skip_diff = True
        report_skipped = True
        use_transactions = True

    def __init__(self, meetup: Meetup, by: User) -> None:
        super().__init__()
        self.meetup, self.by = meetup, by
        self.seen: set[str] = set()
        self.line: Attendee

    def before_import_row(self, row: Any, **kwargs: Any) -> None:  # noqa: ARG002 - the library's
        """Read the line; whoever stands in the file twice is a fault of the second line."""
        self.line = read_row(row)
        if self.line.email in self.seen:
            raise ValidationError("This address stands in the file already.")
        self.seen.add(self.line.email)

    def get_instance(self, instance_loader: Any, row: Any) -> Rsvp | None:  # noqa: ARG002
        """The answer the person gave here already."""
        known = Rsvp.objects.filter(meetup=self.meetup, user=account_of(self.line.email))
        return known.select_related("user").first()

    def init_instance(self, row: Any = None) -> Rsvp:  # noqa: ARG002
        person = person_with(email=self.line.email, name=self.line.name, meetup=self.meetup)
        return Rsvp(meetup=self.meetup, user=person, status=Status.NOT_GOING)

    def skip_row(self, instance: Rsvp, original: Any, row: Any, errors: Any = None) -> bool:  # noqa: ARG002
        """Whether all of it is so already."""
        return bool(instance.pk) and not self._changes(instance) and not self._comes_in(instance)

    def save_instance(self, instance: Rsvp, is_create: bool, row: Any, **kwargs: Any) -> None:  # noqa: ARG002, FBT001
        if is_create or self._changes(instance):
            self._place(instance)
        if self._comes_in(instance):
            CheckIn.objects.create(
                meetup=self.meetup,
                rsvp=instance,
                people=instance.party_size,
                client_id=f"import-{instance.code}",
                came_at=self.meetup.starts_at or clock.now(),
                noted_by=self.by,
            )

    def _changes(self, rsvp: Rsvp) -> bool:
        return (rsvp.status, rsvp.guests) != (self.line.status, self.line.guests)

    def _comes_in(self, rsvp: Rsvp) -> bool:
        return self.line.checked_in and not CheckIn.objects.filter(rsvp=rsvp.pk).exists()

    def _place(self, rsvp: Rsvp) -> None:
        line = self.line
        self._pass_nobody(rsvp, line)
        waits = line.status == Status.WAITLISTED
        rsvp.waitlisted_at = (rsvp.waitlisted_at or clock.now()) if waits else None
        rsvp.status, rsvp.guests, rsvp.offer_expires_at = line.status, line.guests, None
        rsvp.revision += rsvp.pk is not None
        try:
            with transaction.atomic():
                rsvp.save()
        except IntegrityError as error:
            if "within_capacity" not in str(error):
                raise
            raise ValidationError("There is no place left for this party.") from None

    def _pass_nobody(self, rsvp: Rsvp, line: Attendee) -> None:
        """A list brings nobody past a party that waits for a place."""
        had = rsvp.party_size if rsvp.status == Status.GOING else 0
        if line.status != Status.GOING or 1 + line.guests <= had or self.meetup.is_over:
            return
        others = Rsvp.objects.filter(meetup=self.meetup, status=Status.WAITLISTED, mode=rsvp.mode)
        if others.exclude(pk=rsvp.pk).exists():
            raise ValidationError("Others wait for a place, and nobody passes them.")
