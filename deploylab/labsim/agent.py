"""The node agent: says hello, asks for work, runs it, streams its output, reports the result.

Standard library only, so that the same file serves in a real node's ramdisk. How a script is run
is the runner's affair: in a sandbox on a simulated node, as a plain process on a real one.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from deploylab.labsim.agent_link import Link, OverError
from deploylab.labsim.agent_output import OutputBuffer, OutputGapError

WAIT = 25  # seconds a question for work stays open
PACE = 0.1  # seconds between batches that are not full
BEAT = 1.0  # an empty batch is sent this often, to hear of a cancellation
DRAIN = 1.0  # how long output still in the pipe is waited for after the script's end
KILLED, GONE_WRONG = 137, 125
UNKNOWN_WORK = frozenset({400, 404, 405, 413, 422})


class Running(Protocol):
    """A script under way."""

    output: int
    """A descriptor to read its output from; whoever reads it closes it."""

    def wait(self, seconds: float) -> int | None:
        """The exit code, or None when it has not ended within that time."""

    def kill(self) -> None:
        """End it and its process group at once."""

    def facts(self) -> dict[str, Any]:
        """What it wrote to FACTS_FILE, after its end."""


class Runner(Protocol):
    """Something that runs scripts."""

    def start(self, work: dict[str, Any]) -> Running:
        """Start `work["script"]` with `work["env"]`. Raises `CannotRunError`."""


class CannotRunError(Exception):
    """A work item that must not or cannot be run here, with a sentence; its exit code is 126."""

    exit_code = 126


@dataclass(slots=True)
class Result:
    """How a work item ended."""

    exit_code: int
    facts: dict[str, Any] = field(default_factory=dict)
    cancelled: bool = False
    timed_out: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the site takes it."""
        return {
            "exit_code": self.exit_code,
            "facts": self.facts,
            "cancelled": self.cancelled,
            "timed_out": self.timed_out,
        }


class Agent:
    """One boot's agent. `run` works until the boot is over; `stop` ends it from another thread."""

    def __init__(
        self,
        site: str,
        token: str,
        *,
        inventory: dict[str, Any],
        runner: Runner,
        note: Callable[[str], None] = lambda _text: None,
        on_script: Callable[[], None] = lambda: None,
    ) -> None:
        self._link = Link(site, token=token)
        self._inventory = inventory
        self._runner = runner
        self._note = note
        self._on_script = on_script
        self._done: dict[str, Result] = {}

    def run(self) -> None:
        """Hello, then work after work, until the site or the power switch says it is over."""
        try:
            self._link.insist("POST", "/api/v1/agent/hello/", {"inventory": self._inventory})
            self._note("agent: the site knows us, waiting for work")
            while True:
                path = f"/api/v1/agent/work/?wait={WAIT}"
                status, answer = self._link.insist("GET", path)
                work = (answer or {}).get("work") if status == 200 else None  # noqa: PLR2004 - OK
                if work:
                    self._do(work)
                elif status != 200 and self._link.cut.wait(1.0):  # noqa: PLR2004 - OK
                    return
        except OverError:
            self._note("agent: this boot is over")

    def stop(self) -> None:
        """Cut the connection; nothing more is sent."""
        self._link.close()

    def _do(self, work: dict[str, Any]) -> None:
        """Do one work item, or report it once more when it was done already."""
        number = str(work["id"])
        if number not in self._done:
            self._note(f"agent: work {number}")
            self._done[number] = self._carry_out(work)
        path = f"/api/v1/agent/work/{number}/result/"
        self._link.insist("POST", path, self._done[number].as_json())

    def _carry_out(self, work: dict[str, Any]) -> Result:
        output = OutputBuffer()
        try:
            running = self._runner.start(work)
        except CannotRunError as error:
            output.add_line(str(error))
            output.end()
            _Delivery(self._link, str(work["id"]), output).finish()
            return Result(error.exit_code)
        self._on_script()
        try:
            threading.Thread(target=output.fill, args=(running.output,), daemon=True).start()
            return _Delivery(self._link, str(work["id"]), output).attend(running, work)
        except OverError:
            running.kill()
            output.end()  # lets the reading thread go, should the buffer be full
            raise


class _Delivery:
    """Sends one work item's output while it runs, and heeds what the site answers."""

    def __init__(self, link: Link, number: str, output: OutputBuffer) -> None:
        self._link = link
        self._path = f"/api/v1/agent/work/{number}/output/"
        self._output = output
        self._sent_at = 0.0
        self._is_cancelled = False
        self._is_refused = False

    def attend(self, running: Running, work: dict[str, Any]) -> Result:
        """Follow a script to its end, its deadline or its cancellation.

        The deadline has a clock of its own: it holds while the site cannot be reached, too.
        """
        late = threading.Event()

        def give_up() -> None:
            late.set()
            running.kill()

        timer = threading.Timer(float(work.get("deadline_s") or 3600), give_up)
        timer.daemon = True
        timer.start()
        try:
            code = self._follow(running)
        finally:
            timer.cancel()
        if not self._output.wait_for_end(DRAIN):
            self._output.end()  # something the script left behind still holds the pipe
        self.finish()
        if self._is_refused:
            code = GONE_WRONG
        timed_out = late.is_set()
        return Result(code, running.facts(), cancelled=self._is_cancelled, timed_out=timed_out)

    def _follow(self, running: Running) -> int:
        while True:
            self._output.wait_for_batch(PACE)
            self._send()
            if self._is_cancelled or self._is_refused:
                running.kill()
                code = running.wait(DRAIN)
                return KILLED if code is None else code
            # a script may close its output and go on: then this is where the time is spent
            code = running.wait(PACE if self._output.has_ended else 0.0)
            if code is not None:
                return code

    def finish(self) -> None:
        """Send what is left."""
        while not self._output.is_empty and not self._is_refused:
            self._send()

    def _send(self) -> None:
        offset, text = self._output.batch()
        if self._is_refused or (not text and time.monotonic() < self._sent_at + BEAT):
            return
        self._sent_at = time.monotonic()
        status, answer = self._link.insist("POST", self._path, {"offset": offset, "text": text})
        if status in UNKNOWN_WORK:
            self._is_refused = True
            return
        try:
            self._output.accept_up_to(int(answer["offset"]))
        except OutputGapError:
            self._is_refused = True
        self._is_cancelled = self._is_cancelled or bool(answer.get("cancel"))
