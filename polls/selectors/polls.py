"""What is read of polls: lists, one poll, its options in the voter's own order, its log."""

import hashlib
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from community.core import clock
from community.core.errors import ForbiddenError
from community.models.chapter import organizes
from meetups.models import Meetup
from polls import states
from polls.models import Ballot, Brainstorm, Idea, Poll, PollEntry, PollOption, PollQuerySet


def polls_seen_by(user: Any) -> PollQuerySet:
    """The polls `user` may see, the newest first."""
    return Poll.objects.visible_to(user).select_related("chapter", "meetup", "brainstorm")


def poll_seen_by(user: Any, slug: str) -> Poll:
    """The poll at `slug`, as far as `user` may see it; raises Http404."""
    return get_object_or_404(polls_seen_by(user), slug=slug)


def is_run_by(poll: Poll, user: Any) -> bool:
    """Whether `user` is an organizer of the poll's chapter."""
    return organizes(user, poll.chapter_id)


def organized_poll(user: Any, slug: str) -> Poll:
    """The poll at `slug`, for one of its organizers.

    Raises Http404 for what `user` may not see, ForbiddenError for what others run.
    """
    poll = poll_seen_by(user, slug)
    if not is_run_by(poll, user):
        raise ForbiddenError("You do not run this chapter's polls.")
    return poll


def may_vote(poll: Poll, user: Any) -> bool:
    """Whether `user` is in the electorate of `poll`, whatever its state."""
    return Poll.objects.open_to(user).filter(pk=poll.pk).exists()


def own_ballot(poll: Poll, user: Any) -> Ballot | None:
    """The ballot of `user` in `poll`; nobody else's can be read."""
    if not user.is_authenticated:
        return None
    return Ballot.objects.filter(poll=poll, voter=user.pk).first()


def ballots_cast(poll: Poll) -> int:
    """How many have voted so far; this much may be said while the poll is open."""
    return Ballot.objects.filter(poll=poll).count()


def options_for(poll: Poll, user: Any) -> list[PollOption]:
    """The options in an order of the voter's own, random and always the same; strangers' by id."""
    # Only a brainstorm's poll has options made from cards.
    cards = cards_seen_by(user) if poll.brainstorm_id else Prefetch("ideas", Idea.objects.none())
    options = list(poll.options.select_related("topic__meetup").prefetch_related(cards))
    if not user.is_authenticated:
        return sorted(options, key=lambda option: option.pk)
    return sorted(options, key=lambda option: _lot(poll.pk, str(user.uuid), option.pk))


def cards_seen_by(user: Any) -> Prefetch[Any]:
    """With options: the cards they were made from, as far as `user` may see their brainstorms."""
    seen = Brainstorm.objects.visible_to(user).order_by().values("pk")
    cards = Idea.objects.filter(brainstorm__in=seen, removed_at=None).select_related("brainstorm")
    return Prefetch("ideas", queryset=cards)


def _lot(poll: int, voter: str, option: int) -> bytes:
    return hashlib.sha256(f"{poll}:{voter}:{option}".encode()).digest()


def polls_awaiting(user: Any) -> PollQuerySet:
    """Open polls in which `user` may vote and has not, those that close first at the top."""
    if not user.is_authenticated:
        return Poll.objects.none()
    voted = Ballot.objects.filter(voter=user.pk).values("poll")
    return (
        Poll.objects.filter(state=states.OPEN, closes_at__gt=clock.now(), pk__in=_entitled(user))
        .exclude(pk__in=voted)
        .order_by("closes_at", "pk")
    )


def _entitled(user: Any) -> QuerySet[Any]:
    return Poll.objects.open_to(user).order_by().values("pk")


def listed_polls(user: Any) -> PollQuerySet:
    """The polls `user` may see with `is_mine` (one may vote) and `has_voted`, the newest first."""
    rows = polls_seen_by(user).select_related("result").prefetch_related("options")
    mine = Poll.objects.open_to(user).filter(pk=OuterRef("pk"))
    voter = user.pk if user.is_authenticated else 0
    voted = Ballot.objects.filter(poll=OuterRef("pk"), voter=voter)
    return rows.annotate(is_mine=Exists(mine), has_voted=Exists(voted)).order_by(
        Coalesce("closed_at", "opens_at", "created_at").desc(), "-pk"
    )


def meetup_polls(meetup: Meetup, user: Any) -> list[Poll]:
    """The polls of a meetup that `user` may see."""
    polls = listed_polls(user).filter(meetup=meetup).exclude(state=states.CANCELLED)
    return list(polls)


def log_of(poll: Poll) -> QuerySet[PollEntry]:
    """What was done to the poll, the latest first."""
    return PollEntry.objects.filter(poll=poll).select_related("by").order_by("-pk")


def last_entry(poll: Poll, event: str) -> PollEntry | None:
    """The latest line of the log about `event`."""
    return PollEntry.objects.filter(poll=poll, event=event).order_by("-pk").first()
