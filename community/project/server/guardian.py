"""A small process that outlives a killed server just long enough to end what it left behind.

The kernel's parent-death signal ends our children, not theirs, and exists on Linux alone. The
guardian is forked before anything starts, holds the instance's lock, and reads a pipe whose other
end only the server has: at end of file it kills every process group still registered.
"""

import os
import signal
import time
from contextlib import suppress

GRACE = 3.0


class Guardian:
    """The server's end of the pipe."""

    def __init__(self) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(writer)
            try:
                _watch(reader)
            finally:
                os._exit(0)
        os.close(reader)
        self._writer = writer

    def add(self, group: int) -> None:
        """Register a process group."""
        self._tell(f"+{group}\n")

    def remove(self, group: int) -> None:
        """Forget a process group that has ended."""
        self._tell(f"-{group}\n")

    def _tell(self, line: str) -> None:
        with suppress(OSError):
            os.write(self._writer, line.encode("ascii"))

    def dismiss(self) -> None:
        """Nothing is left to guard: let it end, and collect it."""
        os.close(self._writer)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _watch(reader: int) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.set_wakeup_fd(-1)
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # whoever reads our output must see its end
        os.dup2(null, descriptor)
    groups: set[int] = set()
    with os.fdopen(reader, encoding="ascii") as lines:
        for line in lines:
            group = int(line[1:])
            (groups.add if line[0] == "+" else groups.discard)(group)
    if groups:
        _end(groups)


def _end(groups: set[int]) -> None:
    deadline = time.monotonic() + GRACE
    while groups and time.monotonic() < deadline:  # the parent-death signals are at work
        groups = {group for group in groups if _lives(group)}
        time.sleep(0.05)
    for group in groups:
        with suppress(OSError):
            os.killpg(group, signal.SIGKILL)


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
