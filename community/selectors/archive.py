from itertools import groupby
from typing import NamedTuple

from community.models import ArchiveRecord, Season


class Section(NamedTuple):
    name: str
    records: list[ArchiveRecord]


def sections_of(season: Season) -> list[Section]:
    """The season's records by section, in the source's order."""
    records = season.records.order_by("is_inferred", "source", "position")
    ordered = sorted(records, key=lambda record: (record.is_inferred, record.source))
    return [Section(name, list(group)) for name, group in groupby(ordered, lambda r: r.section)]
