"""One child process: started in its own session, tied to our life, its output kept in a log."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from community.project.server.accounts import Account

PR_SET_PDEATHSIG = 1
LOG_LIMIT = 10_000_000
FIRST_DELAY, LONGEST_DELAY, STEADY_AFTER = 0.2, 5.0, 10.0
CRASHES_PER_MINUTE = 10

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run, and how it is told to end."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: Path
    account: Account = field(default_factory=Account)
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    death_signal: signal.Signals = signal.SIGKILL  # sent by the kernel when we are killed
    is_important: Callable[[str], bool] = lambda _line: False
    up_word: str = ""  # what it writes once it works


def die_with_parent(death_signal: int, parent: int) -> Callable[[], None]:
    """What a child calls before its program runs: it gets `death_signal` when we are gone.

    It runs after the change of account (which would clear the setting), in a child forked by the
    main thread (the setting follows the forking thread, not the process).
    """

    def prepare() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
            if os.getppid() != parent:  # we died in between
                os._exit(1)

    return prepare


class Child:
    """A program that runs, ran, or waits to be started again."""

    def __init__(self, program: Program, log: Path, announce: Callable[[str], None]) -> None:
        self.program = program
        self.process: subprocess.Popen[bytes] | None = None
        self.restart_at: float | None = None
        self.tail: deque[str] = deque(maxlen=20)
        self.is_up = False
        self._log_path = log
        self._announce = announce
        self._crashes: deque[float] = deque()
        self._started_at = 0.0
        self._delay = FIRST_DELAY
        self._partial = b""

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def output(self) -> int | None:
        """The file descriptor its output is read from."""
        if self.process is None or self.process.stdout is None or self.process.stdout.closed:
            return None
        return self.process.stdout.fileno()

    def start(self) -> None:
        """Start the program; its output is read by `read_output`."""
        program = self.program
        self._rotate()
        self.restart_at = None
        self.is_up = False
        self._started_at = time.monotonic()
        self.process = subprocess.Popen(  # type: ignore[call-overload]  # account's options vary
            [*program.account.prefix, *program.argv],
            env=dict(program.env),
            cwd=program.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(program.death_signal, os.getpid()),  # noqa: PLW1509 we have no threads
            **program.account.popen_options,
        )
        os.set_blocking(self.process.stdout.fileno(), False)  # type: ignore[union-attr]

    def is_running(self) -> bool:
        """Whether the process lives; collects it when it has ended."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int, *, group: bool = False) -> None:
        """Send a signal, to its whole session's group when asked."""
        if self.process is None:
            return
        try:
            if group:
                os.killpg(self.process.pid, number)
            elif self.process.poll() is None:
                self.process.send_signal(number)
        except (ProcessLookupError, PermissionError):
            return

    def note_crash(self) -> str | None:
        """Plan the restart after a crash; a sentence when it crashes too often."""
        now = time.monotonic()
        if now - self._started_at > STEADY_AFTER:
            self._delay = FIRST_DELAY
        self._crashes.append(now)
        while now - self._crashes[0] > 60:  # noqa: PLR2004 the minute of CRASHES_PER_MINUTE
            self._crashes.popleft()
        code = self.process.returncode if self.process else None
        ended = f"{self.name} ended ({describe_exit(code)})"
        if len(self._crashes) >= CRASHES_PER_MINUTE:
            last = f" Its last words: {self.tail[-1]}" if self.tail else ""
            times = f"{len(self._crashes)} times within a minute"
            return f"{ended} {times}; see {self._log_path}.{last}"
        self._announce(f"{ended}; starting it again in {self._delay:.1f} s.")
        self.restart_at = now + self._delay
        self._delay = min(self._delay * 2, LONGEST_DELAY)
        return None

    # --- output ---------------------------------------------------------------------------

    def read_output(self) -> bool:
        """Take what the process has written so far; False at the end of its output."""
        if self.process is None or self.process.stdout is None or self.process.stdout.closed:
            return False
        try:
            chunk = os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return True
        if not chunk:
            self._end_output()
            return False
        *lines, self._partial = (self._partial + chunk).split(b"\n")
        self._keep(lines)
        return True

    def drain(self) -> None:
        """Read what an ended process left in its pipe, and close it."""
        while self.output is not None:
            if not select.select([self.output], [], [], 0)[0]:
                self._end_output()  # a grandchild holds the other end
            else:
                self.read_output()

    def _end_output(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()
        if self._partial:
            self._keep([self._partial])
            self._partial = b""

    def _keep(self, lines: list[bytes]) -> None:
        if not lines:
            return
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        texts = [line.decode("utf-8", "replace").rstrip("\r") for line in lines]
        with self._log_path.open("a", encoding="utf-8") as log:
            log.writelines(f"{stamp} {self.name} | {text}\n" for text in texts)
        for text in texts:
            self.tail.append(text)
            self.is_up = self.is_up or self.program.up_word in text
            if self.program.is_important(text):
                self._announce(f"{self.name} | {text}")

    def _rotate(self) -> None:
        if self._log_path.exists() and self._log_path.stat().st_size > LOG_LIMIT:
            self._log_path.replace(self._log_path.with_suffix(".log.1"))


def describe_exit(code: int | None) -> str:
    """An exit status in words: `exit 1`, or the signal's name."""
    if code is None:
        return "not started"
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"
