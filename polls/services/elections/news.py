"""Who is told what of an election by mail: each person each thing once, never how they voted."""

from community.models import Mail, User
from community.services.mail import Addressed, queue_mail, queue_mails
from polls.letters import election_news as letters
from polls.letters import election_outcome as outcome
from polls.models import Candidate, Election, Inspector, RollEntry
from polls.selectors.elections.information import members_told
from polls.selectors.elections.roll import GONE


def announce_to_members(election: Election, *, by: User) -> None:
    """Tell the chapter's members that there is an election; not the one who announced it."""
    people = members_told(election).exclude(pk=by.pk)
    tell_members(election, letters.ANNOUNCED, "announced", list(people))


def tell_members(election: Election, template: str, word: str, people: list[User]) -> int:
    """One mail of `template` to each of `people`; `word` is what they are told once; how many."""
    about = {"election": election.pk, "word": word}
    queue_mails(
        [Addressed(f"election:{election.pk}:{word}:{one.pk}", one, about) for one in people],
        template=template,
        thread=letters.thread_of(election),
        chapter=election.chapter_id,
    )
    return len(people)


def tell_nominated(candidate: Candidate) -> None:
    """Ask the nominee whether they stand."""
    _tell_candidate(candidate, letters.NOMINATED, "nominated")


def tell_reminded(candidate: Candidate) -> int:
    """Remind a nominee who has not answered, once; how many mails were new."""
    key = f"election:{candidate.election_id}:closing:{candidate.pk}"
    if Mail.objects.filter(key=key).exists():
        return 0
    _tell_candidate(candidate, letters.CLOSING, "closing")
    return 1


def tell_ruled_out(candidate: Candidate) -> None:
    """Tell a candidate that they were ruled out, and why; as often as it happens."""
    _tell_candidate(candidate, letters.RULED_OUT, f"ruled_out:{candidate.election.log.count()}")


def tell_inspector(inspector: Inspector) -> None:
    """Tell somebody that they were named an inspector."""
    account, election = inspector.account, inspector.election
    if account is None:
        return
    queue_mail(
        key=f"election:{election.pk}:inspector:{inspector.pk}",
        to=account,
        template=letters.INSPECTOR,
        about={"inspector": inspector.pk},
        thread=letters.thread_of(election),
        chapter=election.chapter_id,
    )


def _tell_candidate(candidate: Candidate, template: str, word: str) -> None:
    account, election = candidate.account, candidate.election
    if account is None or not account.is_active:
        return
    queue_mail(
        key=f"election:{election.pk}:{word}:{candidate.pk}",
        to=account,
        template=template,
        about={"candidate": candidate.pk},
        thread=letters.thread_of(election),
        chapter=election.chapter_id,
    )


def tell_result(election: Election) -> None:
    """Tell everyone on the roll, whether they voted or not, that the result is out."""
    _tell_roll(election, outcome.RESULT, "result")


def tell_cancelled(election: Election) -> None:
    """Tell everyone on the roll that nothing is counted, and why."""
    _tell_roll(election, outcome.CANCELLED, "cancelled")


def ask_inspectors(election: Election) -> None:
    """Tell the inspectors that there is a count to look at."""
    _queue(
        election,
        outcome.INSPECT,
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
