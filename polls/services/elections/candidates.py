"""Nominations, from the first word to the ballot.

Every step holds the election's row, so that it is before or after the deadline, the opening and
each other step, never beside them; behind that stand `nominated_once` and `endorsed_once`.
"""

from typing import Any

from django.db import transaction

from community.core.errors import ConflictError, ForbiddenError, InvalidError
from community.models import Membership, User
from community.services.audit import record
from community.services.limits import limit
from polls import states
from polls.models import Candidate, Election, Endorsement
from polls.services.elections.locks import (
    BEFORE_OPENING,
    check_rules_open,
    lock_as_organizer,
    lock_election,
)
from polls.services.elections.log import note
from polls.services.elections.news import tell_nominated, tell_ruled_out
from polls.services.elections.people import (
    check_not_inspector,
    hold_accounts,
    lock_candidate,
    person_at,
)
from polls.services.elections.words import checked_words
from polls.services.reasons import checked_reason
from polls.wording import look_of, one_line

MOST_CANDIDATES = 200
MOST_NOMINATED, DAY = 20, 86_400
CLOSED = "Nominations are not taken now. Nothing was changed."


@transaction.atomic
def nominate_candidate(*, election: Election, by: User, email: str = "", **words: Any) -> Candidate:
    """Nominate the account at `email`; without one, oneself, which is an acceptance too.

    `words` are `affiliation`, `profile`, `statement` and `links`, of a self-nomination alone: what
    is said in somebody's name they say themselves. The nominee is told by mail. Raises
    ForbiddenError for who is no member of the chapter, InvalidError without an account,
    ConflictError outside the time, for an inspector, and for who is nominated already,
    TooManyError beyond twenty addresses in a day.
    """
    _check_member(election, by)  # a stranger is not told who has an account here
    nominee = _nominee(email, by)
    is_self = nominee.pk == by.pk
    if words and not is_self:
        raise InvalidError("They say themselves what they stand for.", errors={"email": ["theirs"]})
    hold_accounts(by, nominee)
    election = lock_election(election)
    _check_member(election, by)
    _check_time(election)
    check_not_inspector(election, nominee.pk)
    _check_new(election, nominee.display_name, nominee)
    candidate = Candidate(
        election=election, account=nominee, name=nominee.display_name, nominated_by=by
    )
    if is_self:
        candidate.state = states.CANDIDACY.next(candidate.state, "accept").target
    for name, value in checked_words(**words).items():
        setattr(candidate, name, value)
    candidate.save()
    if not is_self:
        tell_nominated(candidate)
    return candidate


@transaction.atomic
def endorse_candidate(*, candidate: Candidate, by: User) -> Endorsement:
    """Put in a word for a nomination; a second one by the same member changes nothing.

    Raises ForbiddenError for who is no member of the chapter, and for the candidate; ConflictError
    outside the time, and where the nomination no longer stands.
    """
    hold_accounts(by)
    election, candidate = _lock(candidate)
    _check_member(election, by)
    _check_time(election)
    if candidate.account_id == by.pk:
        raise ForbiddenError("Nobody endorses themselves. Nothing was changed.")
    if candidate.state not in (states.NOMINATED, states.ACCEPTED):
        raise ConflictError(
            f"This nomination is {candidate.get_state_display()}. Nothing was changed.",
            code="wrong_state",
        )
    endorsement, _ = Endorsement.objects.get_or_create(candidate=candidate, account=by)
    return endorsement


@transaction.atomic
def withdraw_endorsement(*, candidate: Candidate, by: User) -> bool:
    """Take one's word back; whether there was one. Raises ConflictError outside the time."""
    election, candidate = _lock(candidate)
    _check_time(election)
    gone, _ = Endorsement.objects.filter(candidate=candidate, account=by).delete()
    return bool(gone)


@transaction.atomic
def accept_nomination(*, candidate: Candidate, by: User) -> Candidate:
    """Stand. Raises ForbiddenError, TransitionError, ConflictError outside the time."""
    hold_accounts(by)
    election, candidate = _lock_own(candidate, by)
    _check_time(election)
    check_not_inspector(election, candidate.account_id)
    return _move(candidate, "accept")


@transaction.atomic
def decline_nomination(*, candidate: Candidate, by: User) -> Candidate:
    """Not stand. Raises ForbiddenError, TransitionError, RulesFixedError once voting is open."""
    election, candidate = _lock_own(candidate, by)
    check_rules_open(election)
    return _move(candidate, "decline")


@transaction.atomic
def withdraw_candidacy(*, candidate: Candidate, by: User) -> Candidate:
    """Stand no longer; while voting is open one stays on the paper and cannot be elected.

    The log tells the voters. Raises ForbiddenError, TransitionError, ConflictError after the close.
    """
    election, candidate = _lock_own(candidate, by)
    if election.state not in BEFORE_OPENING and not election.takes_ballots:
        raise ConflictError(
            "Voting is over; who stood in it stays. Nothing was changed.", code="wrong_state"
        )
    _move(candidate, "withdraw")
    if candidate.is_on_ballot:
        note(election, "candidate_withdrew", candidate=candidate.pk, name=candidate.name)
    return candidate


@transaction.atomic
def rule_out_candidate(*, candidate: Candidate, reason: str, by: User) -> Candidate:
    """Take a nomination off, before voting opens; the log and the candidate are told why.

    Raises ForbiddenError, InvalidError without a reason, TransitionError, RulesFixedError.
    """
    reason = checked_reason(reason)
    election, candidate = _lock_organized(candidate, by)
    _move(candidate, "rule_out", reason)
    _note(election, "candidate_ruled_out", candidate, reason=reason)
    tell_ruled_out(candidate)
    subject = f"candidate {candidate.pk} of election {election.slug}"
    record("ruled out", subject, by=by, chapter=election.chapter, reason=reason)
    return candidate


@transaction.atomic
def reinstate_candidate(*, candidate: Candidate, reason: str, by: User) -> Candidate:
    """Take a nomination up again; one that organizers entered stands at once.

    Raises ForbiddenError, InvalidError without a reason, TransitionError, RulesFixedError, and
    ConflictError for who has become an inspector.
    """
    reason = checked_reason(reason)
    election, candidate = _lock_organized(candidate, by)
    check_not_inspector(election, candidate.account_id)
    _move(candidate, "reinstate")
    if candidate.is_entered:
        _move(candidate, "accept")
    _note(election, "candidate_reinstated", candidate, reason=reason)
    subject = f"candidate {candidate.pk} of election {election.slug}"
    record("reinstated", subject, by=by, chapter=election.chapter, reason=reason)
    return candidate


@transaction.atomic
def enter_candidate(*, election: Election, by: User, name: str = "", **words: Any) -> Candidate:
    """Enter somebody who stands, as a body that nominates by itself would: no endorsements needed.

    `words` are those of a candidate, and `email` where they have an account here. Raises
    ForbiddenError, InvalidError, ConflictError for who is there already, RulesFixedError.
    """
    election = lock_as_organizer(election, by)
    if not election.is_external:
        check_rules_open(election)
    candidate = enter_locked(election, name=name, **words)
    subject = f"candidate {candidate.pk} of election {election.slug}"
    record("entered", subject, by=by, chapter=election.chapter)
    return candidate


def enter_locked(election: Election, *, name: str = "", email: str = "", **words: Any) -> Candidate:
    """The same, for a caller who holds the election's row."""
    account = person_at(email, field="email") if email.strip() else None
    name = one_line(name) or (account.display_name if account else "")
    if not look_of(name):
        raise InvalidError("A candidate needs a name.", errors={"name": ["empty"]})
    if account is not None:
        check_not_inspector(election, account.pk)
    _check_new(election, name, account)
    candidate = Candidate(election=election, account=account, name=name, is_entered=True)
    for field, value in checked_words(name=name, **words).items():
        setattr(candidate, field, value)
    candidate.state = states.CANDIDACY.next(candidate.state, "accept").target
    candidate.save()
    return candidate


@transaction.atomic
def remove_candidate(*, candidate: Candidate, by: User) -> None:
    """Take back one that was entered by mistake, while it is nobody's but the organizers'.

    That is in a draft that is not announced, and in an election held elsewhere. Raises
    ForbiddenError, ConflictError.
    """
    election = lock_as_organizer(candidate.election, by)
    candidate = lock_candidate(candidate)
    is_ours = election.announced_at is None or election.is_external
    if not candidate.is_entered or not is_ours:
        raise ConflictError(
            "This election is announced; rule the candidate out instead, with a reason.",
            code="wrong_state",
        )
    subject = f"candidate {candidate.pk} of election {election.slug}"
    record("removed", subject, by=by, chapter=election.chapter)
    candidate.delete()


def _lock(candidate: Candidate) -> tuple[Election, Candidate]:
    """Election and candidate as they are now, in the order in which everyone takes them."""
    election = lock_election(candidate.election)
    return election, lock_candidate(candidate)


def _lock_own(candidate: Candidate, by: User) -> tuple[Election, Candidate]:
    election, candidate = _lock(candidate)
    if candidate.account_id != by.pk:
        raise ForbiddenError("Only the candidate can do this. Nothing was changed.")
    return election, candidate


def _lock_organized(candidate: Candidate, by: User) -> tuple[Election, Candidate]:
    lock_as_organizer(candidate.election, by)
    election, candidate = _lock(candidate)
    check_rules_open(election)
    return election, candidate


def _move(candidate: Candidate, event: str, reason: str = "") -> Candidate:
    candidate.state = states.CANDIDACY.next(candidate.state, event).target
    candidate.state_reason = reason
    candidate.save(update_fields=["state", "state_reason"])
    return candidate


def _note(election: Election, event: str, candidate: Candidate, *, reason: str) -> None:
    """A line of the log, of what the public could have seen."""
    if election.announced_at is not None:
        note(election, event, candidate=candidate.pk, name=candidate.name, reason=reason)


def _check_time(election: Election) -> None:
    if not election.takes_nominations:
        raise ConflictError(CLOSED, code="nominations_closed")


def _check_member(election: Election, by: User) -> None:
    if not Membership.objects.filter(chapter=election.chapter_id, user=by).exists():
        raise ForbiddenError(
            f"Members of {election.chapter.name} nominate and endorse. Join it first."
        )


def _nominee(email: str, by: User) -> User:
    if not email.strip():
        return by
    limit("nominate", by.pk, most=MOST_NOMINATED, seconds=DAY)
    return person_at(email, field="email")


def _check_new(election: Election, name: str, account: User | None) -> None:
    """Nobody stands twice: neither by their account nor, without one, by their name."""
    look = look_of(name)
    there = list(Candidate.objects.filter(election=election))
    if len(there) >= MOST_CANDIDATES:
        raise ConflictError(f"An election has at most {MOST_CANDIDATES} candidates.")
    for one in there:
        is_same_account = account is not None and one.account_id == account.pk
        has_both = account is not None and one.account_id is not None
        if is_same_account or (not has_both and look_of(one.name) == look):
            raise ConflictError(
                f"{one.name} is nominated already. Nothing was changed.", code="already_nominated"
            )
