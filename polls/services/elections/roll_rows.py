"""Rows of people for a roll, as they are sent or read from a file, and what is wrong in them."""

import csv
import io
from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from community.core.errors import InvalidError
from polls.wording import look_of, one_line

HEADER = "email, reason, name"
MOST_ROWS = 20_000
MOST_ERRORS = 200
LONGEST_EMAIL, LONGEST_REASON, LONGEST_NAME = 254, 200, 150


class Person(NamedTuple):
    """Somebody for the roll; `row` is where they stand in a file, 0: where in the list."""

    email: str
    reason: str
    name: str = ""
    row: int = 0


class RowError(NamedTuple):
    """What is wrong with a row."""

    row: int
    error: str


def refuse_rows(errors: list[RowError]) -> None:
    """Raise InvalidError where there are `errors`, with the rows they stand in."""
    if not errors:
        return
    told = [error._asdict() for error in sorted(errors)[:MOST_ERRORS]]
    count = len({error.row for error in errors})
    rows = "1 row" if count == 1 else f"{count} rows"
    raise InvalidError(f"{rows} cannot be added. Nothing was added.", errors={"rows": told})


def read_roll_csv(text: str | bytes) -> list[Person]:
    """The people in a CSV with the columns email, reason and, if wanted, name, in any order.

    Cells are set apart by commas or semicolons; the text is UTF-8, with or without a byte order
    mark. Raises InvalidError, with the lines it is about.
    """
    lines = list(io.StringIO(_decoded(text), newline=""))
    if not lines or not lines[0].strip():
        raise InvalidError("The list is empty. Its first line names the columns: email, reason.")
    delimiter = ";" if lines[0].count(";") > lines[0].count(",") else ","
    rows, errors = _cells(lines, delimiter)
    header = [name.strip().lower() for name in rows[0][1]] if rows else []
    _check_header(header)
    people = []
    for row, cells in rows[1:]:
        if len(cells) == len(header):
            named = dict(zip(header, cells, strict=True))
            people.append(Person(named["email"], named["reason"], named.get("name", ""), row))
        else:
            errors.append(RowError(row, f"It has {len(cells)} cells, not {len(header)}."))
    refuse_rows(errors)
    return people


def _cells(lines: list[str], delimiter: str) -> tuple[list[tuple[int, list[str]]], list[RowError]]:
    """The rows that hold anything, with the line each begins in, until one cannot be read."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    found, first = [], 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                found.append((first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        return found, [RowError(first, f"It cannot be read as CSV: {error}.")]
    return found, []


def _decoded(text: str | bytes) -> str:
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = text.count(b"\n", 0, error.start) + 1
        told = [RowError(row, "Its letters are not UTF-8.")._asdict()]
        raise InvalidError(
            f"Line {row} is not in UTF-8. Save the list as CSV in UTF-8. Nothing was added.",
            errors={"rows": told},
        ) from None


def _check_header(header: list[str]) -> None:
    missing = [name for name in ("email", "reason") if header.count(name) != 1]
    if missing:
        raise InvalidError(
            f"The first line must name the column {missing[0]} once. Nothing was added.",
            errors={"rows": [RowError(1, f"No single column is called {missing[0]}.")._asdict()]},
        )


def clean_people(people: Sequence[Person]) -> list[Person]:
    """The same in one form: addresses in lower case, words on one line, each with its row."""
    return [
        Person(
            one_line(person.email).lower(),
            one_line(person.reason),
            one_line(person.name),
            person.row or place,
        )
        for place, person in enumerate(people, start=1)
    ]


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def fault_of(person: Person) -> str:
    """What is wrong with the row by itself; empty for one that is right."""
    email, reason, name, _row = person
    faults = [
        (not email, "The address is missing."),
        (not _is_address(email), f"“{email[:80]}” is no e-mail address."),
        (len(email) > LONGEST_EMAIL, f"The address is longer than {LONGEST_EMAIL} characters."),
        (not look_of(reason), "The reason is missing: why may they vote?"),
        (len(reason) > LONGEST_REASON, f"The reason is longer than {LONGEST_REASON} characters."),
        (len(name) > LONGEST_NAME, f"The name is longer than {LONGEST_NAME} characters."),
    ]
    return next((sentence for is_so, sentence in faults if is_so), "")
