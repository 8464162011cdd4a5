"""What a simulated node prints on its serial port, kept in a file that never grows large."""

import threading
from pathlib import Path

LIMIT = 256 * 1024  # bytes; the older half goes when it is reached


class Console:
    """A bounded text file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def print(self, text: str) -> None:
        """Append a line; a serial console ends lines with CR LF."""
        with self._lock:
            with self._path.open("ab") as file:
                file.write(text.encode() + b"\r\n")
                size = file.tell()
            if size > LIMIT:
                kept = self._path.read_bytes()[-LIMIT // 2 :]
                self._path.write_bytes(kept[kept.find(b"\n") + 1 :])
