"""Where a blueprint's scripts run on a simulated node: never where the server's files are."""

import contextlib
import functools
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from deploylab.labsim.agent import CannotRunError

INIT = Path(__file__).with_name("sandbox_init.py")
FIRST_UID = 64001  # the host's unprivileged users, one for each node, when we are root
SIZE_MB = 128  # of the root in memory
MB = 1024 * 1024
LIMITS = {
    "AS": 512 * MB,
    "CORE": 0,
    "CPU": 900,
    "FSIZE": 96 * MB,
    "NOFILE": 256,
    "NPROC": 64,
}
START = 10.0  # seconds to get ready
NO_ISOLATION = (
    "This server cannot isolate scripts ({reason}), so only the blueprints shipped with the site "
    "run on simulated nodes. Ask its operator to allow unprivileged user namespaces."
)


def _limits(*, isolated: bool) -> dict[str, int]:
    """What a script may use.

    The number of processes is counted by account: where the script runs under the operator's
    own, their other processes would already be too many.
    """
    own_account = not isolated and os.getuid() != 0
    return {name: value for name, value in LIMITS.items() if not (own_account and name == "NPROC")}


class SandboxError(Exception):
    """The sandbox did not come up; the text says why."""


class Sandbox:
    """One boot of one simulated node: a process tree that dies as a whole."""

    def __init__(self, index: int, hostname: str, *, isolated: bool = True) -> None:
        self._lock = threading.Lock()
        self._plain: str | None = None if isolated else _plain_directory(FIRST_UID + index)
        config = {
            "uid": FIRST_UID + index,
            "hostname": hostname,
            "isolated": isolated,
            "work": self._plain or "/work",
            "size_mb": SIZE_MB,
            "limits": _limits(isolated=isolated),
        }
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(INIT), json.dumps(config), str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PATH": "/usr/bin:/bin"},
                cwd="/",
            )
        answer = self.receive(START)
        if not answer or not answer.get("ready"):
            self.kill()
            raise SandboxError((answer or {}).get("reason") or "it did not start")

    def run(self, script: str, env: dict[str, str]) -> "SandboxedScript":
        """Start a script. One at a time."""
        reading, writing = os.pipe()
        try:
            self._send({"script": script, "env": env}, writing)
        except OSError as error:
            os.close(reading)
            raise SandboxError("the machine has lost power") from error
        finally:
            os.close(writing)
        return SandboxedScript(self, reading)

    def stop_script(self) -> None:
        """Kill the running script's process group."""
        with contextlib.suppress(OSError):
            self._send({"kill": True})

    def kill(self) -> None:
        """Pull the plug: the whole process tree dies with its first process."""
        with self._lock:
            self._process.kill()
            self._process.wait()
            self._control.close()
        if self._plain:
            shutil.rmtree(self._plain, ignore_errors=True)

    def receive(self, seconds: float) -> dict[str, Any] | None:
        """The next message from inside, or None when none came in that time."""
        try:
            ready, _, _ = select.select([self._control], [], [], seconds)
            if not ready:
                return None
            size = int.from_bytes(self._exactly(4), "big")
            answer: dict[str, Any] = json.loads(self._exactly(size))
        except (OSError, ValueError):
            return {"exit_code": 137, "facts": "", "ready": False, "reason": "it died"}
        return answer

    def _exactly(self, size: int) -> bytes:
        raw = b""
        while len(raw) < size:
            piece = self._control.recv(size - len(raw))
            if not piece:
                raise OSError("the sandbox is gone")
            raw += piece
        return raw

    def _send(self, order: dict[str, Any], *descriptors: int) -> None:
        raw = json.dumps(order).encode()
        socket.send_fds(self._control, [len(raw).to_bytes(4, "big")], descriptors)
        self._control.sendall(raw)


class SandboxedScript:
    """A script under way in a sandbox, as the agent sees it."""

    def __init__(self, sandbox: Sandbox, output: int) -> None:
        self.output = output
        self._sandbox = sandbox
        self._answer: dict[str, Any] | None = None

    def wait(self, seconds: float) -> int | None:
        """The exit code (128 + n for signal n), or None when it has not ended in that time."""
        if self._answer is None:
            self._answer = self._sandbox.receive(seconds)
        return None if self._answer is None else int(self._answer["exit_code"])

    def kill(self) -> None:
        """End it and its process group."""
        self._sandbox.stop_script()

    def facts(self) -> dict[str, Any]:
        """What it wrote to FACTS_FILE; empty when that is not a JSON object."""
        try:
            facts = json.loads((self._answer or {}).get("facts") or "{}")
        except ValueError:
            return {}
        return facts if isinstance(facts, dict) else {}


class SandboxRunner:
    """Runs one boot's work items in one sandbox, made when the first one comes."""

    def __init__(self, index: int, hostname: str) -> None:
        self._index = index
        self._hostname = hostname
        self._lock = threading.Lock()
        self._sandbox: Sandbox | None = None
        self._is_off = False

    def start(self, work: dict[str, Any]) -> SandboxedScript:
        """Start a work item's script; only shipped ones where there is no isolation."""
        reason = probe()
        if reason and not work.get("shipped"):
            raise CannotRunError(NO_ISOLATION.format(reason=reason))
        env = {str(name): str(value) for name, value in (work.get("env") or {}).items()}
        try:
            with self._lock:
                return self._powered(isolated=not reason).run(str(work["script"]), env)
        except SandboxError as error:
            raise CannotRunError(
                f"The simulated node could not run the script: {error}."
            ) from error

    def _powered(self, *, isolated: bool) -> Sandbox:
        if self._is_off:
            raise SandboxError("the machine is off")
        if self._sandbox is None:
            self._sandbox = Sandbox(self._index, self._hostname, isolated=isolated)
        return self._sandbox

    def kill(self) -> None:
        """Cut the power."""
        with self._lock:
            self._is_off = True
            if self._sandbox is not None:
                self._sandbox.kill()


@functools.cache
def probe() -> str | None:
    """None when scripts can be isolated here, else the reason why not."""
    if not sys.platform.startswith("linux"):
        return "it needs Linux"
    try:
        sandbox = Sandbox(999, "probe")
    except (SandboxError, OSError) as error:
        return str(error)
    sandbox.kill()
    return None


def _plain_directory(uid: int) -> str:
    directory = tempfile.mkdtemp(prefix="labsim-")
    if os.getuid() == 0:
        os.chown(directory, uid, uid)
    return directory
