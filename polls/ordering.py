"""Keys that sort as text, with room for another between any two.

A key is a number in base 62 written as a fraction, "UV" being 30/62 + 31/62². Its first digits
count whole steps, so that adding at the end, which is what mostly happens, makes no key longer;
between neighbours it takes digits behind them. (The idea is known as fractional indexing.)
"""

import string
from fractions import Fraction

DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase  # in the order of ASCII
BASE = len(DIGITS)
STEP_DIGITS = 4
STEP = Fraction(1, BASE**STEP_DIGITS)
FIRST = "U" + DIGITS[0] * (STEP_DIGITS - 1)
LONGEST = 200  # characters; after that the neighbours are given new keys


def _value(key: str) -> Fraction:
    number = 0
    for digit in key:
        number = number * BASE + DIGITS.index(digit)
    return Fraction(number, BASE ** len(key))


def _key(value: Fraction, digits: int) -> str:
    number = int(value * BASE**digits)
    key = ""
    for _ in range(digits):
        number, digit = divmod(number, BASE)
        key = DIGITS[digit] + key
    return key


def key_between(low: str | None, high: str | None) -> str:
    """A key above `low` and below `high`; None is the open end. Raises ValueError for no room."""
    if low is None and high is None:
        return FIRST
    if high is None or low is None:
        step = STEP if high is None else -STEP
        whole = _key(_value(low or high or ""), STEP_DIGITS)
        value = _value(whole) + step
        if not 0 < value < 1:
            raise ValueError("no key is left at this end")
        return _key(value, STEP_DIGITS)
    below, above = _value(low), _value(high)
    if below >= above:
        raise ValueError("the keys are not in order")
    digits = max(len(low), len(high), STEP_DIGITS)
    middle = _key((below + above) / 2, digits)
    while not below < _value(middle) < above:
        digits += 1
        middle = _key((below + above) / 2, digits)
    return middle


def keys_spread(count: int) -> list[str]:
    """`count` fresh keys in order, a step apart."""
    keys: list[str] = []
    for _ in range(count):
        keys.append(key_between(keys[-1] if keys else None, None))
    return keys
