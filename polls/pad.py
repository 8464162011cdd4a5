"""A brainstorm as a Markdown text: headings are cards, bullets under them are notes.

Two levels of headings are groups and cards. Without headings lines are cards and bullets under a
line its notes, as in an etherpad; bullets alone are cards with the bullets under them as notes.
A single heading of the first level before all others is the title.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

# Nothing but headings, lists and lines: what else Markdown knows stays as it was typed.
_reader = MarkdownIt("zero").enable(["heading", "lheading", "list"])
# In a pad nobody indents: a line at the edge after a bullet is not the bullet's second line.
_AFTER_BULLET = re.compile(r"(?<=\S)\n(?=[^\s#+*\d-])")
_MARK = re.compile(r"^(?=[#+*\\-])")
_NUMBER = re.compile(r"^(\d+)(?=[.)])")
_KEPT_MARK = re.compile(r"^\\(?=[#+*\\-])")
_KEPT_NUMBER = re.compile(r"^(\d+)\\(?=[.)])")


@dataclass
class Card:
    """One card of a pad: its words, its notes in order, and the group it stands in."""

    text: str
    notes: list[str] = field(default_factory=list)
    group: str = ""


@dataclass
class Pad:
    """What a text holds; `title` is empty where it names none."""

    title: str
    cards: list[Card]


def read_pad(text: str) -> Pad:
    """The cards of a Markdown text, every line of it somewhere."""
    nodes = SyntaxTreeNode(_reader.parse(_AFTER_BULLET.sub("\n\n", text))).children
    levels = [int(node.tag[1:]) for node in nodes if node.type == "heading"]
    title = ""
    if len(levels) > 1 and nodes[0].type == "heading" and levels[0] < min(levels[1:]):
        title, levels = _words(nodes[0]), levels[1:]
        nodes = nodes[1:]
    return Pad(title, _cards(nodes, max(levels, default=0)))


def _cards(nodes: Iterable[SyntaxTreeNode], card_level: int) -> list[Card]:
    cards: list[Card] = []
    group, card = "", None  # `card`: where a bullet belongs
    for node in nodes:
        if node.type == "heading" and int(node.tag[1:]) < card_level:
            group, card = _words(node), None
        elif node.type == "heading" or (node.type == "paragraph" and not card_level):
            lines = [_words(node)] if node.type == "heading" else _lines(node)
            cards.extend(Card(line, group=group) for line in lines)
            card = cards[-1] if lines else card
        elif card is not None:
            card.notes.extend(_flat(node))
        elif node.type == "paragraph":
            cards.extend(Card(line, group=group) for line in _lines(node))
        else:
            cards.extend(_listed(node, group))
    return cards


def _listed(node: SyntaxTreeNode, group: str) -> Iterator[Card]:
    """The items of a list as cards, what stands under an item as its notes."""
    for item in node.children:
        words = list(_flat(item))
        if words:
            yield Card(words[0], words[1:], group)


def _flat(node: SyntaxTreeNode) -> Iterator[str]:
    """The lines under `node`, of all depths, in order."""
    if node.type in ("paragraph", "heading"):
        yield from _lines(node)
        return
    for child in node.children:
        yield from _flat(child)


def _lines(node: SyntaxTreeNode) -> list[str]:
    text = "".join(child.content for child in node.children if child.type == "inline")
    return [_unmarked(line) for line in text.splitlines() if line.strip()]


def _words(node: SyntaxTreeNode) -> str:
    return " ".join(_lines(node))


def _unmarked(line: str) -> str:
    line = " ".join(line.split())
    return _KEPT_NUMBER.sub(r"\1", _KEPT_MARK.sub("", line))


def _marked(text: str) -> str:
    """`text` so that its beginning is not taken for a heading, a bullet or a number."""
    return _NUMBER.sub(r"\1\\", _MARK.sub(r"\\", text))


def write_pad(pad: Pad) -> str:
    """`pad` as Markdown; read again it gives the same cards, those without a group first."""
    has_groups = any(card.group for card in pad.cards)
    heading = "###" if has_groups else "##"
    lines = [f"# {_marked(pad.title)}", ""] if pad.title else []
    group = ""
    for card in sorted(pad.cards, key=lambda card: _place_of_group(pad.cards, card.group)):
        if card.group != group:
            group = card.group
            lines += [f"## {_heading(group)}", ""]
        lines += [f"{heading} {_heading(card.text)}", ""]
        if card.notes:
            lines += [*(f"- {_marked(note)}" for note in card.notes), ""]
    return "\n".join(lines).rstrip() + "\n"


def _heading(text: str) -> str:
    # Hashes at the end of a heading would close it.
    return f"{_marked(text)} #" if text.endswith("#") else _marked(text)


def _place_of_group(cards: list[Card], group: str) -> int:
    """Groups in the order of their first card; cards without one come first."""
    if not group:
        return -1
    return next(place for place, card in enumerate(cards) if card.group == group)
