"""What happened in a brainstorm: the stream of its numbers, and its history in words."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from community.models import User
from polls.models import Brainstorm, Idea, IdeaEvent
from polls.selectors.brainstorms import is_run_by, takes_part
from polls.selectors.ideas import gone_ideas, hues_of, idea_facts, ideas_of, named

HISTORY = 200  # changes of one page


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
    back = {event.idea_id for event in events if event.after.get("removed") is False} - gone
    under = _by_parent(brainstorm_id) if back else {}
    told = []
    for event in events:
        facts = {"seq": event.seq, "kind": event.kind, "idea": idea_facts(event.idea, hues, gone)}
        notes = _all_under(event.idea_id, under) if event.idea_id in back else []
        if notes:
            facts["notes"] = [idea_facts(note, hues, gone) for note in notes]
        told.append(facts)
    return told


def _by_parent(brainstorm_id: int) -> dict[int | None, list[Idea]]:
    under: dict[int | None, list[Idea]] = defaultdict(list)
    for idea in ideas_of(brainstorm_id):
        under[idea.parent_id].append(idea)
    return under


def _all_under(pk: int, under: dict[int | None, list[Idea]]) -> list[Idea]:
    found, waiting = [], [pk]
    while waiting:
        notes = under.get(waiting.pop(), [])
        found += notes
        waiting += [note.pk for note in notes]
    return found


def typist_facts(brainstorm: Brainstorm, user: Any) -> dict[str, Any] | None:
    """Who is typing, as the others see it; None where `user` may not write.

    Without a name where cards without one are allowed: whoever asks for that after the first
    letters would have been named by them.
    """
    if not isinstance(user, User) or not brainstorm.is_open or not takes_part(brainstorm, user):
        return None
    if brainstorm.allows_anonymous:
        return {}
    return named(user.display_name, hues_of(brainstorm).get(user.pk, 0))


@dataclass
class Change:
    """An event in words: who, and what was before and after."""

    event: IdeaEvent
    author: dict[str, Any] | None
    is_undone: bool
    may_undo: bool


def history_of(
    brainstorm: Brainstorm, user: Any, *, idea: Idea | None = None, before: int | None = None
) -> list[Change]:
    """At most `HISTORY` changes of a brainstorm, or of one card, the newest first.

    With `before` those below that number. What was taken away its organizers alone see.
    """
    hues, runs = hues_of(brainstorm), is_run_by(brainstorm, user)
    may_write = brainstorm.is_open and takes_part(brainstorm, user)
    events = IdeaEvent.objects.filter(brainstorm=brainstorm)
    if not runs:
        events = events.exclude(idea__in=gone_ideas(brainstorm))
    if idea is not None:
        events = events.filter(idea=idea)
    if before is not None:
        events = events.filter(seq__lt=before)
    events = events.select_related("by", "idea__parent", "undone_by").order_by("-seq")
    return [
        Change(
            event,
            _doer(event, hues),
            hasattr(event, "undone_by"),
            may_write and (runs or event.by_id == user.pk),
        )
        for event in events[:HISTORY]
    ]


def _doer(event: IdeaEvent, hues: dict[int, int]) -> dict[str, Any] | None:
    if event.is_anonymous or event.by is None:
        return None
    return named(event.by.display_name, hues.get(event.by_id or 0, 0))
