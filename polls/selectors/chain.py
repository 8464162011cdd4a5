"""What a poll was made from, and what was made of it."""

from typing import Any

from polls.models import Brainstorm, Poll, PriorityList
from polls.selectors.priorities import lists_seen_by
from polls.states import CLOSED


def brainstorm_of(poll: Poll, user: Any) -> Brainstorm | None:
    """The brainstorm the options came from, as far as `user` may see it."""
    if poll.brainstorm_id is None:
        return None
    return Brainstorm.objects.visible_to(user).filter(pk=poll.brainstorm_id).first()


def lists_of(poll: Poll, user: Any) -> list[PriorityList]:
    """The lists of priorities made from the result, as far as `user` may see them."""
    if poll.state != CLOSED or poll.purpose != Poll.Purpose.PRIORITIES:
        return []
    return list(lists_seen_by(user).filter(poll=poll))
