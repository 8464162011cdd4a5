from polls.models.ballot import Ballot, PollResult
from polls.models.brainstorm import Author, Brainstorm, BrainstormQuerySet, Idea, IdeaEvent
from polls.models.candidate import (
    Campaign,
    Candidate,
    CandidateAnswer,
    ElectionQuestion,
    Endorsement,
)
from polls.models.election import (
    Election,
    ElectionEntry,
    ElectionQuerySet,
    ElectionResult,
    Inspector,
    OutsideResult,
)
from polls.models.poll import Poll, PollEntry, PollOption, PollQuerySet, PollVoter
from polls.models.priority import (
    Assessment,
    Outlook,
    Priority,
    PriorityIdea,
    PriorityList,
    PriorityListQuerySet,
)
from polls.models.roll import RollEntry, RollRequest
from polls.models.secret_ballot import SecretBallot

__all__ = [
    "Assessment",
    "Author",
    "Ballot",
    "Brainstorm",
    "BrainstormQuerySet",
    "Campaign",
    "Candidate",
    "CandidateAnswer",
    "Election",
    "ElectionEntry",
    "ElectionQuerySet",
    "ElectionQuestion",
    "ElectionResult",
    "Endorsement",
    "Idea",
    "IdeaEvent",
    "Inspector",
    "Outlook",
    "OutsideResult",
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
    "RollEntry",
    "RollRequest",
    "SecretBallot",
]
