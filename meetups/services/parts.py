"""Lists that belong to a meetup and are saved whole: sessions, topics, items, recordings."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from community.core.errors import InvalidError
from meetups.exceptions import ChangedMeanwhileError, RecordedError
from meetups.models import Meetup


def replace_parts(
    *, meetup: Meetup, rows: QuerySet[Any], wanted: Iterable[dict[str, Any]]
) -> list[Any]:
    """Make `rows` of `meetup` what `wanted` says.

    Entries with an id change that row, the others are new, and what is not wanted is deleted.
    Fields that an entry does not name stay. The caller holds the meetup's lock.

    Raises InvalidError.
    """
    present: dict[int, Model] = {row.pk: row for row in rows}
    kept = []
    for entry in wanted:
        fields = dict(entry)
        number = fields.pop("id", None)
        if number is not None and number not in present:
            raise InvalidError("One of the rows is not there any more. Load the page anew.")
        row = present.pop(number) if number is not None else rows.model(meetup=meetup)
        for name, value in fields.items():
            setattr(row, name, value)
        kept.append(row)
    rows.filter(pk__in=present).delete()
    for row in kept:
        _save(row)
    return kept


def _save(row: Any) -> None:
    try:
        row.clean_fields(exclude=["meetup"])
    except ValidationError as error:
        first = next(iter(error.message_dict.items()))
        raise InvalidError(f"{first[0]}: {first[1][0]}", errors=error.message_dict) from None
    row.save()


def check_version(asked: str | None, present: str) -> None:
    """Raise ChangedMeanwhileError where what `asked` was read from has changed since."""
    if asked is not None and asked != present:
        raise ChangedMeanwhileError(
            "Someone else changed this since you opened it. Nothing was saved; load it anew."
        )


def check_not_recorded(meetup: Meetup) -> None:
    """Raise RecordedError for a meeting of the archive."""
    if meetup.season_id is not None:
        raise RecordedError("This meeting is on record as it was reported. It stays as it is.")
