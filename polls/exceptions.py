from community.core.errors import ConflictError, ForbiddenError, InvalidError


class BrainstormClosedError(ConflictError):
    default_code = "brainstorm_closed"


class ChangedMeanwhileError(ConflictError):
    """Somebody changed the same words; `idea` in the answer is how they are now."""

    default_code = "changed_meanwhile"


class PollClosedError(ConflictError):
    """The poll takes no ballots: not yet, or no longer."""

    default_code = "poll_closed"


class NotInElectorateError(ForbiddenError):
    default_code = "not_in_electorate"


class ResultsHiddenError(ForbiddenError):
    default_code = "results_hidden"


class BallotsBusyError(ConflictError):
    default_code = "ballots_busy"


class InvalidBallotError(InvalidError):
    default_code = "invalid_ballot"


class PublishedError(ConflictError):
    default_code = "published"


# priorities
class QuorumError(ConflictError):
    """Fewer ballots than the poll needed: nothing follows from it."""

    default_code = "quorum_not_reached"


class NotPublishedError(ConflictError):
    default_code = "not_published"


class AssessedError(ConflictError):
    default_code = "assessed"


class CarriedError(ConflictError):
    """The issue is there already; it is carried to a place once."""

    default_code = "already_carried"


# elections
class ElectionClosedError(ConflictError):
    """The election takes no ballots: not yet, or no longer."""

    default_code = "election_closed"


class AlreadyVotedError(ConflictError):
    """There is a ballot of this voter, and the revote code is not that ballot's."""

    default_code = "already_voted"


class NotOnRollError(ForbiddenError):
    default_code = "not_on_roll"


class VoterTokenError(ForbiddenError):
    """The personal token is unknown, replaced by a newer one, or another election's."""

    default_code = "invalid_token"


class RulesFixedError(ConflictError):
    """Voting has been opened; what was announced to voters stays as it is."""

    default_code = "rules_fixed"
