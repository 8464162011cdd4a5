"""A meetup's agenda and minutes: what its page shows, and what its organizers edit."""

from typing import Any

from meetups.models import Meetup, Note, Topic
from meetups.selectors.desk import is_organized_by, version_of
from meetups.selectors.minutes import minutes_of, topics_by_stage

NOTES_ON_THE_PAGE = 30


def paper_of(meetup: Meetup, user: Any) -> dict[str, Any]:
    """What the page of `meetup` shows of its agenda, minutes and notes to `user`.

    Minutes that are not published are shown to nobody; their organizers read them where they
    write them.
    """
    # Only a recorded meeting can have a second record.
    also = list(meetup.also_recorded_as.visible_to(user)) if meetup.season_id else []
    paper: dict[str, Any] = {
        "also_recorded_as": also,
        "stages": topics_by_stage(meetup, also),
        "moved_here": _moved_here(meetup, user),
        "minutes": [],
        "recordings": [],
        "may_edit": is_organized_by(meetup, user),
    }
    if meetup.are_minutes_public:
        paper |= {"minutes": minutes_of(meetup), "recordings": list(meetup.recordings.all())}
    if meetup.is_over and meetup.season_id is None:
        notes = Note.objects.filter(meetup=meetup, hidden_at=None).select_related("author")
        paper["notes"] = list(notes[: NOTES_ON_THE_PAGE + 1])
    return paper


def _moved_here(meetup: Meetup, user: Any) -> list[Topic]:
    seen = Meetup.objects.visible_to(user)
    return list(meetup.moved_here.filter(meetup__in=seen).select_related("meetup"))


def minutes_facts(meetup: Meetup) -> dict[str, Any]:
    """The minutes as they are stored, with the version that a change of them must name."""
    fields = ("id", "number", "text", "speaker", "is_decision")
    facts: dict[str, Any] = {
        "intro": meetup.minutes_intro,
        "items": list(meetup.minutes.values(*fields)),
        "recordings": list(meetup.recordings.values("id", "title", "url")),
        "headcount": meetup.headcount,
        "is_headcount_minimum": meetup.is_headcount_minimum,
        "is_headcount_uncertain": meetup.is_headcount_uncertain,
        "headcount_as_printed": meetup.headcount_as_printed,
    }
    return facts | {"version": version_of(facts), "published_at": meetup.minutes_published_at}


def agenda_facts(meetup: Meetup, user: Any) -> dict[str, Any]:
    """Sessions and topics as they are stored, with the version that a change of them must name.

    Where a topic moved to is told only to those who may see that meetup.
    """
    fields = (
        "id", "kind", "title", "description", "speakers", "starts_at", "ends_at", "place",
    )  # fmt: skip
    facts: dict[str, Any] = {
        "sessions": list(meetup.sessions.values(*fields)),
        "topics": list(meetup.topics.values("id", "stage", "text", "moved_to__slug")),
    }
    version = version_of(facts)
    slugs = {topic["moved_to__slug"] for topic in facts["topics"]} - {None}
    seen = (
        Meetup.objects.visible_to(user).filter(slug__in=slugs) if slugs else Meetup.objects.none()
    )
    known = set(seen.values_list("slug", flat=True)) if slugs else set()
    for topic in facts["topics"]:
        slug = topic.pop("moved_to__slug")
        topic["moved_to"] = slug if slug in known else None
    return facts | {"version": version}


def may_be_moved_to(meetup: Meetup) -> Any:
    """The chapter's other live meetups, the latest first: where a topic can have moved."""
    others = Meetup.objects.filter(chapter=meetup.chapter_id, season=None).exclude(pk=meetup.pk)
    return others.order_by("-starts_at", "-pk")
