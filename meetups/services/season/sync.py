"""Writing rows so that loading twice changes nothing and a changed file changes just that."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import JSONField, Manager, Model, Value

Row = TypeVar("Row", bound=Model)


class Changes:
    """How many rows a loading wrote or took away."""

    def __init__(self) -> None:
        self.count = 0

    def put(self, rows: "Manager[Row]", match: dict[str, Any], values: dict[str, Any]) -> Row:
        """The row that matches, with these values; made if it is not there."""
        row = rows.filter(**match).first()
        if row is None:
            self.count += 1
            return rows.create(**match, **_storable(rows, values))
        return self.change(row, values)

    def change(self, row: Row, values: dict[str, Any]) -> Row:
        """The row with these values, saved only where one differs."""
        changed = [name for name in values if not _same(getattr(row, name), values[name])]
        for name in changed:
            setattr(row, name, _storable(row, values)[name])
        if changed:
            self.count += 1
            row.save(update_fields=changed)
        return row

    def put_all(
        self, rows: "Manager[Row]", wanted: Sequence[dict[str, Any]], *, key: tuple[str, ...]
    ) -> None:
        """Make `rows` just what is wanted; `key` names the fields that tell rows apart."""
        left = {tuple(getattr(row, name) for name in key): row for row in rows.all()}
        for values in wanted:
            row = left.pop(tuple(values[name] for name in key), None)
            if row is None:
                self.count += 1
                rows.create(**_storable(rows, values))
            else:
                self.change(row, values)
        for row in left.values():
            self.count += 1
            row.delete()


def _same(old: Any, new: Any) -> bool:
    """Equality that tells true from 1 and looks into lists and objects."""
    if isinstance(new, dict | list):
        return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
    return bool(old == new) and isinstance(old, bool) == isinstance(new, bool)


def _storable(owner: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The values with None in a JSON field as JSON's null: known to be unknown, not missing."""
    model = owner.model if isinstance(owner, Manager) else type(owner)
    return {
        name: Value(None, JSONField())
        if value is None and isinstance(model._meta.get_field(name), JSONField)  # noqa: SLF001 - Django's documented model API
        else value
        for name, value in values.items()
    }
