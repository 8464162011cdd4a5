"""Keys with room between any two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polls.ordering import key_between, keys_spread


@given(st.lists(st.integers(0, 50), max_size=60))
def test_keys_put_anywhere_stay_in_order(places):
    keys = []
    for place in places:
        at = min(place, len(keys))
        low = keys[at - 1] if at else None
        high = keys[at] if at < len(keys) else None
        keys.insert(at, key_between(low, high))
    assert keys == sorted(set(keys))


def test_adding_at_the_end_makes_no_key_longer():
    keys = keys_spread(1000)
    assert keys == sorted(keys)
    assert {len(key) for key in keys} == {4}


def test_keys_of_other_lengths():
    assert "a0" < key_between("a0", "a1") < "a1"
    assert key_between("aZ", None) > "aZ"
    assert key_between(None, "a0") < "a0"


def test_no_room_is_said():
    with pytest.raises(ValueError, match="in order"):
        key_between("b", "a")
    with pytest.raises(ValueError, match="no key"):
        key_between("zzzz", None)
