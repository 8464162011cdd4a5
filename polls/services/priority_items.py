"""The issues of a list: taken from a poll's result, written by hand, put in order."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from community.core.errors import InvalidError
from polls.exceptions import PublishedError
from polls.models import Idea, Poll, PollOption, Priority, PriorityIdea, PriorityList
from polls.selectors.results import poll_results

MOST_ISSUES = 100
_WORDS = ("title", "description")


def ranks_of(percents: Sequence[Decimal | None]) -> list[int]:
    """Ranks by percentage: one more than how many have a higher one, so that equals share.

    Where one is not known, its rank is its place in the order.
    """
    known = [percent for percent in percents if percent is not None]
    return [
        place if percent is None else 1 + sum(other > percent for other in known)
        for place, percent in enumerate(percents, start=1)
    ]


def add_from_poll(priority_list: PriorityList, poll: Poll) -> None:
    """The options of a closed poll as issues, with the cards they came from and their past."""
    options = {
        option.pk: option
        for option in PollOption.objects.filter(poll=poll).prefetch_related("ideas")
    }
    counted = sorted(
        (row for row in poll_results(poll)["options"] if row["id"] in options),
        key=lambda row: (row["rank"], options[row["id"]].position, row["id"]),
    )
    used: set[int] = set()
    for position, row in enumerate(counted, start=1):
        option = options[row["id"]]
        past = next((pk for pk in _past_of(option) if pk not in used), None)
        used |= {past} if past else set()
        issue = Priority.objects.create(
            list=priority_list,
            position=position,
            rank=row["rank"],
            title=option.title,
            description=option.description,
            percent=_decimal(row["percent"]),
            margin=_decimal(row["margin"]),
            option=option,
            carried_from_id=past,
        )
        PriorityIdea.objects.bulk_create(
            PriorityIdea(priority=issue, idea=idea) for idea in option.ideas.all()
        )


def _past_of(option: PollOption) -> list[int]:
    """The earlier issues that an option's cards, or cards merged into them, were carried from."""
    cards = Idea.objects.filter(Q(options=option) | Q(parent__options=option))
    carried = cards.exclude(carried_from=None).order_by("position", "pk")
    past = carried.values_list("carried_from", flat=True)
    return list(dict.fromkeys(pk for pk in past if pk is not None))


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(str(number)).quantize(Decimal("0.1"))


def set_items(
    priority_list: PriorityList, wanted: Sequence[dict[str, Any]]
) -> dict[str, list[Any]]:
    """Make the list's issues what `wanted` says, in its order; the caller holds its lock.

    Entries with an id change that issue, the others are new, and what is not wanted goes. Of a
    published list the words alone can be mended. Returns what was mended, for the audit trail.
    Raises PublishedError, InvalidError.
    """
    present = {issue.pk: issue for issue in priority_list.items.all()}
    rows = [_row(priority_list, present, entry) for entry in wanted]
    if len(rows) > MOST_ISSUES:
        raise InvalidError(f"A list has at most {MOST_ISSUES} issues. Nothing was saved.")
    if len({row.pk for row in rows if row.pk}) < sum(row.pk is not None for row in rows):
        raise InvalidError("One issue is there twice. Nothing was saved.")
    if priority_list.is_published:
        return {"mended": _mend(present, rows)}
    _check_words(rows)
    _put_in_order(priority_list, rows)
    gone = present.keys() - {row.pk for row in rows}
    removed = [present[pk].title for pk in gone]
    priority_list.items.filter(pk__in=gone).delete()
    for row in rows:
        row.save()
    return {"removed": removed} if removed else {}


def _row(
    priority_list: PriorityList, present: dict[int, Priority], entry: dict[str, Any]
) -> Priority:
    """The issue an entry speaks of, with what the entry says; nothing is stored yet."""
    number = entry.get("id")
    if number is not None and number not in present:
        raise InvalidError("One of the issues is not there any more. Load the page anew.")
    stored = present.get(number) if number is not None else None
    issue = Priority(list=priority_list)
    if stored is not None:
        names = [field.attname for field in Priority._meta.concrete_fields]  # noqa: SLF001 - Django's documented model API
        issue = Priority(**{name: getattr(stored, name) for name in names})
        issue._state.adding = False  # noqa: SLF001 - a copy of a stored row, to compare with it
    for name in _WORDS:
        if name in entry:
            setattr(issue, name, entry[name].strip())
    if "percent" in entry and issue.option_id is None:
        issue.percent = _decimal(entry["percent"])
    return issue


def _mend(present: dict[int, Priority], rows: list[Priority]) -> list[list[str]]:
    """Store new words of published issues; everything else must be as it is."""
    fixed = [(pk, issue.percent) for pk, issue in present.items()]
    if [(row.pk, row.percent) for row in rows] != fixed:
        raise PublishedError(
            "The list is published: its issues, their order and percentages stay as they are. "
            "Nothing was saved."
        )
    _check_words(rows)
    mended = []
    for row in rows:
        old = present[row.pk]
        if (old.title, old.description) != (row.title, row.description):
            row.save(update_fields=_WORDS)
            mended.append([old.title, row.title])
    return mended


def _check_words(rows: list[Priority]) -> None:
    for row in rows:
        try:
            row.clean_fields(exclude=["list", "position", "rank", "carried_from", "option"])
        except ValidationError as error:
            name, sentences = next(iter(error.message_dict.items()))
            raise InvalidError(f"{name}: {sentences[0]}", errors=error.message_dict) from None
        if row.percent is not None and not 0 <= row.percent <= Decimal(100):
            raise InvalidError("A percentage is from 0 to 100.", errors={"percent": ["range"]})


def _put_in_order(priority_list: PriorityList, rows: list[Priority]) -> None:
    """Number the rows. A poll's own ranks stay; others are ranked by their percentages."""
    ranks = ranks_of([row.percent for row in rows])
    for place, (row, rank) in enumerate(zip(rows, ranks, strict=True), start=1):
        row.position = place
        if row.option_id is None:
            row.rank = place if priority_list.poll_id else rank
    voted = [row.rank for row in rows if row.option_id is not None]
    if voted != sorted(voted):
        raise InvalidError(
            "The poll gave this order: only issues that share a rank can change places. "
            "Nothing was saved.",
            errors={"items": ["order"]},
        )
