"""Cards and notes as they are read: their words, their authors as far as one may know them."""

from collections import defaultdict
from collections.abc import Container
from typing import Any

from django.db.models import QuerySet

from polls.models import Author, Brainstorm, Idea, Poll, Priority, PriorityList

LONGEST_IDEA = 500  # characters
MOST_IDEAS = 3000  # cards and notes of one brainstorm


def ideas_of(brainstorm: Brainstorm | int) -> QuerySet[Idea]:
    """All cards and notes in their order, what was taken away too."""
    return Idea.objects.filter(brainstorm=brainstorm).select_related("author", "carried_from__list")


def sortable_cards(brainstorm: Brainstorm) -> list[Idea]:
    """The cards that stand by themselves, in order."""
    return list(ideas_of(brainstorm).filter(parent=None, removed_at=None))


def hues_of(brainstorm: Brainstorm | int) -> dict[int, int]:
    """The hue (1 to 8) of each named author's id, in the order of their first words."""
    places = Author.objects.filter(brainstorm=brainstorm).values_list("user", "number")
    return {user: (number - 1) % Author.HUES + 1 for user, number in places}


def author_facts(idea: Idea, hues: dict[int, int]) -> dict[str, Any] | None:
    """Who wrote `idea`, for everyone; None where nobody is named."""
    if idea.printed_author:
        return named(idea.printed_author, _printed_hue(idea.printed_author))
    if idea.is_anonymous or idea.author is None:
        return None
    return named(idea.author.display_name, hues.get(idea.author_id or 0, 0))


def named(name: str, hue: int) -> dict[str, Any]:
    """A named author as everyone sees them."""
    return {"name": name, "initials": initials_of(name), "hue": hue}


def _printed_hue(name: str) -> int:
    return sum(name.encode()) % Author.HUES + 1


def initials_of(name: str) -> str:
    """At most two letters: of the first and the last word, or the first two of a single one."""
    words = [word for word in name.replace(".", " ").replace("-", " ").split() if word]
    if not words:
        return "?"
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[-1][0]
    return letters.upper()


def gone_ideas(brainstorm: Brainstorm | int) -> frozenset[int]:
    """The ids of what was taken away, and of what stands under it."""
    ideas = Idea.objects.filter(brainstorm=brainstorm)
    waiting = list(ideas.exclude(removed_at=None).values_list("pk", flat=True))
    if not waiting:  # mostly so, and asked with every change
        return frozenset()
    under: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in ideas.values_list("pk", "parent"):
        under[parent].append(pk)
    gone: set[int] = set()
    while waiting:
        pk = waiting.pop()
        if pk not in gone:
            gone.add(pk)
            waiting.extend(under[pk])
    return frozenset(gone)


def idea_facts(
    idea: Idea, hues: dict[int, int], gone: Container[int] = frozenset()
) -> dict[str, Any]:
    """A card or note as everyone may read it; of a removed one neither words nor author.

    `gone` holds the ids of those that are out of sight with the card they are under.
    """
    is_removed = idea.removed_at is not None
    is_hidden = is_removed or idea.pk in gone
    return {
        "id": idea.pk,
        "parent": idea.parent_id,
        "text": "" if is_hidden else idea.text,
        "link": "" if is_hidden else idea.link,
        "author": None if is_hidden else author_facts(idea, hues),
        "group": idea.group,
        "position": idea.position,
        "revision": idea.revision,
        "is_removed": is_removed,
        "at": idea.created_at.isoformat().replace("+00:00", "Z"),
    }


def options_seen_by(idea: Idea, user: Any) -> QuerySet[Any]:
    """The options `idea` was made into, in polls that `user` may see."""
    seen = Poll.objects.visible_to(user).order_by().values("pk")
    return idea.options.filter(poll__in=seen).select_related("poll").order_by("poll", "pk")


def past_of_card(idea: Idea, user: Any) -> Priority | None:
    """The issue `idea` was carried from, while `user` may see its list."""
    if idea.carried_from_id is None:
        return None
    seen = PriorityList.objects.visible_to(user).order_by().values("pk")
    issues = Priority.objects.filter(pk=idea.carried_from_id, list__in=seen)
    return issues.select_related("list").first()
