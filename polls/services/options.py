"""The options of a draft, written whole."""

from collections.abc import Sequence
from typing import Any

from community.core.errors import InvalidError
from polls.models import Idea, Poll, PollOption
from polls.wording import look_of, one_line

MOST_OPTIONS = 100
LONGEST_TITLE, LONGEST_DESCRIPTION = 240, 2000


def write_options(poll: Poll, wanted: Sequence[str | dict[str, Any]]) -> None:
    """Make the options of `poll` what `wanted` says, in its order.

    An option there is goes on, with its cards, under the entry that has its title, or else under
    the one that stands at its place. The caller holds the draft's row. Raises InvalidError.
    """
    entries = [_checked(entry) for entry in wanted]
    _check_all(entries)
    present = list(poll.options.order_by("position", "pk"))
    heirs = _heirs(present, [entry["title"] for entry in entries])
    kept = {option.pk for option in heirs.values()}
    poll.options.exclude(pk__in=kept).delete()
    # Titles are unique within a poll, and two may have changed places: first out of the way.
    for option in heirs.values():
        PollOption.objects.filter(pk=option.pk).update(title=f"\x01{option.pk}")
    for place, entry in enumerate(entries):
        _write(poll, heirs.get(place) or PollOption(poll=poll), place, entry)


def _checked(entry: str | dict[str, Any]) -> dict[str, Any]:
    entry = {"title": entry} if isinstance(entry, str) else dict(entry)
    entry["title"] = one_line(str(entry.get("title", "")))
    if not look_of(entry["title"]):
        raise _invalid("An option needs words.")
    if len(entry["title"]) > LONGEST_TITLE:
        raise _invalid(f"“{entry['title'][:60]}…” is longer than {LONGEST_TITLE} characters.")
    if "description" in entry:
        entry["description"] = str(entry["description"]).replace("\x00", "").strip()
        if len(entry["description"]) > LONGEST_DESCRIPTION:
            raise _invalid(
                f"What “{entry['title'][:60]}” means is longer than "
                f"{LONGEST_DESCRIPTION} characters."
            )
    return entry


def _invalid(sentence: str) -> InvalidError:
    return InvalidError(f"{sentence} Nothing was saved.", errors={"options": [sentence]})


def _check_all(entries: list[dict[str, Any]]) -> None:
    if len(entries) > MOST_OPTIONS:
        raise _invalid(f"A poll has at most {MOST_OPTIONS} options.")
    seen: set[str] = set()
    for entry in entries:
        look = look_of(entry["title"])
        if look in seen:
            raise _invalid(f"“{entry['title']}” is there twice.")
        seen.add(look)


def _heirs(present: list[PollOption], titles: list[str]) -> dict[int, PollOption]:
    """Which option goes on at which place: by its title, else by where it stood."""
    places = {title: place for place, title in enumerate(titles)}
    heirs = {places[option.title]: option for option in present if option.title in places}
    for place, option in enumerate(present):
        if option.title not in places and place < len(titles) and place not in heirs:
            heirs[place] = option
    return heirs


def _write(poll: Poll, option: PollOption, place: int, entry: dict[str, Any]) -> None:
    option.title, option.position = entry["title"], place
    if "description" in entry:
        option.description = entry["description"]
    option.save()
    if "ideas" in entry:
        wanted = {getattr(idea, "pk", idea) for idea in entry["ideas"]}
        cards = Idea.objects.filter(brainstorm=poll.brainstorm_id, parent=None, removed_at=None)
        ideas = list(cards.filter(pk__in=wanted)) if poll.brainstorm_id else []
        if len(ideas) != len(wanted):
            raise _invalid(f"“{option}” names a card that is not one of the poll's brainstorm.")
        option.ideas.set(ideas)
