"""The scorecard of a list: each issue with what its observers say, where it came from, its past."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import F, Prefetch, QuerySet

from community.selectors.archive import records_by_section
from polls.models import (
    Assessment,
    Brainstorm,
    Idea,
    Poll,
    PollOption,
    Priority,
    PriorityIdea,
    PriorityList,
)

TOP = 3
_FAMILY = """
WITH RECURSIVE past(id) AS (
    SELECT %s::bigint
    UNION
    SELECT issue.carried_from_id FROM polls_priority issue JOIN past ON issue.id = past.id
    WHERE issue.carried_from_id IS NOT NULL
), family(id) AS (
    SELECT id FROM past
    UNION
    SELECT issue.id FROM polls_priority issue JOIN family ON issue.carried_from_id = family.id
)
SELECT id FROM family
"""


@dataclass
class Row:
    """An issue as the scorecard shows it; `is_shared` where others have its rank."""

    issue: Priority
    is_shared: bool
    assessments: list[Assessment] = field(default_factory=list)

    @property
    def outlooks(self) -> list[Assessment]:
        """The assessments that say how it looks."""
        return [said for said in self.assessments if said.outlook_word]


class LeftOut(NamedTuple):
    """What was there before and is not on the list, and whether that is inferred."""

    titles: list[str]
    is_inferred: bool


def scorecard(priority_list: PriorityList) -> list[Row]:
    """The issues in their order, each with its assessments, the first written first."""
    issues = list(_with_words(priority_list.items.all()).order_by("position"))
    shared = Counter(issue.rank for issue in issues)
    return [
        Row(issue, shared[issue.rank] > 1, list(issue.assessments.all()))  # prefetched
        for issue in issues
    ]


def row_of(issue: Priority) -> Row:
    """One issue as the scorecard shows it."""
    is_shared = issue.list.items.filter(rank=issue.rank).exclude(pk=issue.pk).exists()
    said = issue.assessments.select_related("outlook", "observer")
    return Row(issue, is_shared, list(said))


def next_issue(issue: Priority) -> Priority | None:
    """The issue below `issue` on its list."""
    return issue.list.items.filter(position__gt=issue.position).order_by("position").first()


def _with_words(issues: QuerySet[Priority]) -> QuerySet[Priority]:
    said = Assessment.objects.select_related("outlook", "observer").order_by("created_at", "id")
    return issues.prefetch_related(Prefetch("assessments", said))


def top_rows() -> tuple[PriorityList | None, list[Row]]:
    """The first issues of the newest published list, in three queries.

    A list of the archive is the newest only where the group has published none since.
    """
    published = PriorityList.objects.visible_to(AnonymousUser())
    found = published.order_by(F("season").desc(nulls_first=True), "-published_at").first()
    if found is None:
        return None, []
    issues = list(_with_words(found.items.order_by("position"))[:TOP])
    return found, [Row(issue, False, list(issue.assessments.all())) for issue in issues]


def origins_of(issue: Priority, user: Any) -> list[PriorityIdea]:
    """The cards an issue came from, of brainstorms `user` may see."""
    seen = issue.origins.filter(idea__brainstorm__in=Brainstorm.objects.visible_to(user))
    return list(seen.select_related("idea__brainstorm").order_by("idea__position", "pk"))


def cards_carried_from(issue: Priority, user: Any) -> list[Idea]:
    """The cards it became in later brainstorms, of those `user` may see."""
    seen = issue.carried_as.filter(
        brainstorm__in=Brainstorm.objects.visible_to(user), removed_at=None
    )
    return list(seen.select_related("brainstorm").order_by("pk"))


class Sources(NamedTuple):
    """What a list was made from, as far as one may see it."""

    poll: Poll | None
    brainstorm: Brainstorm | None


def sources_of(priority_list: PriorityList, user: Any) -> Sources:
    """The poll and the brainstorm behind a list, each where `user` may see it."""
    poll, brainstorm = priority_list.poll, priority_list.brainstorm
    if poll and not Poll.objects.visible_to(user).filter(pk=poll.pk).exists():
        poll = None
    if brainstorm and not Brainstorm.objects.visible_to(user).filter(pk=brainstorm.pk).exists():
        brainstorm = None
    return Sources(poll, brainstorm)


def left_out(priority_list: PriorityList, user: Any) -> LeftOut:
    """Options of the poll, or topics of a recorded brainstorm, that are not on the list.

    Options only where `user` may see the poll.
    """
    if priority_list.season_id is not None and priority_list.season is not None:
        printed = records_by_section(priority_list.season, inferred=False)
        inferred = records_by_section(priority_list.season, inferred=True)
        became = {row.key: row.content for row in inferred.get("brainstorm_to_priority", [])}
        topics = [row.content for row in printed.get("brainstorm_topics", [])]
        fell = [topic["title"] for topic in topics if became.get(str(topic["n"]), 0) is None]
        return LeftOut(fell, is_inferred=True)
    if priority_list.poll_id is None:
        return LeftOut([], is_inferred=False)
    kept = priority_list.items.exclude(option=None).values("option")
    seen = Poll.objects.visible_to(user).filter(pk=priority_list.poll_id)
    options = PollOption.objects.filter(poll__in=seen).exclude(pk__in=kept)
    return LeftOut(list(options.values_list("title", flat=True)), is_inferred=False)


def ruled_out_methods(priority_list: PriorityList) -> list[str]:
    """What the percentages of a recorded list cannot have been; inferred, never printed."""
    if priority_list.season is None:
        return []
    inferred = records_by_section(priority_list.season, inferred=True)
    found = next((r for r in inferred.get("ranking_method", []) if r.key == "ruled_out"), None)
    return list(found.content) if found and found.content else []


def issue_history(issue: Priority, user: Any) -> list[Row]:
    """The same issue in every list `user` may see: what it was carried from and to, the old first.

    More than one only where it was carried over.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FAMILY, [issue.pk])
        family = [row[0] for row in cursor.fetchall()]
    issues = (
        _with_words(Priority.objects.filter(pk__in=family))
        .filter(list__in=PriorityList.objects.visible_to(user))
        .select_related("list__season")
    )
    # Carried ones are made after what they come from, so ids are in the order of time.
    return [Row(one, False, list(one.assessments.all())) for one in issues.order_by("pk")]


def _instant(at: dt.datetime | None) -> str | None:
    """As the API says times: RFC 3339 in UTC."""
    return None if at is None else at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def assessment_facts(said: Assessment) -> dict[str, Any]:
    """An assessment in plain values; a name that is not known is null."""
    return {
        "observer": said.observer_name or None,
        "happened": said.happened,
        "outlook": said.outlook.word if said.outlook else None,
        "own_words": said.own_words,
        "links": said.links,
        "changed_at": _instant(said.changed_at),
    }


def issue_facts(row: Row) -> dict[str, Any]:
    """An issue in plain values; unknown is null."""
    issue = row.issue
    return {
        "id": issue.pk,
        "order": issue.position,
        "rank": issue.rank,
        "is_shared": row.is_shared,
        "title": issue.title,
        "description": issue.description,
        "percent": None if issue.percent is None else float(issue.percent),
        "margin": None if issue.margin is None else float(issue.margin),
        "carried_from": issue.carried_from_id,
        "assessments": [assessment_facts(said) for said in row.assessments],
    }


def list_facts(priority_list: PriorityList) -> dict[str, Any]:
    """What is said of a list, in plain values; unknown is null."""
    poll, summit = priority_list.poll, priority_list.summit
    return {
        "slug": priority_list.slug,
        "title": priority_list.title,
        "chapter": priority_list.chapter.slug,
        "introduction": priority_list.introduction,
        "addressed_to": priority_list.addressed_to,
        "summit": summit.slug if summit and summit.is_published else None,
        "summit_on": priority_list.summit_on and priority_list.summit_on.isoformat(),
        # Not everyone may know of a poll that is not public.
        "poll": poll.slug if poll and poll.is_public else None,
        "method": priority_list.method or None,
        "voters": priority_list.voters,
        "verdict": priority_list.verdict,
        "scored_by": priority_list.scored_by or None,
        "is_recorded": priority_list.season_id is not None,
        "published": priority_list.is_published,
        # Of a recorded list it is not known.
        "published_at": None if priority_list.season_id else _instant(priority_list.published_at),
    }


def scorecard_facts(priority_list: PriorityList) -> dict[str, Any]:
    """A list whole, in plain values."""
    rows = scorecard(priority_list)
    return list_facts(priority_list) | {"items": [issue_facts(row) for row in rows]}


_WORDS = ("what_happened", "outlook", "observer", "links")
CSV_COLUMNS = ("rank", "issue", "percent", "margin", *_WORDS)


def scorecard_lines(priority_list: PriorityList) -> list[dict[str, Any]]:
    """A line for each assessment, and one for each issue without any."""
    lines: list[dict[str, Any]] = []
    for row in scorecard(priority_list):
        issue = row.issue
        head = {
            "rank": issue.rank,
            "issue": issue.title,
            "percent": issue.percent,
            "margin": issue.margin,
        }
        said = [_words(one) for one in row.assessments] or [dict.fromkeys(_WORDS)]
        lines += [head | words for words in said]
    return lines


def _words(said: Assessment) -> dict[str, Any]:
    links = " ".join(link["url"] for link in said.links)
    return dict(
        zip(_WORDS, (said.happened, said.outlook_word, said.observer_name, links), strict=True)
    )
