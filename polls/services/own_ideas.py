"""What brainstorms hold on a person."""

from typing import Any

from django.db.models import Q

from community.models import User
from community.services.own_data import replace_text
from polls.models import Author, Brainstorm, Idea, IdeaEvent


def idea_data(user: User) -> list[dict[str, Any]]:
    """Cards and notes one wrote, those without a name too while the system knows of them."""
    ideas = Idea.objects.filter(author=user).select_related("brainstorm", "parent")
    return [
        {
            "brainstorm": idea.brainstorm.slug,
            "title": idea.brainstorm.title,
            "text": idea.text,
            "note_under": idea.parent and idea.parent.text,
            "group": idea.group,
            "without_a_name": idea.is_anonymous,
            "written_at": idea.created_at,
            "removed_at": idea.removed_at,
        }
        for idea in ideas.order_by("created_at", "id")
    ]


def change_data(user: User) -> list[dict[str, Any]]:
    """What one did to cards, one's own and others'; `text` is what one wrote, where one did."""
    events = IdeaEvent.objects.filter(by=user).select_related("brainstorm")
    return [
        {
            "brainstorm": event.brainstorm.slug,
            "number": event.seq,
            "kind": event.kind,
            "text": event.after.get("text"),
            "without_a_name": event.is_anonymous,
            "at": event.at,
        }
        for event in events.order_by("at", "id")
    ]


def erase_ideas_data(user: User, addresses: frozenset[str]) -> None:
    """The words stay the group's; the name goes, out of the cards one wrote or changed too.

    The addresses go out of everybody's words. Texts are read and written here, so the brainstorms
    are locked first: no edit is lost meanwhile.
    """
    changed = IdeaEvent.objects.filter(by=user).values("idea")
    own_ideas = Q(author=user) | Q(pk__in=changed)
    own_events = Q(idea__in=Idea.objects.filter(own_ideas))
    ideas, events = own_ideas, own_events
    for address in addresses:
        with_it = _with(address)
        ideas, events = ideas | with_it[0], events | with_it[1]
    _lock(ideas, events)
    for address in addresses:
        _forget(*_with(address), address)
    if user.name:
        _forget(own_ideas, own_events, user.name)
    Idea.objects.filter(author=user).update(author=None)
    IdeaEvent.objects.filter(by=user).update(by=None)
    Author.objects.filter(user=user).delete()


def _with(word: str) -> tuple[Q, Q]:
    """Which cards and which events have `word` in a text."""
    card = Q(text__icontains=word) | Q(group__icontains=word)
    return card, Q(before__icontains=word) | Q(after__icontains=word)


def _lock(ideas: Q, events: Q) -> None:
    touched = Q(pk__in=Idea.objects.filter(ideas).values("brainstorm"))
    touched |= Q(pk__in=IdeaEvent.objects.filter(events).values("brainstorm"))
    list(Brainstorm.objects.filter(touched).select_for_update().order_by("pk"))


def _forget(ideas: Q, events: Q, word: str) -> None:
    replace_text(Idea.objects.filter(ideas), ("text", "group"), word)
    replace_text(IdeaEvent.objects.filter(events), ("before", "after"), word)
