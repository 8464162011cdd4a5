"""Words to the person at the terminal. A closed terminal never stops the server."""

import contextlib
import sys
from typing import TextIO


def _write(stream: TextIO, line: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # the reader has gone
        stream.write(line + "\n")
        stream.flush()


def say(line: str) -> None:
    """One line of the command's answer, on standard output."""
    _write(sys.stdout, line)


def complain(line: str) -> None:
    """One line about something amiss, on standard error."""
    _write(sys.stderr, line)


def be_quiet(_line: str) -> None:
    """Progress nobody asked for."""
