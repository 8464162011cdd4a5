"""Who may be what in an election: nobody is candidate and inspector of the same."""

from community.core.errors import ConflictError, InvalidError, NotFoundError
from community.models import User
from community.selectors.people import account_of
from community.services.accounts import hold_account
from polls import states
from polls.models import Candidate, Election, Inspector


def hold_accounts(*people: User | None) -> None:
    """Keep these accounts from being erased until the transaction ends; in one order for all."""
    known = {person.pk: person for person in people if person is not None}
    for _, person in sorted(known.items()):
        hold_account(person)


def person_at(email: str, *, field: str) -> User:
    """The account at `email`. Raises InvalidError, with `field` as the place, without one."""
    found = account_of(email) if email.strip() else None
    if found is None or not found.is_active:
        raise InvalidError(
            f"Nobody has signed up here as “{email.strip()[:80]}”. Ask them to, then come back.",
            errors={field: ["no account"]},
        )
    return found


def lock_candidate(candidate: Candidate) -> Candidate:
    """The candidate with its row locked; the caller holds the election's, which comes first.

    Raises NotFoundError for one that was taken back meanwhile.
    """
    found = Candidate.objects.select_for_update(no_key=True).filter(pk=candidate.pk).first()
    if found is None:
        raise NotFoundError("There is no such candidate any more.")
    return found


def check_not_inspector(election: Election, account_id: int | None) -> None:
    """Raise ConflictError for an inspector; the caller holds the election's row."""
    if (
        account_id is not None
        and Inspector.objects.filter(election=election, account=account_id).exists()
    ):
        raise ConflictError(
            "An inspector of an election cannot stand in it. Nothing was changed.",
            code="is_inspector",
        )


def check_not_candidate(election: Election, account_id: int) -> None:
    """Raise ConflictError for who stands or may yet; the caller holds the election's row."""
    rows = Candidate.objects.filter(election=election, account=account_id)
    if any(row.is_on_ballot or row.state in (states.NOMINATED, states.ACCEPTED) for row in rows):
        raise ConflictError(
            "A candidate of an election cannot inspect it. Nothing was changed.",
            code="is_candidate",
        )
