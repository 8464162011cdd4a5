def natural(text: str, *, most: int = 2**62) -> int | None:
    """The whole number `text` writes in ASCII digits, up to `most`; None for anything else."""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)):
        return None
    return min(int(text), most)
