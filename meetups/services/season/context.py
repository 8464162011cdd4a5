"""What every part of a loading needs to know."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from community.models import Chapter, Season
from meetups.services.season.dates import IsoDate, parse_iso
from meetups.services.season.documents import Documents
from meetups.services.season.shape import path_name
from meetups.services.season.sync import Changes

UNKNOWN_ZONE = "UTC"


@dataclass
class Loading:
    """One loading of one season: its documents, what is inferred of its dates, its rows so far."""

    documents: Documents
    changes: Changes = field(default_factory=Changes)

    @property
    def content(self) -> dict[str, Any]:
        """The season as printed."""
        return self.documents.season.content

    @property
    def inferred(self) -> dict[str, Any]:
        """What is inferred about it."""
        return self.documents.inferred.content

    @property
    def group(self) -> dict[str, Any]:
        """The group itself."""
        group: dict[str, Any] = self.content["group"]
        return group

    @property
    def year(self) -> int | None:
        """The season's year, always inferred; None where nobody inferred one."""
        year: int | None = (self.inferred.get("year") or {}).get("value")
        return year

    def iso_date(self, name: str) -> IsoDate | None:
        """The inferred date of what goes by this name, where it is a date."""
        text = (self.inferred.get("iso_dates") or {}).get(name)
        return parse_iso(text, self.inferred_place("iso_dates", name)) if text else None

    def inferred_place(self, *path: str) -> str:
        """A place among the inferences, for a refusal."""
        return f"{self.documents.inferred.name}: {path_name(path)}"

    def place(self, *path: str | int) -> str:
        """A place in the season, for a refusal."""
        return f"{self.documents.season.name}: {path_name(path)}"

    @property
    def home_zone(self) -> str | None:
        """The zone most inferred dates are in; None where no date says one."""
        dates = [self.iso_date(name) for name in self.inferred.get("iso_dates") or {}]
        zones = Counter(date.zone for date in dates if date and date.zone)
        return zones.most_common(1)[0][0] if zones else None

    def canonical(self, name: str) -> str:
        """The usual spelling of a name as printed."""
        spellings: dict[str, str] = self.inferred.get("canonical_spelling") or {}
        return spellings.get(name, name)

    def spellings(self, canonical: str) -> list[str]:
        """The other ways a name is printed."""
        known = self.inferred.get("canonical_spelling") or {}
        return [printed for printed, usual in known.items() if usual == canonical]


@dataclass(frozen=True)
class Target:
    """The rows everything else hangs on."""

    season: Season
    home: Chapter
    sister: Chapter | None
