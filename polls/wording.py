"""Words as people see them: what two titles share that look the same, and what shows nothing."""

import unicodedata

# Letters and marks by name that leave a blank: fillers of Hangul, an empty Braille cell, a joiner.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def one_line(text: str) -> str:
    """`text` on one line, with single spaces and without NUL, which the database cannot hold."""
    return " ".join(text.replace("\x00", "").split())


def look_of(text: str) -> str:
    """What texts share that a reader cannot tell apart, or only by capitals and spaces.

    Unicode's compatibility form (UAX 15, NFKC) in folded case, without what is not drawn (format
    characters and fillers); empty for a text that shows nothing.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    drawn = (
        letter
        for letter in unicodedata.normalize("NFKC", folded)
        if letter not in _BLANK and unicodedata.category(letter) != "Cf"
    )
    return " ".join("".join(drawn).split())
