"""Faults a simulated node can be given, through a file that every packet looks at."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

FILE_NAME = "faults.json"


class FaultKind(StrEnum):
    """What can be wrong with a simulated node."""

    NONE = "none"
    SLOW = "slow"  # value: seconds before each reply
    SILENT = "silent"
    DEAD_AFTER = "dead_after"  # value: commands still answered
    REFUSE_SESSIONS = "refuse_sessions"
    WRONG_STATE = "wrong_state"  # reports the opposite power state
    LIES_ONCE = "lies_once"  # accepts one power command and does nothing
    DIES_IN_DEPLOYMENT = "dies_in_deployment"  # value: seconds after a script starts


DEFAULT_VALUE = {
    FaultKind.SLOW: 2.0,
    FaultKind.DEAD_AFTER: 3.0,
    FaultKind.DIES_IN_DEPLOYMENT: 1.0,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One node's fault. A new serial means it was set anew, so that counting begins again."""

    kind: FaultKind = FaultKind.NONE
    value: float = 0.0
    serial: int = 0


NO_FAULT = Fault()


class FaultBook:
    """The faults of all nodes as last written; re-read when the file changes."""

    def __init__(self, state_dir: Path | str) -> None:
        self._path = Path(state_dir) / FILE_NAME
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._faults: dict[str, Fault] = {}

    def of(self, node: str) -> Fault:
        """The fault that node has now."""
        with self._lock:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._stamp, self._faults = stamp, _read(self._path)
            return self._faults.get(node, NO_FAULT)


def set_fault(state_dir: Path | str, node: str, kind: FaultKind, value: float | None) -> Fault:
    """Give a node a fault, or take it away with `FaultKind.NONE`. The next packet meets it."""
    path = Path(state_dir) / FILE_NAME
    faults = _read(path)
    serial = max((fault.serial for fault in faults.values()), default=0) + 1
    amount = DEFAULT_VALUE.get(kind, 0.0) if value is None else value
    fault = faults[node] = Fault(kind, amount, serial)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({name: asdict(item) for name, item in faults.items()}))
    fresh.replace(path)
    return fault


def _read(path: Path) -> dict[str, Fault]:
    try:
        stored = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return {
        name: Fault(FaultKind(item["kind"]), float(item["value"]), int(item["serial"]))
        for name, item in stored.items()
    }


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - once per packet: the plain call is the fast one
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_ino
