"""An election's ballots as a file for a spreadsheet, and back again.

One line a ballot, ordered by ballot id, which is random: election, ballot, employer (only where the
election asked), and a column for each candidate, headed by id and name. A cell holds the votes
given, a 1 for an approval, or the place in a ranking, where level candidates share one (1, 2, 2,
3); an empty cell says nothing. Counting what was read back gives the same bytes.

A spreadsheet takes a cell that begins with = + - @, a tab or a carriage return for a formula
(OWASP, CSV injection), so such a text gets an apostrophe in front; one that begins with an
apostrophe gets another, and reading takes one away.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from polls.tally.choices import FIELDS, decimal_text, hundredths, paper_of
from polls.tally.employers import UNDISCLOSED, buckets_of

RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def ballots_csv(rules: Mapping[str, Any], ballots: Sequence[Mapping[str, Any]]) -> str:
    """The file's text, lines ended by a line feed. Raises ValueError for ballots not allowed."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_header(rules))
    for ballot in sorted(ballots, key=lambda one: one["id"]):
        paper_of(rules, ballot["choices"])
        cells = _cells(rules["method"], ballot["choices"])
        employer = [ballot["employer"] or UNDISCLOSED] if rules["asks_employer"] else []
        texts = [rules["election"], ballot["id"], *employer]
        writer.writerow([*map(_safe, texts), *(cells.get(one, "") for one in _ids(rules))])
    return target.getvalue()


def read_ballots_csv(text: str, rules: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ballots of a file that `ballots_csv` made, or that was kept in a spreadsheet since.

    Raises ValueError, with a sentence that names the line, for a file that is not of this election,
    and for every ballot the rules do not allow.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    seen: set[str] = set()
    try:
        _check_header(rules, next(reader, []))
        return [_ballot(rules, row, seen) for row in reader if any(row)]
    except (ValueError, csv.Error) as error:
        raise ValueError(f"Line {max(reader.line_num, 1)}: {error}") from None


def election_in(text: str) -> str | None:
    """The slug of the election whose ballots a file holds; None where it holds none.

    Raises ValueError for a file that is no such sheet.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = [row for _, row in zip(range(2), filter(any, reader), strict=False)]
    except csv.Error as error:
        raise ValueError(f"Line {max(reader.line_num, 1)}: {error}") from None
    if not rows or rows[0][0] != "election":
        raise ValueError("Line 1: the first column of ballots is headed “election”.")
    return _plain(rows[1][0]) if len(rows) > 1 else None


def _ids(rules: Mapping[str, Any]) -> list[int]:
    return sorted(candidate["id"] for candidate in rules["candidates"])


def _header(rules: Mapping[str, Any]) -> list[str]:
    names = {one["id"]: " ".join(one["name"].split()) for one in rules["candidates"]}
    employer = ["employer"] if rules["asks_employer"] else []
    return ["election", "ballot", *employer, *(f"{one} {names[one]}" for one in _ids(rules))]


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text


def _plain(text: str) -> str:
    return text.removeprefix("'")


def _cells(method: str, choices: Mapping[str, Any]) -> dict[int, str]:
    given = choices.get(FIELDS[method], [])
    if method == "cumulative":
        amounts = {int(one): hundredths(votes) for one, votes in dict(given).items()}
        return {one: decimal_text(amount) for one, amount in amounts.items() if amount}
    if method == "approval":
        return dict.fromkeys(given, "1")
    tiers = [tier if isinstance(tier, list | tuple) else [tier] for tier in given]
    placed = enumerate((tier for tier in tiers if tier), start=1)
    return {one: str(place) for place, tier in placed for one in tier}


def _check_header(rules: Mapping[str, Any], row: Sequence[str]) -> None:
    fixed = len(_header(rules)) - len(rules["candidates"])
    ids = [cell.split(" ", 1)[0] for cell in row[fixed:]]
    if list(row[:fixed]) != _header(rules)[:fixed] or ids != [str(one) for one in _ids(rules)]:
        raise ValueError(
            "the columns are not those of this election: "
            f"{', '.join(_header(rules)[:fixed])}, then the candidates by their ids."
        )


def _ballot(rules: Mapping[str, Any], row: Sequence[str], seen: set[str]) -> dict[str, Any]:
    header = _header(rules)
    if len(row) != len(header):
        raise ValueError(f"there are {len(row)} cells, and should be {len(header)}.")
    election, ballot_id, *rest = row
    if _plain(election) != rules["election"]:
        raise ValueError(f"the ballot is of {_plain(election)!r}, not of {rules['election']!r}.")
    if not ballot_id or _plain(ballot_id) in seen:
        raise ValueError("the ballot has no id, or one that was there before.")
    seen.add(_plain(ballot_id))
    employer = _employer(rules, _plain(rest.pop(0))) if rules["asks_employer"] else UNDISCLOSED
    cells = {one: cell.strip() for one, cell in zip(_ids(rules), rest, strict=True)}
    choices = _choices(rules["method"], {one: cell for one, cell in cells.items() if cell})
    paper_of(rules, choices)
    return {"id": _plain(ballot_id), "choices": choices, "employer": employer}


def _employer(rules: Mapping[str, Any], employer: str) -> str:
    if employer not in buckets_of(rules["candidates"]):
        raise ValueError(f"{employer!r} is no candidate's company, “other” or “undisclosed”.")
    return employer


def _choices(method: str, cells: Mapping[int, str]) -> dict[str, Any]:
    field = FIELDS[method]
    if method == "cumulative":
        amounts = {one: hundredths(cell) for one, cell in cells.items()}
        given = {str(one): decimal_text(amount) for one, amount in amounts.items() if amount}
        return {field: given}
    if method == "approval":
        if set(cells.values()) - {"1"}:
            raise ValueError("an approval is a 1, and nothing else.")
        return {field: list(cells)}
    places = _places(cells)
    if method == "schulze":
        return {field: places}
    if any(len(tier) > 1 for tier in places):
        raise ValueError("two candidates have the same place.")
    return {field: [tier[0] for tier in places]}


def _places(cells: Mapping[int, str]) -> list[list[int]]:
    tiers: dict[int, list[int]] = {}
    for one, cell in cells.items():
        if not (cell.isascii() and cell.isdigit()):
            raise ValueError(f"{cell!r} is no place in a ranking.")
        tiers.setdefault(int(cell), []).append(one)
    if sorted(tiers) != list(range(1, len(tiers) + 1)):
        raise ValueError("the places are not 1, 2, 3 and so on without a gap.")
    return [tiers[place] for place in sorted(tiers)]
