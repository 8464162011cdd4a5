"""Lists of priorities: made from a closed poll or by hand, published, taken back.

Every write holds the list's row, so that who assesses, who carries over and who withdraws take
turns, and each sees what the one before has done.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from community.core import clock
from community.core.errors import ConflictError, InvalidError, NotFoundError
from community.models import Chapter, User
from community.selectors.people import account_of
from community.services.audit import record
from meetups.exceptions import RecordedError
from meetups.models import Meetup
from meetups.services.chapters import chapter_for
from meetups.services.parts import check_version
from polls.exceptions import AssessedError, NotPublishedError, PublishedError, QuorumError
from polls.models import Assessment, Poll, Priority, PriorityList
from polls.selectors.priorities import LIST_FIELDS, list_version
from polls.selectors.results import is_quorum_met, poll_outcome
from polls.services.priority_items import add_from_poll, set_items
from polls.wording import look_of

# Addresses of pages, which no list may have.
RESERVED_SLUGS = frozenset({"new", "outlooks"})
# How the percentage comes about, as the tallies work it out.
METHODS = {
    Poll.Method.RANKED: "ranked ballots, normalised Borda",
    Poll.Method.SCORE: "scores, mean share of the maximum",
    Poll.Method.APPROVAL: "approval, share of the ballots",
    Poll.Method.DOTS: "dots, share of all dots",
}
_BY_THE_POLL = frozenset({"method", "voters"})


def lock_list(pk: int) -> PriorityList:
    """The list with its row locked: whoever has it writes next."""
    return PriorityList.objects.select_for_update(of=("self",)).select_related("chapter").get(pk=pk)


def hold_issue(pk: int) -> Priority:
    """The issue as it is, kept in place until the transaction ends. Raises NotFoundError."""
    issues = Priority.objects.select_for_update(no_key=True, of=("self",))
    found = issues.select_related("list").filter(pk=pk).first()
    if found is None:
        raise NotFoundError("This issue is not there any more.")
    return found


def check_own(priority_list: PriorityList, by: User) -> None:
    """Raise ForbiddenError unless `by` organizes the list, RecordedError for one of the archive."""
    chapter_for(by, priority_list.chapter)
    if priority_list.season_id is not None:
        raise RecordedError("This list is on record as the group published it. It stays as it is.")


@transaction.atomic
def create_list(
    *,
    by: User,
    title: str,
    slug: str = "",
    chapter: Chapter | None = None,
    poll: Poll | None = None,
    items: Sequence[dict[str, Any]] = (),
    observers: Iterable[str] | None = None,
    **fields: Any,
) -> PriorityList:
    """A draft: with a closed poll's options in the order of its result, or with `items`.

    Raises ForbiddenError, InvalidError; ResultsHiddenError for a poll that is not closed,
    QuorumError for one that had too few ballots, ConflictError for one without any.
    """
    chapter = chapter_for(by, poll.chapter if poll else chapter)
    made = PriorityList(chapter=chapter, title=title, slug=slug or slugify(title)[:80])
    if poll is not None:
        if items:
            raise InvalidError("The poll gives the issues. Send either.", errors={"items": ["two"]})
        fields |= _facts_of(poll)
    _set(made, fields, by)
    _save(made)
    if poll is not None:
        add_from_poll(made, poll)
    elif items:
        set_items(made, items)
    if observers is not None:
        _set_observers(made, observers)
    record("created", f"priorities {made.slug}", by=by, chapter=chapter, poll=poll and poll.slug)
    return made


def _facts_of(poll: Poll) -> dict[str, Any]:
    """What a list says of the poll it comes from; refuses one from which nothing follows."""
    poll = Poll.objects.select_related("result").get(pk=poll.pk)
    outcome = poll_outcome(poll)
    ballots = outcome.ballots
    if is_quorum_met(poll, outcome) is False:
        raise QuorumError(
            f"The poll had {ballots} ballots and needed {poll.quorum}: no priorities follow from "
            "it. Nothing was made."
        )
    if not ballots:
        raise ConflictError("Nobody voted in this poll. Nothing was made.", code="no_ballots")
    return {
        "poll": poll,
        "brainstorm": poll.brainstorm,
        "method": METHODS[Poll.Method(poll.method)],
        "voters": ballots,
    }


@transaction.atomic
def change_list(
    *,
    priority_list: PriorityList,
    by: User,
    items: Sequence[dict[str, Any]] | None = None,
    observers: Iterable[str] | None = None,
    version: str | None = None,
    **changes: Any,
) -> PriorityList:
    """Change what is said of a list, its observers (by the addresses of members), its issues.

    `version` is what `list_version` said when it was read; without it the last one wins.

    Raises ForbiddenError, RecordedError, ChangedMeanwhileError, InvalidError, PublishedError.
    """
    locked = lock_list(priority_list.pk)
    check_own(locked, by)
    if version is not None:
        check_version(version, list_version(locked))
    if locked.poll_id is not None:
        changes = {name: value for name, value in changes.items() if name not in _BY_THE_POLL}
    _set(locked, changes, by)
    _save(locked)
    if observers is not None:
        _set_observers(locked, observers)
    mended = set_items(locked, items) if items is not None else {}
    record(
        "changed", f"priorities {locked.slug}", by=by, chapter=locked.chapter,
        fields=sorted(changes), **mended,
    )  # fmt: skip
    return locked


@transaction.atomic
def change_item(*, priority: Priority, by: User, **changes: Any) -> Priority:
    """Change one issue's words, or a percentage that no poll gave while the list is a draft.

    Raises ForbiddenError, RecordedError, InvalidError, PublishedError.
    """
    locked = lock_list(priority.list_id)
    check_own(locked, by)
    order = locked.items.order_by("position").values_list("pk", flat=True)
    items = [{"id": pk} | (changes if pk == priority.pk else {}) for pk in order]
    mended = set_items(locked, items)
    record(
        "changed", f"issue {priority.pk} of priorities {locked.slug}", by=by,
        chapter=locked.chapter, fields=sorted(changes), **mended,
    )  # fmt: skip
    return locked.items.get(pk=priority.pk)


@transaction.atomic
def publish_list(*, priority_list: PriorityList, by: User) -> PriorityList:
    """Show the list to everyone; from now on order and percentages stay.

    Raises ForbiddenError, RecordedError, PublishedError, ConflictError for one without issues.
    """
    locked = lock_list(priority_list.pk)
    check_own(locked, by)
    if locked.is_published:
        raise PublishedError("This list is published already.")
    if not locked.items.exists():
        raise ConflictError("A list needs an issue before it can be published.", code="empty")
    locked.published_at = clock.now()
    locked.save(update_fields=["published_at"])
    record("published", f"priorities {locked.slug}", by=by, chapter=locked.chapter)
    return locked


@transaction.atomic
def withdraw_list(*, priority_list: PriorityList, by: User) -> PriorityList:
    """Make a published list a draft again, while nobody has assessed it.

    Raises ForbiddenError, RecordedError, NotPublishedError, AssessedError.
    """
    locked = lock_list(priority_list.pk)
    check_own(locked, by)
    if not locked.is_published:
        raise NotPublishedError("This list is a draft already.")
    if Assessment.objects.filter(priority__list=locked).exists():
        raise AssessedError("Observers have assessed this list. It stays published.")
    locked.published_at = None
    locked.save(update_fields=["published_at"])
    record("withdrew", f"priorities {locked.slug}", by=by, chapter=locked.chapter)
    return locked


def _set(priority_list: PriorityList, fields: dict[str, Any], by: User) -> None:
    unknown = fields.keys() - {*LIST_FIELDS, "summit", "poll", "brainstorm"}
    if unknown:
        raise InvalidError(f"{', '.join(sorted(unknown))}: not known.")
    for name, value in fields.items():
        setattr(priority_list, name, value)
    summit = priority_list.summit
    if summit is not None and not Meetup.objects.visible_to(by).filter(pk=summit.pk).exists():
        raise InvalidError("There is no such summit.", errors={"summit": ["not known"]})


def _save(priority_list: PriorityList) -> None:
    if not look_of(priority_list.title):
        raise InvalidError("A list needs a title.", errors={"title": ["empty"]})
    if not priority_list.slug or priority_list.slug in RESERVED_SLUGS:
        raise InvalidError("Choose another address.", errors={"slug": ["reserved"]})
    try:
        with transaction.atomic():
            priority_list.save()
    except IntegrityError as error:
        if "slug" not in str(error):
            raise
        raise InvalidError(
            f"There is a list at “{priority_list.slug}” already.", errors={"slug": ["taken"]}
        ) from None


def _set_observers(priority_list: PriorityList, addresses: Iterable[str]) -> None:
    named = list(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    found = {address: account_of(address) for address in named}
    members = set(
        priority_list.chapter.memberships.filter(
            user__in=[user.pk for user in found.values() if user], user__is_active=True
        ).values_list("user", flat=True)
    )
    strangers = [address for address, user in found.items() if not user or user.pk not in members]
    if strangers:
        raise InvalidError(
            f"No member of {priority_list.chapter.name} has the address {strangers[0]}. "
            "Nothing was saved.",
            errors={"observers": [f"{address}: not a member" for address in strangers]},
        )
    priority_list.observers.set([user for user in found.values() if user])
