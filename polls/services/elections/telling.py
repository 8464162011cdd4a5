"""Who is told what of an election by mail: each person each thing once, never how they voted."""

from community.models import Mail, User
from community.services.mail import Addressed, queue_mail, queue_mails
from polls.letters import election_news as letters
from polls.models import Candidate, Election, Inspector
from polls.selectors.elections.information import members_told


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
