"""The supervisor's event loop: one thread that reads output, restarts children and hears signals.

Signal handlers only wake the loop; whoever waits gets a `StopRequestedError` from `turn`.
"""

import os
import selectors
import signal
import time
from collections.abc import Callable
from contextlib import suppress

from community.project.server.errors import ServerError, StopRequestedError
from community.project.server.guardian import Guardian
from community.project.server.instance import Instance
from community.project.server.processes import Child, Program

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Loop:
    """Children in the order they were started, and the wait for anything to happen to them."""

    def __init__(self, instance: Instance, announce: Callable[[str], None]) -> None:
        self.instance = instance
        self.announce = announce
        self.children: list[Child] = []
        self._supervised: set[str] = set()
        self._stopping = False
        self._signals = 0
        self.last_signal = int(signal.SIGTERM)
        self._selector = selectors.DefaultSelector()
        self._guardian = Guardian()
        self._wakeup, self._waker = os.pipe()
        for descriptor in (self._wakeup, self._waker):
            os.set_blocking(descriptor, False)
        self._selector.register(self._wakeup, selectors.EVENT_READ, None)
        self._former_wakeup = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._former = {number: signal.signal(number, self._heard) for number in STOP_SIGNALS}

    def _heard(self, number: int, _frame: object) -> None:
        self._signals += 1
        self.last_signal = number

    def forget_signals(self) -> None:
        """The signals so far were somebody else's business."""
        self._signals = 0

    # --- starting -------------------------------------------------------------------------

    def start(self, program: Program, *, supervised: bool = False) -> Child:
        """Start a program; a supervised one is started again whenever it ends."""
        child = Child(program, self.instance.logs / f"{program.name}.log", self.announce)
        self.children.append(child)
        self._launch(child)
        if supervised:
            self.supervise(child)
        return child

    def supervise(self, child: Child) -> None:
        """From now on the child's end is a crash."""
        self._supervised.add(child.name)

    def _launch(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:
            raise ServerError(f"{child.name} could not be started: {error}.", 1) from error
        if child.process is not None:
            self._guardian.add(child.process.pid)
        if child.output is not None:
            self._selector.register(child.output, selectors.EVENT_READ, child)

    # --- waiting --------------------------------------------------------------------------

    def turn(self, timeout: float = 0.25) -> None:
        """Wait a moment, read output, restart the fallen; raises when a stop was asked for."""
        self._read(timeout)
        for child in list(self.children):
            if child.process is not None and not child.is_running():
                self._collect(child)
            if child.restart_at is not None and time.monotonic() >= child.restart_at:
                self._launch(child)
        if self._signals and not self._stopping:
            raise StopRequestedError

    def _read(self, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                with suppress(BlockingIOError):
                    os.read(self._wakeup, 512)
                continue
            child: Child = key.data
            if not child.read_output():
                self._selector.unregister(key.fd)

    def _collect(self, child: Child) -> None:
        if child.process is None:
            return
        output = child.output
        if output is not None:
            self._selector.unregister(output)
            child.drain()
        child.signal(signal.SIGKILL, group=True)  # whatever it left in its group
        self._guardian.remove(child.process.pid)
        if child.name in self._supervised and not self._stopping:
            sentence = child.note_crash()
            if sentence:
                raise ServerError(sentence, 1)
        if child.restart_at is None:
            self.children.remove(child)
        else:
            child.process = None

    def wait_until(self, is_true: Callable[[], bool], *, seconds: float) -> bool:
        """Turn until something is true; False when the time is over."""
        deadline = time.monotonic() + seconds
        while not is_true():
            if time.monotonic() > deadline:
                return False
            self.turn(0.05)
        return True

    def run(self, program: Program) -> tuple[int, list[str]]:
        """Run a program to its end; its exit status and its last lines."""
        child = self.start(program)
        process = child.process
        while child in self.children:
            self.turn(0.1)
        return (-1 if process is None else process.returncode), list(child.tail)

    # --- stopping -------------------------------------------------------------------------

    def stop_all(self) -> None:
        """Stop every child, the last started first; the loop ends with them.

        A second signal while they stop makes short work of it.
        """
        self._stopping = True
        heard = self._signals
        for child in reversed(list(self.children)):
            child.restart_at = None
            if child.process is None:
                self.children.remove(child)
                continue
            self._stop(child, hurried=lambda: self._signals > heard)
        self.children.clear()
        self._guardian.dismiss()
        self._close()

    def _close(self) -> None:
        signal.set_wakeup_fd(self._former_wakeup)
        for number, handler in self._former.items():
            signal.signal(number, handler)
        self._selector.close()
        os.close(self._wakeup)
        os.close(self._waker)

    def _stop(self, child: Child, *, hurried: Callable[[], bool]) -> None:
        child.signal(child.program.stop_signal)
        deadline = time.monotonic() + child.program.stop_within
        while child in self.children and time.monotonic() < deadline and not hurried():
            self.turn(0.05)
        if child in self.children:
            self.announce(f"{child.name} did not end in time; killed.")
            child.signal(signal.SIGKILL, group=True)
        end = time.monotonic() + 5
        while child in self.children and time.monotonic() < end:
            self.turn(0.05)
