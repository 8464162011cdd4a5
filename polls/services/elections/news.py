"""Who is told what of an election's end. Each is told each thing once."""

from community.models import User
from community.services.mail import Addressed, queue_mails
from polls.letters import outcome as letters
from polls.models import Election, RollEntry
from polls.selectors.elections.roll import GONE


def tell_result(election: Election) -> None:
    """Tell everyone on the roll, whether they voted or not, that the result is out."""
    _tell_roll(election, letters.RESULT, "result")


def tell_cancelled(election: Election) -> None:
    """Tell everyone on the roll that nothing is counted, and why."""
    _tell_roll(election, letters.CANCELLED, "cancelled")


def ask_inspectors(election: Election) -> None:
    """Tell the inspectors that there is a count to look at."""
    _queue(
        election,
        letters.INSPECT,
        [
            Addressed(f"election:{election.pk}:inspect:{one.pk}", one.account, _about(election))
            for one in election.inspectors.select_related("account")
            if one.account is not None and one.account.is_active
        ],
    )


def _tell_roll(election: Election, template: str, word: str) -> None:
    roll = RollEntry.objects.filter(election=election).exclude(email__endswith=GONE)
    _queue(
        election,
        template,
        [
            Addressed(f"election:{election.pk}:{word}:{entry.pk}", _to(entry), _about(election))
            for entry in roll.select_related("account").order_by("pk")
        ],
    )


def _queue(election: Election, template: str, mails: list[Addressed]) -> None:
    queue_mails(
        mails, template=template, thread=f"election:{election.pk}", chapter=election.chapter_id
    )


def _to(entry: RollEntry) -> User | str:
    account = entry.account
    return account if account is not None and account.is_active else entry.email


def _about(election: Election) -> dict[str, int]:
    return {"election": election.pk}
