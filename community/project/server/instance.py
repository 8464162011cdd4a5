"""One data directory: its lock, its remembered ports and its secrets."""

import base64
import fcntl
import json
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from community.project.server.errors import ServerError

FIRST_PORT, LAST_PORT = 20000, 32000  # below what the kernel hands to outgoing connections
STATE_FILE = "instance.json"
LOCK_FILE = "lock"


class Instance:
    """A data directory and what is remembered in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._lock: int | None = None

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def env_file(self) -> Path:
        return self.data / "environment.json"

    def prepare(self) -> None:
        """Make the directory and its rooms; a `ServerError` when it cannot be used."""
        try:
            self._make_directory()
            self.logs.mkdir(mode=0o700, exist_ok=True)
            (self.data / "secrets").mkdir(mode=0o700, exist_ok=True)
            (self.data / "beat").mkdir(mode=0o700, exist_ok=True)
            if "id" not in self.state():
                self.remember(id=secrets.token_hex(8))
        except OSError as error:
            raise ServerError(
                f"The data directory {self.data} cannot be written: {error.strerror or error}."
            ) from error

    def _make_directory(self) -> None:
        if not self.data.exists():
            self.data.parent.mkdir(parents=True, exist_ok=True)
            self.data.mkdir(mode=0o700)
        elif not self.data.is_dir():
            raise ServerError(f"The data directory {self.data} is not a directory.")
        known = {STATE_FILE, LOCK_FILE, "lost+found"}
        found = {entry.name for entry in self.data.iterdir()}
        if found and STATE_FILE not in found and not found <= known:
            raise ServerError(
                f"The directory {self.data} holds other files and is not a data directory of "
                "this program; name an empty or a new one with --data."
            )
        if not found:
            self.data.chmod(0o700)  # ours from now on

    # --- the lock -------------------------------------------------------------------------

    def lock(self, role: str, *, on_wait: Callable[[str], None], patience: float = 15.0) -> None:
        """Take the directory for this process, or raise a `ServerError` that names the holder.

        The guardian of a killed server keeps the lock until its last process is gone, and a
        management command keeps it only for its own time; those two are waited for.
        """
        self._lock = os.open(self.data / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        told = False
        while not self._try_lock():
            holder = self.holder()
            if holder.get("role") == "server" and _alive(holder.get("pid")):
                raise ServerError(
                    f"The data directory {self.data} is in use by another server "
                    f"(process {holder.get('pid')})."
                )
            if time.monotonic() > deadline:
                raise ServerError(
                    f"The data directory {self.data} is still in use by process "
                    f"{holder.get('pid', 'unknown')} ({holder.get('role', 'unknown')})."
                )
            if not told:
                told = True
                on_wait(f"Waiting for another process to leave {self.data} …")
            time.sleep(0.05)
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, json.dumps({"pid": os.getpid(), "role": role}).encode(), 0)

    def _try_lock(self) -> bool:
        if self._lock is None:
            return False
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(self) -> None:
        """Give the directory back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def is_locked(self) -> bool:
        """Whether another process holds the directory now."""
        try:
            handle = os.open(self.data / LOCK_FILE, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def holder(self) -> dict[str, Any]:
        """Who wrote itself into the lock file: `pid` and `role`, or nothing."""
        return _read_json(self.data / LOCK_FILE)

    # --- what is remembered ---------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """Everything remembered so far."""
        return _read_json(self.data / STATE_FILE)

    def remember(self, **facts: Any) -> None:
        """Add facts to the remembered ones, whole or not at all."""
        write_private(self.data / STATE_FILE, json.dumps(self.state() | facts, indent=1))

    def port(self, name: str) -> int:
        """The TCP port of a part: the remembered one while it is free, else a new free one."""
        ports: dict[str, int] = self.state().get("ports", {})
        if name in ports and port_is_free("127.0.0.1", ports[name]):
            return ports[name]
        ports[name] = find_free_port(taken=set(ports.values()))
        self.remember(ports=ports)
        return ports[name]

    def secret(self, name: str) -> str:
        """A secret of this instance, generated at first use and kept in a file of mode 600."""
        path = self.secret_file(name)
        return path.read_text(encoding="ascii").strip()

    def secret_file(self, name: str) -> Path:
        """The file of a secret, made at first use. `credentials_key` is a Fernet key."""
        path = self.data / "secrets" / name
        if not path.exists():
            fernet = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
            write_private(path, fernet if name == "credentials_key" else secrets.token_urlsafe(48))
        return path


def write_private(path: Path, text: str) -> None:
    """Write a file of mode 600 so that a reader sees the old or the new text, never a part."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def find_free_port(*, taken: set[int]) -> int:
    """A free loopback port that no other part of the instance has."""
    for _ in range(200):
        port = FIRST_PORT + secrets.randbelow(LAST_PORT - FIRST_PORT)
        if port not in taken and port_is_free("127.0.0.1", port):
            return port
    raise ServerError("No free port was found on 127.0.0.1.")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return facts if isinstance(facts, dict) else {}


def _alive(pid: object) -> bool:
    if not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
