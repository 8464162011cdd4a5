"""Two changes of the same words."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polls.merging import merge_words

WORD = st.sampled_from(["a", "b", "c", "d", "e"])
TEXT = st.lists(WORD, min_size=1, max_size=6)
FRESH = st.lists(st.sampled_from(["x", "y", "z"]), max_size=2)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a b c", "a b c", "a x c", "a x c"),
        ("a b c", "x b c", "a b y", "x b y"),
        ("a b c", "a b c mine", "a b c theirs", "a b c theirs mine"),
        ("a b c", "a x c", "a x c", "a x c"),
        ("a b c", "a x c", "a y c", None),
        ("a b c", "a c", "a x c", None),
    ],
)
def test_by_hand(base, mine, theirs, merged):
    assert merge_words(base, mine, theirs) == merged


@given(TEXT, st.data())
def test_no_word_anyone_added_is_lost(base, data):
    def changed():
        words = list(base)
        place = data.draw(st.integers(0, len(words)))
        gone = data.draw(st.integers(0, 2))
        words[place : place + gone] = data.draw(FRESH)
        return words

    mine, theirs = changed(), changed()
    merged = merge_words(" ".join(base), " ".join(mine), " ".join(theirs))
    if merged is None:
        return
    for side in (mine, theirs):
        added = Counter(side) - Counter(base)
        assert not Counter({word: added[word] for word in "xyz"}) - Counter(merged.split())


@given(TEXT, TEXT)
def test_one_side_alone_is_taken_as_it_is(base, theirs):
    assert merge_words(" ".join(base), " ".join(base), " ".join(theirs)) == " ".join(theirs)
    assert merge_words(" ".join(base), " ".join(theirs), " ".join(base)) == " ".join(theirs)
