"""Who is told what of a poll. Each is told each thing once."""

from collections.abc import Iterable

from community.models import User
from community.services.mail import Addressed, queue_mails
from polls.letters.poll import CANCELLED, CLOSED, OPENED, thread_of
from polls.models import Ballot, Poll
from polls.selectors.electorate import addresses_without_account, voters_of


def queue_about(poll: Poll, template: str, word: str, to: Iterable[User | str]) -> None:
    """One mail of `template` to each of `to`; `word` is what they are told once."""
    queue_mails(
        [Addressed(f"poll:{poll.pk}:{word}:{_name(one)}", one, _about(poll, one)) for one in to],
        template=template,
        thread=thread_of(poll),
        chapter=poll.chapter_id,
    )


def _name(one: User | str) -> str:
    return one[:120] if isinstance(one, str) else str(one.pk)


def _about(poll: Poll, one: User | str) -> dict[str, int]:
    about = {"poll": poll.pk}
    return about if isinstance(one, str) else about | {"voter": one.pk}


def announce_poll(poll: Poll, *, by: User | None) -> None:
    """Tell the electorate that it can vote; not the one who opened the poll."""
    people = [user for user in voters_of(poll) if by is None or user.pk != by.pk]
    addresses = [voter.email for voter in addresses_without_account(poll)]
    queue_about(poll, OPENED, "opened", [*people, *addresses])


def tell_result(poll: Poll) -> None:
    """Tell those who voted what came of it."""
    queue_about(poll, CLOSED, "closed", _who_voted(poll))


def tell_cancelled(poll: Poll) -> None:
    """Tell those who voted that nothing is counted, and why."""
    queue_about(poll, CANCELLED, "cancelled", _who_voted(poll))


def _who_voted(poll: Poll) -> list[User]:
    voted = Ballot.objects.filter(poll=poll, voter__isnull=False)
    return list(User.objects.filter(pk__in=voted.values("voter"), is_active=True).order_by("pk"))
