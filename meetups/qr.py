"""The check-in code as a picture that a camera reads.

The picture holds the bare code: eight capitals and digits make the smallest QR code there is
(version 1, ISO/IEC 18004), which old cameras read from a dim screen.
"""

import io

import segno


def code_svg(code: str) -> str:
    """`code` as SVG to stand in a page, black on white in every theme; sized by the page."""
    picture = segno.make(code, micro=False, error="m")
    return str(picture.svg_inline(border=3, omitsize=True, light="#fff", svgclass="qr"))


def code_png(code: str) -> bytes:
    """`code` as a PNG of 232 pixels a side, for mail, where SVG is not shown."""
    out = io.BytesIO()
    segno.make(code, micro=False, error="m").save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def spaced(code: str) -> str:
    """`code` as it is read out and typed: two groups of four."""
    return f"{code[:4]} {code[4:]}"
