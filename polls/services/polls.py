"""Polls are made and written here. Once one is open its question and options are fixed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from community.core import clock
from community.core.errors import ConflictError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from meetups.services.chapters import chapter_for
from polls import states
from polls.models import Poll, PollVoter
from polls.services.moves import check_can_open, check_year, lock_poll, open_locked, settle_poll
from polls.services.options import write_options
from polls.validators import RESERVED_SLUGS
from polls.wording import look_of, one_line

MOST_ADDRESSES = 5000
SLUG_LENGTH = 80
FIELDS = frozenset(
    {
        "title", "slug", "description", "purpose", "method", "most_ranked", "dots", "electorate",
        "meetup", "brainstorm", "is_public", "opens_at", "closes_at", "quorum",
    }
)  # fmt: skip
Options = Sequence[str | dict[str, Any]]


@transaction.atomic
def create_poll(
    *,
    by: User,
    title: str,
    chapter: Chapter | None = None,
    options: Options = (),
    emails: Iterable[str] = (),
    **fields: Any,
) -> Poll:
    """A new poll of a chapter `by` organizes.

    With `opens_at` come it opens at once, with a later one by itself then, without one it is a
    draft for organizers alone. `options` are titles, or `{"title", "description", "ideas"}` with
    the cards it was made from; `emails` is the list of voters where the electorate is one; further
    `fields` are those of the model in `FIELDS`. The slug comes from the title unless one is given.

    Raises ForbiddenError, InvalidError.
    """
    chapter = chapter_for(by, chapter)
    poll = Poll(chapter=chapter, title=one_line(title))
    _enter(poll, fields)
    if not fields.get("slug"):
        poll.slug = _free_slug(poll.title)
    _check(poll)
    _save(poll)
    write_options(poll, options)
    _write_voters(poll, emails)
    record("created", f"poll {poll.slug}", by=by, chapter=chapter)
    return _after_writing(poll, by)


@transaction.atomic
def change_poll(
    *,
    poll: Poll,
    by: User,
    options: Options | None = None,
    emails: Iterable[str] | None = None,
    **changes: Any,
) -> Poll:
    """Change a draft: its fields, its options where they are given, and its list of voters.

    An option goes on with its cards and its description where its title stays, or its line.
    Raises ForbiddenError, InvalidError, ConflictError for one that is not a draft any more.
    """
    chapter_for(by, poll.chapter)
    poll = lock_poll(settle_poll(poll))
    if poll.state != states.DRAFT:
        raise ConflictError(
            f"This poll is {poll.state}; what it asks stays as it is. Nothing was changed.",
            code="wrong_state",
        )
    if "title" in changes:
        changes["title"] = one_line(changes["title"])
    if not changes.get("slug", True):
        del changes["slug"]  # an address once given stays
    _enter(poll, changes)
    _check(poll)
    _save(poll)
    if options is not None:
        write_options(poll, options)
    if emails is not None:
        _write_voters(poll, emails)
    fields = sorted(changes)
    record("changed", f"poll {poll.slug}", by=by, chapter=poll.chapter, fields=fields)
    return _after_writing(poll, by)


@transaction.atomic
def delete_draft(*, poll: Poll, by: User) -> None:
    """Delete a poll that never opened. Raises ForbiddenError; ConflictError once it is no draft."""
    chapter_for(by, poll.chapter)
    poll = lock_poll(poll)
    if poll.state != states.DRAFT:
        raise ConflictError(
            f"This poll is {poll.state}; what was voted stays on record. Nothing was deleted.",
            code="wrong_state",
        )
    record("deleted", f"poll {poll.slug}", by=by, chapter=poll.chapter)
    poll.delete()


def _enter(poll: Poll, fields: dict[str, Any]) -> None:
    unknown = fields.keys() - FIELDS
    if unknown:
        raise TypeError(f"A poll has no {', '.join(sorted(unknown))}.")
    for name, value in fields.items():
        setattr(poll, name, value)


def _check(poll: Poll) -> None:
    """What the model's own validators say, in the API's form, and what goes together."""
    if poll.slug in RESERVED_SLUGS:
        raise InvalidError("Choose another address.", errors={"slug": ["reserved"]})
    if poll.electorate == Poll.Electorate.MEETUP and poll.meetup is None:
        raise InvalidError("Say which meetup's guests vote.", errors={"electorate": ["no meetup"]})
    for name in ("meetup", "brainstorm"):
        thing = getattr(poll, name)
        if thing is not None and thing.chapter_id != poll.chapter_id:
            raise InvalidError(
                f"That {name} is not one of this chapter's.", errors={name: ["another chapter's"]}
            )
    if poll.opens_at and poll.closes_at and poll.closes_at <= poll.opens_at:
        raise InvalidError(
            "The poll must close after it opens.", errors={"closes_at": ["too early"]}
        )
    for name in ("opens_at", "closes_at"):
        check_year(name, getattr(poll, name))
    if not look_of(poll.title):
        raise InvalidError("A poll needs a title.", errors={"title": ["empty"]})
    try:
        poll.clean_fields(exclude=["chapter"])
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise InvalidError(f"{name}: {sentences[0]}", errors=error.message_dict) from None


def _save(poll: Poll) -> None:
    try:
        with transaction.atomic():
            poll.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise InvalidError(
            f"There is a poll at “{poll.slug}” already.", errors={"slug": ["taken"]}
        ) from None


def _free_slug(title: str) -> str:
    """The title's own words, with a number where another poll has them."""
    base = slugify(title)[: SLUG_LENGTH - 5] or "poll"
    taken = set(Poll.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= RESERVED_SLUGS
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


def _write_voters(poll: Poll, emails: Iterable[str]) -> None:
    """The list of voters, in lower case and each once; empty where the electorate is no list."""
    is_listed = poll.electorate == Poll.Electorate.EMAILS
    wanted = {email.strip().lower() for email in emails if email.strip()} if is_listed else set()
    if len(wanted) > MOST_ADDRESSES:
        raise InvalidError(
            f"A list has at most {MOST_ADDRESSES} addresses.", errors={"electorate": ["too long"]}
        )
    for email in sorted(wanted):
        try:
            validate_email(email)
        except ValidationError:
            raise InvalidError(
                f"“{email[:80]}” is no e-mail address. Nothing was saved.",
                errors={"electorate": [f"no address: {email[:80]}"]},
            ) from None
    PollVoter.objects.filter(poll=poll).exclude(email__in=wanted).delete()
    rows = [PollVoter(poll=poll, email=email) for email in sorted(wanted)]
    PollVoter.objects.bulk_create(rows, ignore_conflicts=True)


def _after_writing(poll: Poll, by: User) -> Poll:
    """Open what is to open now; see to it that what opens by itself will be able to."""
    if poll.opens_at is None:
        return poll
    if poll.opens_at > clock.now():
        check_can_open(poll, after=poll.opens_at)
        return poll
    poll.opens_at = clock.now()
    return open_locked(poll, by=by)
