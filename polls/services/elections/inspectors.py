"""Inspectors are named and released here: never candidates, at most two of one company.

Both sides of that rule are looked at under the election's row lock, so a nomination that is
accepted and an inspector who is named at the same moment cannot both come through.
"""

from collections import Counter

from django.db import transaction

from community.core.errors import ConflictError, InvalidError
from community.models import User
from community.services.audit import record
from polls import states
from polls.models import Election, Inspector
from polls.services.elections.locks import lock_as_organizer
from polls.services.elections.log import note
from polls.services.elections.news import tell_inspector
from polls.services.elections.people import check_not_candidate, hold_accounts, person_at
from polls.services.elections.rules import LONGEST_COMPANY
from polls.services.elections.signatures import certify_when_signed
from polls.services.reasons import checked_reason
from polls.tally.cap import affiliation_key
from polls.wording import one_line

MOST_OF_ONE_COMPANY = 2
BEHIND_THE_VOTE = frozenset({states.CLOSED, states.SEALED, states.COUNTED})
OVER = frozenset({states.CERTIFIED, states.CANCELLED, states.EXTERNAL})


@transaction.atomic
def name_inspector(
    *, election: Election, account: User, affiliation: str = "", by: User
) -> Inspector:
    """Name `account` an inspector; it is told by mail, and the log says so.

    An empty `affiliation` is nobody's company. Raises ForbiddenError, InvalidError for a third of
    one company, and ConflictError for a candidate, one named already, or a certified election.
    """
    hold_accounts(account)
    election = lock_as_organizer(election, by)
    inspector = _name(election, account, affiliation)
    record("named an inspector of", f"election {election.slug}", by=by, chapter=election.chapter)
    return inspector


def name_by_email(election: Election, *, email: str, affiliation: str = "") -> Inspector:
    """The same for the account at `email`, while the caller makes the election."""
    account = person_at(email, field="inspectors")
    return _name(election, account, affiliation)


@transaction.atomic
def release_inspector(*, inspector: Inspector, reason: str, by: User) -> None:
    """Take an inspector back; the log keeps their name, and why.

    Where theirs was the last signature that a counted election waited for, it is certified.
    Raises ForbiddenError, InvalidError without a reason, ConflictError once it is certified.
    Where nobody is left, and only then, a successor may be named after the vote.
    """
    reason = checked_reason(reason)
    election = lock_as_organizer(inspector.election, by)
    _check_not_over(election)
    found = Inspector.objects.filter(pk=inspector.pk, election=election).first()
    if found is None:
        raise ConflictError("They are no inspector any more.", code="wrong_state")
    facts = {"name": found.name, "company": found.affiliation}
    found.delete()
    if election.announced_at is not None:
        note(election, "inspector_released", reason=reason, **facts)
    certify_when_signed(election)
    subject = f"election {election.slug}"
    record("released an inspector of", subject, by=by, chapter=election.chapter, reason=reason)


def _name(election: Election, account: User, affiliation: str) -> Inspector:
    _check_not_over(election)
    # Where the last has deleted their account, nobody else could certify the result.
    if election.state in BEHIND_THE_VOTE and election.inspectors.exists():
        raise ConflictError(
            "Voting is over; a new inspector would see the count before everyone else does.",
            code="wrong_state",
        )
    affiliation = one_line(affiliation)
    if len(affiliation) > LONGEST_COMPANY:
        raise InvalidError(
            f"A company's name has at most {LONGEST_COMPANY} characters.",
            errors={"affiliation": ["too long"]},
        )
    if Inspector.objects.filter(election=election, account=account).exists():
        raise ConflictError(
            f"{account.display_name} is an inspector of this election already.",
            code="already_inspector",
        )
    check_not_candidate(election, account.pk)
    _check_company(election, affiliation)
    inspector = Inspector.objects.create(
        election=election, account=account, name=account.display_name, affiliation=affiliation
    )
    if election.announced_at is not None:  # the announcement names those of a draft
        note(election, "inspector_named", name=inspector.name, company=affiliation)
    tell_inspector(inspector)
    return inspector


def _check_company(election: Election, affiliation: str) -> None:
    company = affiliation_key(affiliation)
    companies = Counter(affiliation_key(one.affiliation) for one in election.inspectors.all())
    if company and companies[company] >= MOST_OF_ONE_COMPANY:
        raise InvalidError(
            f"Two inspectors of {affiliation} are named already; a third would be too many. "
            "Nothing was changed.",
            errors={"affiliation": ["at most two of one company"]},
        )


def _check_not_over(election: Election) -> None:
    if election.state in OVER:
        raise ConflictError(
            f"This election is {election.get_state_display()}; its inspectors stay as they are.",
            code="wrong_state",
        )
