"""What the polls app holds on a person's voting."""

from typing import Any

from community.models import User
from community.services.own_data import replace_text
from community.services.personal import addresses_of
from polls import states
from polls.models import Ballot, Poll, PollEntry, PollOption, PollVoter
from polls.services.moves import lock_poll


def ballot_data(user: User) -> list[dict[str, Any]]:
    """One's own ballots, and the titles of the options they name."""
    ballots = Ballot.objects.filter(voter=user).select_related("poll").order_by("cast_at", "pk")
    titles = dict(
        PollOption.objects.filter(poll__in=ballots.values("poll")).values_list("pk", "title")
    )
    return [
        {
            "poll": ballot.poll.slug,
            "title": ballot.poll.title,
            "choices": ballot.choices,
            "options": {str(pk): titles[pk] for pk in _named(ballot.choices)},
            "cast_at": ballot.cast_at,
            "changed_at": ballot.changed_at,
        }
        for ballot in ballots
    ]


def _named(choices: dict[str, Any]) -> list[int]:
    return [int(number) for given in choices.values() for number in given]


def voter_list_data(user: User) -> list[dict[str, Any]]:
    """The lists of voters on which one of the account's addresses stands."""
    rows = PollVoter.objects.filter(email__in=addresses_of(user)).order_by("poll", "email")
    return [dict(row) for row in rows.values("poll__slug", "email")]


def erase_ballot_data(user: User, addresses: frozenset[str]) -> None:
    """Ballots that are counted stay, as nobody's; those in open polls are taken back.

    Otherwise who makes an account anew would be counted twice. The addresses leave every list.
    """
    mine = Poll.objects.filter(ballots__voter=user).exclude(state=states.CLOSED)
    for poll in mine.order_by("pk"):
        if lock_poll(poll).state != states.CLOSED:
            Ballot.objects.filter(poll=poll, voter=user).delete()
    Ballot.objects.filter(voter=user).update(voter=None)
    PollVoter.objects.filter(email__in=addresses).delete()
    for word in filter(None, (user.name, *addresses)):
        replace_text(PollEntry.objects.filter(by=user), ("reason",), word)
    PollEntry.objects.filter(by=user).update(by=None)
