"""The words a chapter has for how an issue looks. They are its own; a used word stays."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction

from community.core.errors import ConflictError, InvalidError
from community.models import Chapter, User
from community.services.audit import record
from community.services.chapters import check_runs, lock_chapter
from polls.models import Outlook
from polls.selectors.priorities import outlooks_of

MOST_OUTLOOKS = 60
LONGEST_WORD = 60  # characters
Tone = Outlook.Tone
# What the page offers to begin with.
NEUTRAL = (
    ("Strong", Tone.GOOD),
    ("Moving", Tone.ATTENTION),
    ("Stalled", Tone.BAD),
    ("No comment", Tone.INACTIVE),
)


@transaction.atomic
def add_outlook(*, chapter: Chapter, word: str, by: User, tone: str = Tone.INACTIVE) -> Outlook:
    """A new word at the end. Raises ForbiddenError, InvalidError."""
    return _set_all(chapter, by, added=[{"word": word, "tone": tone}])[-1]


@transaction.atomic
def begin_outlooks(*, chapter: Chapter, by: User) -> list[Outlook]:
    """The neutral set, for a chapter without words. Raises ForbiddenError, ConflictError."""
    check_runs(chapter, by)
    if Outlook.objects.filter(chapter=lock_chapter(chapter)).exists():
        raise ConflictError("The group has its own words already.", code="has_outlooks")
    return _set_all(chapter, by, added=[{"word": word, "tone": tone} for word, tone in NEUTRAL])


@transaction.atomic
def change_outlook(*, outlook: Outlook, by: User, **changes: Any) -> Outlook:
    """Rename a word nobody used, give it a tone or place, retire it, or offer it again.

    Raises ForbiddenError, InvalidError, ConflictError for a new name of a used word.
    """
    changed = _set_all(outlook.chapter, by, changed={outlook.pk: changes})
    return next(row for row in changed if row.pk == outlook.pk)


@transaction.atomic
def save_outlooks(*, chapter: Chapter, rows: Sequence[dict[str, Any]], by: User) -> list[Outlook]:
    """All words in their order: rows with an id change that word, the others are new.

    What is not named stays where nobody could have meant to take it away: words are retired by
    `is_offered`. Raises ForbiddenError, InvalidError, ConflictError.
    """
    known = {row["id"]: row for row in rows if row.get("id")}
    changed = {
        pk: {name: value for name, value in row.items() if name != "id"}
        for pk, row in known.items()
    }
    for place, row in enumerate(rows):
        if row.get("id"):
            changed[row["id"]]["position"] = place
    added = [row for row in rows if not row.get("id")]
    return _set_all(chapter, by, changed=changed, added=added)


def _set_all(
    chapter: Chapter,
    by: User,
    *,
    changed: dict[int, dict[str, Any]] | None = None,
    added: Sequence[dict[str, Any]] = (),
) -> list[Outlook]:
    """The one place where words are written; the chapter's row makes writers take turns."""
    check_runs(chapter, by)
    chapter = lock_chapter(chapter)
    present = {row.pk: row for row in outlooks_of(chapter).select_for_update(of=("self",))}
    for pk, values in (changed or {}).items():
        if pk not in present:
            raise InvalidError("One of the words is not there any more. Load the page anew.")
        _change(present[pk], values)
    last = max((row.position for row in present.values()), default=-1)
    new = [
        Outlook(chapter=chapter, position=last + place, is_offered=True)
        for place, _ in enumerate(added, start=1)
    ]
    for row, values in zip(new, added, strict=True):
        _change(row, values)
    _check(list(present.values()) + new)
    try:
        with transaction.atomic():
            for row in [*present.values(), *new]:
                row.save()
    except IntegrityError:  # two words that change places
        raise InvalidError(
            "A word takes the place of one that is there: save them one after the other.",
            errors={"word": ["taken"]},
        ) from None
    record(
        "changed", f"outlooks of {chapter.slug}", by=by, chapter=chapter,
        words=[row.word for row in new] or sorted(changed or {}),
    )  # fmt: skip
    return [*present.values(), *new]


def _change(row: Outlook, values: dict[str, Any]) -> None:
    word = " ".join(str(values.get("word", row.word)).split())
    if word != row.word and getattr(row, "is_used", False):
        raise ConflictError(
            f"“{row.word}” is used: retire it and add the new word. Nothing was saved.",
            code="outlook_used",
        )
    row.word = word
    for name in ("tone", "position", "is_offered"):
        setattr(row, name, values.get(name, getattr(row, name)))


def _check(rows: list[Outlook]) -> None:
    words = [row.word.casefold() for row in rows]
    if len(rows) > MOST_OUTLOOKS:
        raise InvalidError(f"At most {MOST_OUTLOOKS} words.", errors={"word": ["too many"]})
    if not all(words) or max(map(len, words), default=0) > LONGEST_WORD:
        raise InvalidError(
            f"A word has from 1 to {LONGEST_WORD} characters.", errors={"word": ["length"]}
        )
    if any(row.tone not in Tone for row in rows):
        raise InvalidError("There is no such tone.", errors={"tone": ["not known"]})
    twice = next((row.word for row in rows if words.count(row.word.casefold()) > 1), None)
    if twice is not None:
        raise InvalidError(f"“{twice}” is there already.", errors={"word": ["taken"]})
