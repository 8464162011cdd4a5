"""What the polls app shows on pages of lower storeys: what a recorded season argued and voted."""

from typing import Any

from django.http import HttpRequest

from community.core.panels import Panel
from community.models import Season
from community.selectors.archive import FOUNDATION, Section, records_by_section
from meetups.models import Meetup
from meetups.selectors.desk import is_organized_by
from polls.models import Brainstorm, Election, PriorityList
from polls.selectors.brainstorms import meetup_brainstorms, open_brainstorms
from polls.selectors.meetups import BRAINSTORMS, POLLS, voice_of
from polls.selectors.polls import meetup_polls, polls_awaiting
from polls.selectors.results import first_of
from polls.selectors.scorecards import top_rows

MOST_AWAITING = 5
HUES = 8
RESULTS = "result_rows_known"
UNSEATED = "others_not_seated_by_the_cap"
WORKED_OUT = ("derived", "implied")
PLACED = {"about", "rules", RESULTS, UNSEATED, *WORKED_OUT, "sources"}


def season_brainstorm_panel(request: HttpRequest, season: Season) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Season: the brainstorm's topics with their notes, authors, and what became of them."""
    printed = records_by_section(season, inferred=False)
    inferred = records_by_section(season, inferred=True)
    about, topics = printed.get("brainstorm"), printed.get("brainstorm_topics")
    if not about and not topics:
        return None
    priorities = {
        record.content["order"]: record.content for record in printed.get("priorities_items", [])
    }
    became = {record.key: record.content for record in inferred.get("brainstorm_to_priority", [])}
    context = {
        "about": about,
        "topics": _topics([record.content for record in topics or []], became, priorities),
        "page": Brainstorm.objects.filter(season=season).only("slug").first(),
    }
    return Panel("polls/_season_brainstorm.html", context)


def season_priorities_panel(request: HttpRequest, season: Season) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Season: the priorities as a scorecard."""
    printed = records_by_section(season, inferred=False)
    about, items = printed.get("priorities"), printed.get("priorities_items")
    if not about and not items:
        return None
    page = PriorityList.objects.filter(season=season).only("slug").first()
    return Panel("polls/_season_priorities.html", {"about": about, "items": items, "page": page})


def season_election_panel(request: HttpRequest, season: Season) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Season: the board election's information, and the foundation's rows of its result."""
    printed = records_by_section(season, inferred=False)
    foundation = {
        name.removeprefix(FOUNDATION): records
        for name, records in printed.items()
        if name.startswith(FOUNDATION)
    }
    context: dict[str, Any] = {
        "about": printed.get("board_election"),
        "candidates": printed.get("board_election_candidates"),
        "has_foundation": bool(foundation),
        "rules": foundation.get("rules"),
        "results": foundation.get(RESULTS),
        "unseated": foundation.get(UNSEATED),
        "derived": [record for name in WORKED_OUT for record in foundation.get(name, [])],
        "others": [
            Section(name, records) for name, records in foundation.items() if name not in PLACED
        ],
        "sources": foundation.get("sources"),
    }
    context["page"] = Election.objects.filter(season=season).only("slug").first()
    return Panel("polls/_season_election.html", context) if any(context.values()) else None


def awaiting_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: what wants one's vote."""
    if not request.user.is_authenticated:
        return None
    polls = list(polls_awaiting(request.user)[:MOST_AWAITING])
    return Panel("polls/_awaiting.html", {"polls": polls}) if polls else None


def open_brainstorms_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: where one may write down what is on one's mind."""
    if not request.user.is_authenticated:
        return None
    brainstorms = open_brainstorms(request.user)[:MOST_AWAITING]
    if not brainstorms:
        return None
    return Panel("polls/_open_brainstorms.html", {"brainstorms": brainstorms})


def meetup_brainstorms_panel(request: HttpRequest, meetup: Meetup) -> Panel | None:
    """Meetup: its brainstorms; for its organizers also the way to begin one."""
    has_any = BRAINSTORMS in voice_of(meetup, request.user)
    brainstorms = meetup_brainstorms(meetup, request.user) if has_any else []
    may_begin = _may_begin(meetup, request.user)
    if not brainstorms and not may_begin:
        return None
    context = {"brainstorms": brainstorms, "meetup": meetup, "may_begin": may_begin}
    return Panel("polls/_meetup_brainstorms.html", context)


def meetup_polls_panel(request: HttpRequest, meetup: Meetup) -> Panel | None:
    """Meetup: its polls; open ones to vote in, closed ones with their first three."""
    has_any = POLLS in voice_of(meetup, request.user)
    polls = meetup_polls(meetup, request.user) if has_any else []
    may_begin = _may_begin(meetup, request.user)
    if not polls and not may_begin:
        return None
    lines = [(poll, first_of(poll)) for poll in polls]
    context = {"lines": lines, "meetup": meetup, "may_begin": may_begin}
    return Panel("polls/_meetup_polls.html", context)


def _may_begin(meetup: Meetup, user: Any) -> bool:
    """What is on record stays as it was."""
    return meetup.season_id is None and is_organized_by(meetup, user)


def _topics(
    topics: list[dict[str, Any]],
    became: dict[str, int | None],
    priorities: dict[int, dict[str, Any]],
) -> list[dict[str, Any]]:
    hues: dict[str, int] = {}
    shown = []
    for topic in topics:
        order = became.get(str(topic["n"]))
        shown.append(
            {
                "number": topic["n"],
                "title": topic["title"],
                "link": topic.get("link"),
                "notes": [_note(note, hues) for note in topic.get("notes") or []],
                "priority": priorities.get(order) if order is not None else None,
                "is_left_out": str(topic["n"]) in became and order is None,
            }
        )
    return shown


def _note(note: str | dict[str, Any], hues: dict[str, int]) -> dict[str, Any]:
    """A note with its author's hue; most notes were printed without an author."""
    if isinstance(note, str):
        return {"text": note, "author": None}
    author = note.get("author")
    hue = hues.setdefault(author, len(hues) % HUES + 1) if author else None
    return {"text": note["text"], "author": author, "hue": hue}


def top_priorities_panel(request: HttpRequest, subject: Any) -> Panel | None:  # noqa: ARG001 - a slot's signature
    """Home: what the group thinks, three issues of its newest list with how they look."""
    newest, rows = top_rows()
    if newest is None or not rows:
        return None
    return Panel("polls/_top_priorities.html", {"list": newest, "rows": rows})
