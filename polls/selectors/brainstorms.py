"""What is read of brainstorms and their cards."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from community.core.errors import ForbiddenError
from community.models import User
from meetups.models import Meetup
from polls.models import (
    Author,
    Brainstorm,
    BrainstormQuerySet,
    Idea,
    IdeaEvent,
    Poll,
    Priority,
    PriorityIdea,
    PriorityList,
)
from polls.pad import Card, Pad

LONGEST_IDEA = 500  # characters
MOST_IDEAS = 3000  # cards and notes of one brainstorm


def brainstorm_seen_by(user: Any, slug: str) -> Brainstorm:
    """The brainstorm at `slug`, as far as `user` may see it; raises Http404."""
    brainstorms = Brainstorm.objects.visible_to(user).select_related("chapter", "meetup", "season")
    return get_object_or_404(brainstorms, slug=slug)


def organized_brainstorm(user: Any, slug: str) -> Brainstorm:
    """The brainstorm at `slug` for one of its organizers; raises Http404, ForbiddenError."""
    brainstorm = brainstorm_seen_by(user, slug)
    if not is_run_by(brainstorm, user):
        raise ForbiddenError("You do not organize this chapter's brainstorms.")
    return brainstorm


def is_run_by(brainstorm: Brainstorm, user: Any) -> bool:
    """Whether `user` organizes `brainstorm`."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or brainstorm.chapter_id in user.organized_chapter_ids


def takes_part(brainstorm: Brainstorm, user: Any) -> bool:
    """Whether `user` is one of those who write in `brainstorm`, while it is open."""
    return Brainstorm.objects.open_to(user).filter(pk=brainstorm.pk).exists()


def brainstorms_listed_for(user: Any) -> BrainstormQuerySet:
    """Brainstorms `user` may see with the number of their cards: open ones first, the new first."""
    is_card = Q(ideas__parent=None, ideas__removed_at=None)
    return (
        Brainstorm.objects.visible_to(user)
        .select_related("chapter", "meetup", "season")
        .annotate(cards=Count("ideas", filter=is_card))
        .order_by("-closed_at", "-created_at", "-id")
    )


def open_brainstorms(user: Any) -> list[Brainstorm]:
    """Where `user` may write now, the newest first."""
    return list(Brainstorm.objects.open_to(user).filter(closed_at=None))


def meetup_brainstorms(meetup: Meetup, user: Any) -> list[Brainstorm]:
    """The brainstorms of `meetup` that `user` may see, the newest first."""
    return list(Brainstorm.objects.visible_to(user).filter(meetup=meetup))


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
    leaves = [_leaf(idea, hues, user) for idea in _ideas_of(brainstorm)]
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


def _ideas_of(brainstorm: Brainstorm | int) -> QuerySet[Idea]:
    return Idea.objects.filter(brainstorm=brainstorm).select_related("author", "carried_from__list")


def _leaf(idea: Idea, hues: dict[int, int], user: Any) -> Leaf:
    is_mine = idea.author_id is not None and idea.author_id == user.pk
    return Leaf(idea, author_facts(idea, hues), is_mine)


def hues_of(brainstorm: Brainstorm | int) -> dict[int, int]:
    """The hue (1 to 8) of each named author's id, in the order of their first words."""
    places = Author.objects.filter(brainstorm=brainstorm).values_list("user", "number")
    return {user: (number - 1) % Author.HUES + 1 for user, number in places}


def author_facts(idea: Idea, hues: dict[int, int]) -> dict[str, Any] | None:
    """Who wrote `idea`, for everyone; None where nobody is named."""
    if idea.printed_author:
        return _named(idea.printed_author, _printed_hue(idea.printed_author))
    if idea.is_anonymous or idea.author is None:
        return None
    return _named(idea.author.display_name, hues.get(idea.author_id or 0, 0))


def _named(name: str, hue: int) -> dict[str, Any]:
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


def brainstorm_facts(brainstorm_id: int) -> dict[str, Any]:
    """What a reader of the stream is told of the whole."""
    brainstorm = Brainstorm.objects.get(pk=brainstorm_id)
    return {
        "slug": brainstorm.slug,
        "title": brainstorm.title,
        "is_open": brainstorm.is_open,
        "everyone_sorts": brainstorm.everyone_sorts,
        "allows_anonymous": brainstorm.allows_anonymous,
        "last_seq": brainstorm.last_seq,
    }


def idea_events_after(brainstorm_id: int, after: int, count: int) -> list[dict[str, Any]]:
    """At most `count` events above number `after`, in order, each with its card as it is now.

    Read now and not when the event was written: the words of what was removed meanwhile do not go
    out any more, and whoever has seen an event twice ends with the same cards. A card that came
    back brings what stands under it along (`notes`): its words were not given out before.
    """
    events = (
        IdeaEvent.objects.filter(brainstorm=brainstorm_id, seq__gt=after)
        .select_related("idea__author")
        .order_by("seq")[:count]
    )
    if not events:
        return []
    hues, gone = hues_of(brainstorm_id), gone_ideas(brainstorm_id)
    return [
        {
            "seq": event.seq,
            "kind": event.kind,
            "idea": idea_facts(event.idea, hues, gone),
            **_came_back(event, hues, gone),
        }
        for event in events
    ]


def _came_back(
    event: IdeaEvent, hues: dict[int, int], gone: frozenset[int]
) -> dict[str, list[dict[str, Any]]]:
    if event.after.get("removed") is not False or event.idea_id in gone:
        return {}
    ideas = list(_ideas_of(event.brainstorm_id))
    under: dict[int | None, list[Idea]] = defaultdict(list)
    for idea in ideas:
        under[idea.parent_id].append(idea)
    found, waiting = [], [event.idea_id]
    while waiting:
        notes = under[waiting.pop()]
        found += [idea_facts(note, hues, gone) for note in notes]
        waiting += [note.pk for note in notes]
    return {"notes": found} if found else {}


def typist_facts(brainstorm: Brainstorm, user: Any) -> dict[str, Any] | None:
    """Who is typing, as the others see it; None where `user` may not write.

    Without a name where cards without one are allowed: whoever asks for that after the first
    letters would have been named by them.
    """
    if not isinstance(user, User) or not brainstorm.is_open or not takes_part(brainstorm, user):
        return None
    if brainstorm.allows_anonymous:
        return {}
    return _named(user.display_name, hues_of(brainstorm).get(user.pk, 0))


@dataclass
class Change:
    """An event in words: who, and what was before and after."""

    event: IdeaEvent
    author: dict[str, Any] | None
    is_undone: bool
    may_undo: bool


def history_of(
    brainstorm: Brainstorm, user: Any, *, idea: Idea | None = None, count: int = 200
) -> list[Change]:
    """The newest changes of a brainstorm, or of one card, the newest first."""
    events = IdeaEvent.objects.filter(brainstorm=brainstorm)
    if idea is not None:
        events = events.filter(idea=idea)
    events = events.select_related("by", "idea__parent", "undone_by").order_by("-seq")[:count]
    hues, runs = hues_of(brainstorm), is_run_by(brainstorm, user)
    may_write = brainstorm.is_open and takes_part(brainstorm, user)
    gone = frozenset() if runs else gone_ideas(brainstorm)
    return [
        Change(
            event,
            _doer(event, hues),
            hasattr(event, "undone_by"),
            may_write and (runs or event.by_id == user.pk),
        )
        for event in events
        if event.idea_id not in gone
    ]


def _doer(event: IdeaEvent, hues: dict[int, int]) -> dict[str, Any] | None:
    if event.is_anonymous or event.by is None:
        return None
    return _named(event.by.display_name, hues.get(event.by_id or 0, 0))


def pad_of(brainstorm: Brainstorm) -> Pad:
    """The cards as a pad, without names: what `polls.pad.write_pad` writes."""
    tree = idea_tree(brainstorm, AnonymousUser())
    cards = [
        Card(leaf.idea.text, [note.idea.text for note in leaf.notes], group)
        for group, leaves in tree.groups
        for leaf in leaves
    ]
    return Pad(brainstorm.title, cards)


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


def sortable_cards(brainstorm: Brainstorm) -> list[Idea]:
    """The cards that stand by themselves, in order."""
    return list(_ideas_of(brainstorm).filter(parent=None, removed_at=None))
