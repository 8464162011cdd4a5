"""Every pair of colours the stylesheet sets on one another, in both themes."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "static/css/site.css").read_text(encoding="utf-8")
TOKEN = re.compile(
    r"^\s*--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);$", re.MULTILINE
)
COLOURS = {name: {"light": light, "dark": dark} for name, light, dark in TOKEN.findall(CSS)}

GROUNDS = ("paper", "raised", "sunken")
TINTED = ("good", "attention", "bad", "inactive", "accent")
AUTHORS = tuple(f"author-{n}" for n in range(1, 9))

TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "accent", "accent-strong") for ground in GROUNDS),
    *((state, ground) for state in TINTED for ground in GROUNDS),
    *((state, f"{state}-tint") for state in TINTED),
    *(("ink", f"{state}-tint") for state in TINTED),
    *(("soft", f"{state}-tint") for state in TINTED),
    ("accent", "attention-tint"),  # the demo strip's link
    ("accent-strong", "accent-tint"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("paper", "ink"),  # toast
    ("paper", "attention"),  # search mark
    *(("on-accent", author) for author in AUTHORS),
    *(
        (f"ansi-{hue}", ground)
        for hue in ("magenta", "cyan")
        for ground in ("sunken", "accent-tint")
    ),
    *(
        (state, tint)
        for state in ("good", "attention", "bad")
        for tint in ("accent-tint", "attention-tint")
    ),
]
SHAPES = [
    *(("edge", ground) for ground in GROUNDS),  # borders of controls
    *(("accent", tint) for tint in ("inactive-tint",)),  # meter and bar on their track
    *((state, "inactive-tint") for state in TINTED),
    *((author, ground) for author in AUTHORS for ground in GROUNDS),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_is_readable(ink, ground, theme):
    assert contrast(COLOURS[ink][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_are_visible(shape, ground, theme):
    assert contrast(COLOURS[shape][theme], COLOURS[ground][theme]) >= 3


def test_every_colour_is_named_above():
    """A colour outside the named ones would escape this test."""
    rules = CSS[CSS.index("/* Ground */") :]
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == []


def test_every_name_used_is_defined():
    defined = set(re.findall(r"--([a-z0-9-]+):", CSS))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", CSS)) <= defined


def test_first_load_stays_small():
    """One stylesheet and the mark; the rest of the 100 kB is for the page."""
    assert len(CSS.encode()) < 45_000
    assert CSS.count("\n") < 900
