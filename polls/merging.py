"""Two people changed the same words: both changes in one text, where they do not collide.

A three-way merge by words (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007): what
only one side changed is taken from that side.
"""

from difflib import SequenceMatcher
from typing import NamedTuple


class _Edit(NamedTuple):
    """Words `start` to `end` of the base become `words`."""

    start: int
    end: int
    words: list[str]


def _edits(base: list[str], changed: list[str]) -> list[_Edit]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [
        _Edit(start, end, changed[first:last])
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _collide(one: _Edit, other: _Edit) -> bool:
    """Whether both touch the same words; two additions at one place do not."""
    if one == other:
        return False
    if one.start == one.end and other.start == other.end:
        return False
    return one.start < other.end and other.start < one.end


def merge_words(base: str, mine: str, theirs: str) -> str | None:
    """`theirs` with my change of `base` in it, or None where both changed the same words.

    Additions at the same place are both kept, theirs first. Words are what stands between spaces.
    """
    words = base.split()
    my_edits, their_edits = _edits(words, mine.split()), _edits(words, theirs.split())
    if any(_collide(one, other) for one in my_edits for other in their_edits):
        return None
    fresh = [edit for edit in my_edits if edit not in their_edits]
    for edit in sorted([*their_edits, *fresh], key=lambda edit: (edit.start, edit.end))[::-1]:
        words[edit.start : edit.end] = edit.words
    return " ".join(words)
