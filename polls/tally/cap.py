"""The affiliation cap: how many directors one company may have, those who sit already included.

The rule is that of the OpenStack Foundation's first election of individual directors, in 2012: at
most two directors of one company, of whatever class; where an election would bring in more, the
next highest candidate whom the cap lets in takes the seat.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from polls.tally.lots import Step
from polls.wording import look_of

NO_COMPANY = frozenset({"", "none", "independent", "none/independent", "unaffiliated"})


def affiliation_key(text: str) -> str:
    """What two ways of writing one company have in common: their look, whatever the capitals.

    What is not drawn makes no other company. Empty for those of no company; the cap never touches
    them.
    """
    key = look_of(text)
    return "" if key in NO_COMPANY else key


class Directors:
    """Who sits for which company while seats are given.

    `candidates` and `cap` are as the rules of an election tell them; without a cap no company is
    ever full.
    """

    def __init__(
        self, candidates: Iterable[Mapping[str, Any]], cap: Mapping[str, Any] | None
    ) -> None:
        self.names = {one["id"]: one["name"] for one in candidates}
        self.companies = {one["id"]: " ".join(one["affiliation"].split()) for one in candidates}
        self.most: int | None = cap["max"] if cap else None
        self._holders: dict[str, list[str]] = {}
        self._written: dict[str, str] = {}
        for sitting in cap["sitting"] if cap else []:
            key = affiliation_key(sitting["affiliation"])
            self._written.setdefault(key, " ".join(sitting["affiliation"].split()))
            self._holders.setdefault(key, []).append(sitting["name"])

    def key(self, candidate: int) -> str:
        """The candidate's company as the cap compares it; empty for none."""
        return affiliation_key(self.companies[candidate])

    def room(self, candidate: int) -> int | None:
        """How many more directors the candidate's company may have; None is no limit."""
        key = self.key(candidate)
        if self.most is None or not key:
            return None
        return max(0, self.most - len(self._holders.get(key, [])))

    def is_full(self, candidate: int) -> bool:
        """Whether the cap keeps the candidate out by now."""
        return self.room(candidate) == 0

    def seat(self, candidate: int) -> None:
        """The candidate is a director from now on."""
        self._holders.setdefault(self.key(candidate), []).append(self.names[candidate])

    def fillable(self, candidates: Iterable[int]) -> int:
        """How many of these could be seated at most, the cap being kept."""
        free = 0
        wanting: dict[str, int] = {}
        rooms: dict[str, int] = {}
        for candidate in candidates:
            room = self.room(candidate)
            if room is None:
                free += 1
            else:
                key = self.key(candidate)
                rooms[key] = room
                wanting[key] = wanting.get(key, 0) + 1
        return free + sum(min(number, rooms[key]) for key, number in wanting.items())

    def passed_over(self, candidate: int) -> Step:
        """The step that says why the cap keeps the candidate out."""
        holders = self._holders.get(self.key(candidate), [])
        company = self.companies[candidate]
        plural = "director" if len(holders) == 1 else "directors"
        because = f": {', '.join(holders)}" if holders else ""
        reason = f"affiliation cap: {company} has {len(holders)} {plural} already{because}"
        return {
            "code": "passed_over",
            "candidate": candidate,
            "company": company,
            "max": self.most,
            "directors": list(holders),
            "reason": reason,
            "sentence": f"{self.names[candidate]} is passed over; {reason}.",
        }

    def already_over(self) -> list[Step]:
        """A step for each company that has more directors than the cap before anyone is seated."""
        over = {
            key: names
            for key, names in self._holders.items()
            if key and self.most is not None and len(names) > self.most
        }
        return [
            {
                "code": "already_over",
                "company": self._written[key],
                "max": self.most,
                "directors": list(names),
                "sentence": f"{self._written[key]} has {len(names)} directors who sit already, more"
                f" than the cap of {self.most}: {', '.join(names)}. They stay; nobody joins them.",
            }
            for key, names in sorted(over.items())
        ]


@dataclass(frozen=True)
class Seating:
    """Who is seated, in order; why others are not, or whose seat was taken; and every step."""

    seated: list[int]
    reasons: dict[int, str]
    steps: list[Step]


def seat(order: Sequence[int], seats: int, directors: Directors) -> Seating:
    """Give `seats` seats down `order`, passing over those whom the cap keeps out.

    Without the cap the first `seats` of the order would be seated. Each one seated from further
    down takes the seat of one of those, the highest who was passed over first.
    """
    seated: list[int] = []
    reasons: dict[int, str] = {}
    steps = directors.already_over()
    open_seats: list[int] = []  # those of the first `seats` who were passed over
    passed: list[int] = []  # those passed over further down since the last seat was given
    for place, candidate in enumerate(order):
        if len(seated) == seats:
            break
        if directors.is_full(candidate):
            step = directors.passed_over(candidate)
            steps.append(step)
            reasons[candidate] = step["reason"]
            (open_seats if place < seats else passed).append(candidate)
            continue
        directors.seat(candidate)
        seated.append(candidate)
        if place >= seats:
            instead_of = open_seats.pop(0)
            step = _replacement(candidate, instead_of, passed, directors.names)
            steps.append(step)
            reasons[candidate] = step["reason"]
            passed = []
    return Seating(seated, reasons, steps + empty_seats(seats - len(seated)))


def _replacement(
    candidate: int, instead_of: int, passed: list[int], names: Mapping[int, str]
) -> Step:
    reason = f"takes the seat for which {names[instead_of]} was passed over"
    chain = ", ".join(names[one] for one in passed)
    because = f" ({chain} came before, and was passed over too)" if len(passed) == 1 else ""
    if len(passed) > 1:
        because = f" ({chain} came before, and were passed over too)"
    return {
        "code": "replacement",
        "candidate": candidate,
        "instead_of": instead_of,
        "also_passed_over": list(passed),
        "reason": reason,
        "sentence": f"{names[candidate]} {reason}{because}.",
    }


def empty_seats(number: int) -> list[Step]:
    """A step that says how many seats nobody may take; none where all are taken."""
    if number <= 0:
        return []
    stays = "1 seat stays" if number == 1 else f"{number} seats stay"
    return [
        {
            "code": "empty_seats",
            "seats": number,
            "sentence": f"{stays} empty: no candidate is left who may take it."
            if number == 1
            else f"{stays} empty: no candidates are left who may take them.",
        }
    ]
