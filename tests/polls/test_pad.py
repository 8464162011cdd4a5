"""A brainstorm as Markdown."""

from hypothesis import given, settings
from hypothesis import strategies as st

from polls.pad import Card, Pad, read_pad, write_pad


def _on_one_line(text):
    return " ".join(text.replace("\x00", "").split())


ANY = st.text(min_size=1, max_size=12)
MARKS = st.text(alphabet="ab #-*+1.)\\=_>`~[]:<&\t|'\"!", min_size=1, max_size=8)
WORDS = (ANY | MARKS).map(_on_one_line).filter(bool)
CARDS = st.lists(
    st.builds(Card, WORDS, st.lists(WORDS, max_size=3), st.sampled_from(["", "g", "# x"])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=200, deadline=None)
@given(WORDS, CARDS)
def test_what_is_written_is_read_again(title, cards):
    groups = ["", *dict.fromkeys(card.group for card in cards if card.group)]
    pad = Pad(title, sorted(cards, key=lambda card: groups.index(card.group)))
    assert read_pad(write_pad(pad)) == pad


def test_headings_are_cards_and_bullets_their_notes():
    text = "# Pad\n\n## API vs. Code\n\n- logo issues\n- interop\n  - deeper\n\n## CDMI\n"
    assert read_pad(text) == Pad(
        "Pad", [Card("API vs. Code", ["logo issues", "interop", "deeper"]), Card("CDMI")]
    )


def test_two_levels_of_headings_are_groups_and_cards():
    text = "## Nova\n\n### Volume\n- split\n\n### Size\n\n## Docs\n\n### Guide\n"
    assert read_pad(text).cards == [
        Card("Volume", ["split"], "Nova"),
        Card("Size", group="Nova"),
        Card("Guide", group="Docs"),
    ]


def test_an_etherpads_lines_are_cards():
    text = "Stability\nAPI\n * a\n * b\nDocs\n"
    assert read_pad(text).cards == [Card("Stability"), Card("API", ["a", "b"]), Card("Docs")]


def test_bullets_alone_are_cards():
    text = "1. Foo\n   - n\n2. Bar\n"
    assert read_pad(text).cards == [Card("Foo", ["n"]), Card("Bar")]
