from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from community.models import ArchiveRecord, Season

# Sections the season's page has a place of its own for.
PLACED = {
    "about",
    "group",
    "people",
    "release_cycle",
    "releases_named",
    "papers",
    "posts",
    "organizations",
    "organization_levels",
    "lab",
}
# Sections the apps above show in the slot "season".
LEFT_TO_PANELS = {
    "meetups",
    "meetings_note",
    "community_events",
    "summit",
    "summit_schedule",
    "session_kinds_at_summit",
    "brainstorm",
    "brainstorm_topics",
    "brainstorm_to_priority",
    "priorities",
    "priorities_items",
    "board_election",
    "board_election_candidates",
}
FOUNDATION = "foundation_"


class Section(NamedTuple):
    name: str
    records: list[ArchiveRecord]


@dataclass(frozen=True)
class SeasonRecords:
    """A season's records: as printed by section, what is left of them, and what is inferred."""

    printed: dict[str, list[ArchiveRecord]]
    others: list[Section]
    inferred: list[Section]
    about: list[ArchiveRecord]


def records_by_section(season: Season, *, inferred: bool) -> dict[str, list[ArchiveRecord]]:
    """The printed or the inferred records, in the source's order."""
    sections: dict[str, list[ArchiveRecord]] = defaultdict(list)
    for record in season.records.filter(is_inferred=inferred).order_by("source", "position"):
        sections[record.section].append(record)
    return dict(sections)


def season_records(season: Season) -> SeasonRecords:
    """Everything recorded of a season, sorted for its page."""
    printed = records_by_section(season, inferred=False)
    inferred = records_by_section(season, inferred=True)
    abouts = [
        record
        for name, records in [*printed.items(), *inferred.items()]
        if name in ("about", f"{FOUNDATION}about")
        for record in records
    ]
    return SeasonRecords(
        printed=printed,
        others=[
            Section(name, records)
            for name, records in printed.items()
            if name not in PLACED | LEFT_TO_PANELS and not name.startswith(FOUNDATION)
        ],
        inferred=[
            Section(name, records)
            for name, records in inferred.items()
            if name not in LEFT_TO_PANELS | {"about"}
        ],
        about=abouts,
    )
