"""What the files say about each other: inferences are about something, keys are unique."""

from collections.abc import Iterable
from typing import Any

from community.exceptions import SeasonError
from meetups.models import Meetup
from meetups.services.season.documents import Document, Documents
from meetups.services.season.shape import path_name, walk

SUMMIT = "summit"
ELECTION_DATES = ("board election opens", "board election closes")
SUMMIT_WEEK = "summit (week)"


def check_references(documents: Documents) -> None:
    """Refuse repeated keys and inferences about nothing. Raises SeasonError naming the place."""
    season = documents.season
    _check_unique(season, _gathering_keys(season.content))
    for place, items, key in _numbered(season.content):
        _check_unique(season, [((*place, index, key), item[key]) for index, item in items])
    _check_inferred(documents)


def meetup_name(meetup: dict[str, Any]) -> str:
    """What inferences call a meetup: `March meetup`, `post-summit meetup`."""
    return f"{meetup.get('month_label') or meetup['key']} meetup"


def _gathering_keys(content: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    keys: list[tuple[tuple[str | int, ...], str]] = [
        (("meetups", index, "key"), item["key"])
        for index, item in enumerate(content.get("meetups") or [])
    ]
    keys += [
        (("community_events", index, "name"), item["name"])
        for index, item in enumerate(content.get("community_events") or [])
    ]
    return [(("summit",), SUMMIT), *keys] if content.get("summit") else keys


def _numbered(
    content: dict[str, Any],
) -> Iterable[tuple[tuple[str | int, ...], list[tuple[int, dict[str, Any]]], str]]:
    for index, meetup in enumerate(content.get("meetups") or []):
        yield ("meetups", index, "minutes"), list(enumerate(meetup.get("minutes") or [])), "n"
    topics = (content.get("brainstorm") or {}).get("topics") or []
    yield ("brainstorm", "topics"), list(enumerate(topics)), "n"
    items = (content.get("priorities") or {}).get("items") or []
    yield ("priorities", "items"), list(enumerate(items)), "order"


def _check_unique(document: Document, places: list[tuple[tuple[str | int, ...], Any]]) -> None:
    seen: dict[Any, tuple[str | int, ...]] = {}
    for place, key in places:
        if key in seen:
            raise SeasonError(
                f"{document.name}: {path_name(place)} is {key!r}, as {path_name(seen[key])} is "
                "already. Nothing was loaded."
            )
        seen[key] = place


def _check_inferred(documents: Documents) -> None:
    content, inferred = documents.season.content, documents.inferred.content
    meetups = content.get("meetups") or []
    meetup_keys = {meetup["key"] for meetup in meetups}
    events = {event["name"] for event in content.get("community_events") or []}
    dated = events | {meetup_name(meetup) for meetup in meetups}
    if content.get("board_election"):
        dated |= set(ELECTION_DATES)
    for key in inferred.get("iso_dates") or {}:
        if not (key.endswith(SUMMIT_WEEK) and content.get("summit")):
            _check_known(documents, ("iso_dates", key), key, dated)
    for key, word in (inferred.get("precision") or {}).items():
        _check_known(documents, ("precision", key), key, meetup_keys)
        _check_known(documents, ("precision", key), word.split(" ")[0], set(Meetup.Precision))
    for section, known in (("same_meeting", meetup_keys), ("same_event", events)):
        for key, other in (inferred.get(section) or {}).items():
            if key != "because":
                _check_known(documents, (section, key), key, known)
                _check_known(documents, (section, key), other, known - {key})
    _check_links(documents)


def _check_links(documents: Documents) -> None:
    content, inferred = documents.season.content, documents.inferred.content
    topics = (content.get("brainstorm") or {}).get("topics") or []
    items = (content.get("priorities") or {}).get("items") or []
    numbers = {str(topic["n"]) for topic in topics}
    orders = {item["order"] for item in items}
    for key, order in (inferred.get("brainstorm_to_priority") or {}).items():
        _check_known(documents, ("brainstorm_to_priority", key), key, numbers)
        if order is not None:
            _check_known(documents, ("brainstorm_to_priority", key), order, orders)
    texts = [
        value
        for document in (documents.season, documents.board)
        for _, value in walk(document.content)
        if isinstance(value, str)
    ]
    for key in inferred.get("canonical_spelling") or {}:
        if not any(key in text for text in texts):
            _refuse(documents, ("canonical_spelling", key), key)


def _check_known(
    documents: Documents, place: tuple[str | int, ...], value: Any, known: set[Any]
) -> None:
    if value not in known:
        _refuse(documents, place, value)


def _refuse(documents: Documents, place: tuple[str | int, ...], value: Any) -> None:
    raise SeasonError(
        f"{documents.inferred.name}: {path_name(place)} is not known: {value!r} names nothing in "
        f"{documents.season.name}. Nothing was loaded."
    )
