import pytest

from polls.wording import look_of, one_line


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bare Metal", "bare  metal"), ("STRASSE", "straße"), ("ﬁx", "fix"), ("a\u200bb", "ab"),
     ("é", "e\u0301"), (" a\u00a0b ", "a b"), ("a\u202eb", "ab")],
)  # fmt: skip
def test_what_looks_the_same(one, other):
    assert look_of(one) == look_of(other) != ""


@pytest.mark.parametrize("text", ["", " \n", "\u200b", "\u2060\u00ad", "\u3164", "\uffa0 \u2800"])
def test_what_shows_nothing(text):
    assert look_of(text) == ""


def test_what_differs_stays_apart():
    words = ["a", "b", "ä", "a!", "👩‍💻", "👩", "क्‍ष", "1", "2"]
    assert len({look_of(word) for word in words}) == len(words)


def test_one_line():
    assert one_line(" a\x00\n b\t c ") == "a b c"
