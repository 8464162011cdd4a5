"""The one lock under which an election is changed; ballots share it and wait for its holder."""

from community.models import User
from meetups.exceptions import RecordedError
from meetups.services.chapters import chapter_for
from polls import states
from polls.exceptions import RulesFixedError
from polls.models import Election

BEFORE_OPENING = frozenset({states.DRAFT, states.NOMINATING})


def lock_election(election: Election) -> Election:
    """The election with its row locked until the transaction ends."""
    return (
        Election.objects.select_for_update(no_key=True, of=("self",))
        .select_related("chapter")
        .get(pk=election.pk)
    )


def lock_as_organizer(election: Election, by: User) -> Election:
    """The same, for an organizer of its chapter.

    Raises ForbiddenError, and RecordedError for one of a recorded season.
    """
    chapter_for(by, election.chapter)
    if election.season_id is not None:
        raise RecordedError("This election is on record as it was printed. It stays as it is.")
    return lock_election(election)


def check_rules_open(election: Election) -> None:
    """Raise RulesFixedError once voting was opened; the caller holds the row."""
    if election.state not in BEFORE_OPENING:
        raise RulesFixedError(
            f"This election is {election.get_state_display()}; its rules, candidates and roll "
            "stay as they were announced. Nothing was changed."
        )
