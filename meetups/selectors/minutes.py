"""What is known of a meeting afterwards, in the order and the words a page needs."""

from typing import Any, NamedTuple

from meetups.models import Meetup, MinutesItem, Topic


class Stage(NamedTuple):
    """What a meeting was to be about, at one stage; no topics means none were recorded."""

    name: str
    topics: list[Topic]


class Item(NamedTuple):
    """An item of the minutes and its further facts."""

    item: MinutesItem
    facts: list[tuple[str, str]]


def topics_by_stage(meetup: Meetup) -> list[Stage]:
    """All stages in their order, so that what was planned stands beside what was held.

    Empty where nothing is known of any.
    """
    topics = list(meetup.topics.all())
    if not topics:
        return []
    return [
        Stage(str(stage.label), [topic for topic in topics if topic.stage == stage])
        for stage in Topic.Stage
    ]


def minutes_of(meetup: Meetup) -> list[Item]:
    """The minutes' items in order."""
    return [Item(item, spoken(item.facts)) for item in meetup.minutes.all()]


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
