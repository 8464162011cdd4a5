"""All cards of a brainstorm, as its page and its pad show them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser

from polls.models import Brainstorm, Idea, Poll, PriorityIdea
from polls.pad import Card, Pad
from polls.selectors.ideas import author_facts, hues_of, ideas_of


@dataclass
class Leaf:
    """A card or a note with what a page says about it."""

    idea: Idea
    author: dict[str, Any] | None
    is_mine: bool
    notes: list["Leaf"] = field(default_factory=list)
    became: list[Any] = field(default_factory=list)  # the options it was made into
    origins: list[PriorityIdea] = field(default_factory=list)  # the priorities that came of it


@dataclass
class Tree:
    """A brainstorm's cards in order, by group, and those that were removed."""

    groups: list[tuple[str, list[Leaf]]]
    removed: list[Leaf]
    count: int


def idea_tree(brainstorm: Brainstorm, user: Any) -> Tree:
    """The cards of `brainstorm` with their notes; a merged card's own notes follow it."""
    hues = hues_of(brainstorm)
    leaves = [_leaf(idea, hues, user) for idea in ideas_of(brainstorm)]
    under: dict[int | None, list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        if leaf.idea.removed_at is None:
            under[leaf.idea.parent_id].append(leaf)
    groups: dict[str, list[Leaf]] = defaultdict(list)
    for card in under[None]:
        card.notes = list(_all_under(card, under))
        groups[card.idea.group].append(card)
    ordered = sorted(groups.items(), key=lambda group: bool(group[0]))
    removed = [leaf for leaf in leaves if leaf.idea.removed_at is not None]
    return Tree(ordered, removed, len(under[None]))


def _all_under(leaf: Leaf, under: dict[int | None, list[Leaf]]) -> Iterator[Leaf]:
    waiting = under[leaf.idea.pk][::-1]
    while waiting:  # cards merged into merged cards stand deeper than Python's own stack
        note = waiting.pop()
        yield note
        waiting += under[note.idea.pk][::-1]


def _leaf(idea: Idea, hues: dict[int, int], user: Any) -> Leaf:
    is_mine = idea.author_id is not None and idea.author_id == user.pk
    return Leaf(idea, author_facts(idea, hues), is_mine)


def with_options(tree: Tree, polls: Sequence[Poll]) -> Tree:
    """`tree` with the options each card was made into in `polls`."""
    made = Idea.options.through.objects.filter(polloption__poll__in=polls)
    options: dict[int, list[Any]] = defaultdict(list)
    for row in made.select_related("polloption__poll").order_by("polloption__poll_id", "id"):
        options[row.idea_id].append(row.polloption)
    for _name, leaves in tree.groups:
        for leaf in leaves:
            leaf.became = options[leaf.idea.pk]
    return tree


def with_priorities(tree: Tree, brainstorm: Brainstorm) -> dict[str, Any]:
    """Give each card of `tree` the published priorities that came of it.

    Returns their `lists`, and whether it `is_inferred` which card became which.
    """
    came = (
        PriorityIdea.objects.filter(
            idea__brainstorm=brainstorm, priority__list__published_at__isnull=False
        )
        .select_related("priority__list")
        .order_by("priority__list_id", "pk")
    )
    origins: dict[int, list[PriorityIdea]] = defaultdict(list)
    for row in came:
        origins[row.idea_id].append(row)
    for _name, leaves in tree.groups:
        for leaf in leaves:
            leaf.origins = origins[leaf.idea.pk]
    lists = {row.priority.list_id: row.priority.list for row in came}
    return {"lists": list(lists.values()), "is_inferred": any(row.is_inferred for row in came)}


def pad_of(brainstorm: Brainstorm) -> Pad:
    """The cards as a pad, without names: what `polls.pad.write_pad` writes."""
    tree = idea_tree(brainstorm, AnonymousUser())
    cards = [
        Card(leaf.idea.text, [note.idea.text for note in leaf.notes], group)
        for group, leaves in tree.groups
        for leaf in leaves
    ]
    return Pad(brainstorm.title, cards)
