"""What is known of a meeting afterwards, in the order and the words a page needs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from meetups.models import Meetup, MinutesItem, Topic

NOTE = "note"  # the fact of an item that says which live note it was made from


class Stage(NamedTuple):
    """What a meeting was to be about, at one stage; no topics means none were recorded.

    `is_inferred` says that the topics are those of a second record of probably the same meeting.
    """

    name: str
    topics: list[Topic]
    is_inferred: bool = False


class Item(NamedTuple):
    """An item of the minutes and its further facts."""

    item: MinutesItem
    facts: list[tuple[str, str]]


def topics_by_stage(meetup: Meetup, also: Sequence[Meetup] = ()) -> list[Stage]:
    """All stages in their order, so that what was planned stands beside what was held.

    `also` are other records of probably the same meeting: a stage of which this record knows
    nothing shows theirs, as inferred. Empty where nothing is known of any.
    """
    own = list(meetup.topics.select_related("moved_to"))
    theirs = list(Topic.objects.filter(meetup__in=also)) if also else []
    if not own and not theirs:
        return []
    stages = []
    for stage in Topic.Stage:
        topics = [topic for topic in own if topic.stage == stage]
        other = [topic for topic in theirs if topic.stage == stage]
        is_inferred = not topics and bool(other)
        stages.append(Stage(str(stage.label), topics or other, is_inferred))
    return stages


def minutes_of(meetup: Meetup) -> list[Item]:
    """The minutes' items in order."""
    return [Item(item, spoken(_shown(item.facts))) for item in meetup.minutes.all()]


def _shown(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key != NOTE}


def spoken(facts: dict[str, Any]) -> list[tuple[str, str]]:
    """Recorded facts as term and value; what is not known is left out."""
    return [
        (str(key).replace("_", " ").capitalize().replace("Rsvp", "RSVP"), _said(value))
        for key, value in facts.items()
        if value not in (None, "", [], {})
    ]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {_said(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(_said(part) for part in value)
    return str(value)
