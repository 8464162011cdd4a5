from polls.models.ballot import Ballot, PollResult
from polls.models.brainstorm import Author, Brainstorm, BrainstormQuerySet, Idea, IdeaEvent
from polls.models.poll import Poll, PollEntry, PollOption, PollQuerySet, PollVoter
from polls.models.priority import (
    Assessment,
    Outlook,
    Priority,
    PriorityIdea,
    PriorityList,
    PriorityListQuerySet,
)

__all__ = [
    "Assessment",
    "Author",
    "Ballot",
    "Brainstorm",
    "BrainstormQuerySet",
    "Idea",
    "IdeaEvent",
    "Outlook",
    "Poll",
    "PollEntry",
    "PollOption",
    "PollQuerySet",
    "PollResult",
    "PollVoter",
    "Priority",
    "PriorityIdea",
    "PriorityList",
    "PriorityListQuerySet",
]
