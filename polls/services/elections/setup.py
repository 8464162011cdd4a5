"""Elections are made, written and announced here; once voting is open the rules stay."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls import states
from polls.models import Election
from polls.services.elections.candidates import enter_locked
from polls.services.elections.inspectors import name_by_email
from polls.services.elections.locks import check_rules_open, lock_as_organizer
from polls.services.elections.log import note
from polls.services.elections.news import announce_to_members
from polls.services.elections.questions import write_questions_locked
from polls.services.elections.roll import add_people
from polls.services.elections.roll_rows import Person
from polls.services.elections.rules import check_election
from polls.validators import RESERVED_ELECTION_SLUGS
from polls.wording import one_line

SLUG_LENGTH = 80
DRAFT, HERE, ELSEWHERE = "", "here", "elsewhere"
# What tells of an election; it may be said better at any time.
INFORMATION = frozenset({"about", "eligibility", "how_to_vote", "outside_url", "result_source"})
RULES = frozenset(
    {
        "title", "slug", "body", "method", "seats", "votes_per_voter", "whole_votes", "cap_max",
        "cap_sitting", "asks_employer", "publish_ballots", "results_at", "endorsements_needed",
        "nominations_open_at", "nominations_close_at", "opens_at", "closes_at", "has_days_only",
    }
)  # fmt: skip
FIELDS = INFORMATION | RULES
Rows = Sequence[dict[str, Any]]


@transaction.atomic
def create_election(
    *,
    by: User,
    title: str,
    chapter: Chapter | None = None,
    candidates: Rows = (),
    inspectors: Sequence[str] = (),
    questions: Sequence[str] = (),
    electorate: Rows = (),
    held: str = DRAFT,
    **fields: Any,
) -> Election:
    """A new election of a chapter `by` organizes: a draft for its organizers alone.

    `candidates` are entered as they are, each `{"name"}` with `affiliation`, `profile`,
    `statement`, `links` and `email` (of their account) where there is one; `inspectors` are
    addresses of accounts; `questions` are what candidates are asked; `electorate` is the roll's
    first entries, `{"email", "reason", "name"}`. Where it is
    `held` (`HERE` or `ELSEWHERE`) makes it public at once. Further `fields` are those of the model
    in `FIELDS`; the slug comes from the title unless one is given.

    Raises ForbiddenError, InvalidError; nothing is written then.
    """
    chapter = chapter_for(by, chapter)
    election = Election(chapter=chapter, title=one_line(title))
    _enter(election, fields)
    if not fields.get("slug"):
        election.slug = _free_slug(election.title)
    check_election(election)
    _save(election)
    write_questions_locked(election, questions)
    for candidate in candidates:
        enter_locked(election, **candidate)
    for email in inspectors:
        name_by_email(election, email=email)
    if electorate:
        _write_roll(election, electorate, by)
    record("created", f"election {election.slug}", by=by, chapter=chapter)
    if held == DRAFT:
        return election
    return _publish(election, by) if held == ELSEWHERE else _announce(election, by)


@transaction.atomic
def change_election(*, election: Election, by: User, **changes: Any) -> Election:
    """Change what is said of an election, and before voting opens also its rules.

    Of one held elsewhere everything can be put right at any time. Once it is announced the log
    tells which fields were changed. Raises ForbiddenError, InvalidError, RulesFixedError.
    """
    election = lock_as_organizer(election, by)
    if not changes.get("slug", True) or election.announced_at is not None:
        changes.pop("slug", None)  # mails and the log hold the address
    if "title" in changes:
        changes["title"] = one_line(changes["title"])
    before = {name: getattr(election, name) for name in changes if name in FIELDS}
    _enter(election, changes)
    check_election(election)
    changed = sorted(name for name in before if getattr(election, name) != before[name])
    if not changed:
        return election
    if not election.is_external and not INFORMATION.issuperset(changed):
        check_rules_open(election)
    _save(election)
    if election.announced_at is not None:
        note(election, "information_changed", fields=changed)
    subject = f"election {election.slug}"
    record("changed", subject, by=by, chapter=election.chapter, fields=changed)
    return election


@transaction.atomic
def announce_election(*, election: Election, by: User) -> Election:
    """Make a draft public and tell the chapter's members, once.

    Raises ForbiddenError, ConflictError for one that is announced already or cancelled.
    """
    return _announce(lock_as_organizer(election, by), by)


@transaction.atomic
def publish_external(*, election: Election, by: User) -> Election:
    """Make a draft public as one that is held elsewhere, and tell the chapter's members.

    The site only tells of it from then on: no ballot is taken here. Raises ForbiddenError,
    TransitionError; ConflictError where it was announced as one that is held here.
    """
    return _publish(lock_as_organizer(election, by), by)


@transaction.atomic
def delete_draft(*, election: Election, by: User) -> None:
    """Delete an election nobody but its organizers has seen.

    Raises ForbiddenError; ConflictError once it is announced.
    """
    election = lock_as_organizer(election, by)
    if election.state != states.DRAFT or election.announced_at is not None:
        raise ConflictError(
            "This election is announced; its record stays. Nothing was deleted.",
            code="wrong_state",
        )
    record("deleted", f"election {election.slug}", by=by, chapter=election.chapter)
    election.delete()


def _publish(election: Election, by: User) -> Election:
    move = states.ELECTION.next(election.state, "publish")
    if election.announced_at is not None:
        raise ConflictError(
            "This election was announced as one that is held here. Cancel it, and make another.",
            code="wrong_state",
        )
    election.state = move.target
    election.save(update_fields=["state"])
    return announce_locked(election, by)


def _announce(election: Election, by: User) -> Election:
    if election.announced_at is not None or election.state != states.DRAFT:
        raise ConflictError(
            "This election is no draft any more. Nothing was changed.", code="wrong_state"
        )
    return announce_locked(election, by)


def announce_locked(election: Election, by: User) -> Election:
    """From now on everyone sees it, and members are told; the caller holds its row."""
    election.announced_at = clock.now()
    election.save(update_fields=["announced_at"])
    inspectors = list(election.inspectors.values("name", "affiliation"))
    where = ELSEWHERE if election.is_external else HERE
    note(election, "announced", title=election.title, held=where, inspectors=inspectors)
    record("announced", f"election {election.slug}", by=by, chapter=election.chapter)
    announce_to_members(election, by=by)
    return election


def _enter(election: Election, fields: dict[str, Any]) -> None:
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"An election has no {', '.join(sorted(unknown))}.")
    for name, value in fields.items():
        setattr(election, name, value)


def _save(election: Election) -> None:
    try:
        with transaction.atomic():
            election.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise InvalidError(
            f"There is an election at “{election.slug}” already.", errors={"slug": ["taken"]}
        ) from None


def _free_slug(title: str) -> str:
    """The title's own words, with a number where another election has them."""
    base = slugify(title)[: SLUG_LENGTH - 5] or "election"
    taken = set(Election.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= RESERVED_ELECTION_SLUGS
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def _write_roll(election: Election, electorate: Rows, by: User) -> None:
    try:
        add_people(election=election, people=[Person(**one) for one in electorate], by=by)
    except InvalidError as error:
        rows = error.extra.get("errors", {}).get("rows", [])
        said = [f"Row {one['row']}: {one['error']}" for one in rows]
        raise InvalidError(
            error.sentence, errors={"electorate": said or [error.sentence]}
        ) from None
