"""A simulated node's event log (IPMI 2.0, chapters 31 and 32)."""

import threading
import time
from collections import deque

OK, NOT_PRESENT, TOO_SHORT = 0x00, 0xCB, 0xC7
CAPACITY = 128
SYSTEM_ACPI_STATE, SYSTEM_EVENT, POWER_UNIT = 0x22, 0x12, 0x09
GENERIC = 0x6F  # sensor-specific offsets follow


class EventLog:
    """Keeps the newest events and answers netFn 0Ah, 40h to 49h."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[bytes] = deque(maxlen=CAPACITY)
        self._next_id = 1
        self._reservation = 0
        self._added_at = self._erased_at = 0
        self.commands = {
            0x40: self._info,
            0x42: self._reserve,
            0x43: self._read,
            0x47: self._clear,
            0x48: self._time,
            0x49: lambda _data: (OK, b""),
        }

    def add(self, sensor_type: int, offset: int, *, sensor: int = 0) -> None:
        """Note a sensor-specific event (table 42-3)."""
        with self._lock:
            self._added_at = int(time.time())
            self._entries.append(
                self._next_id.to_bytes(2, "little")
                + b"\x02"
                + self._added_at.to_bytes(4, "little")
                + b"\x20\x00\x04"
                + bytes((sensor_type, sensor, GENERIC, offset, 0xFF, 0xFF))
            )
            self._next_id = self._next_id % 0xFFFE + 1

    def _info(self, _data: bytes) -> tuple[int, bytes]:
        with self._lock:
            count = len(self._entries)
            free = (CAPACITY - count) * 16
            times = self._added_at.to_bytes(4, "little") + self._erased_at.to_bytes(4, "little")
        return OK, b"\x51" + count.to_bytes(2, "little") + free.to_bytes(
            2, "little"
        ) + times + b"\x02"

    def _reserve(self, _data: bytes) -> tuple[int, bytes]:
        self._reservation = self._reservation % 0xFFFF + 1
        return OK, self._reservation.to_bytes(2, "little")

    def _read(self, data: bytes) -> tuple[int, bytes]:
        wanted = int.from_bytes(data[2:4], "little")
        offset, size = data[4], data[5]
        with self._lock:
            entries = list(self._entries)
        ids = [int.from_bytes(entry[:2], "little") for entry in entries]
        if not entries:
            return NOT_PRESENT, b""
        special = {0: ids[0], 0xFFFF: ids[-1]}
        number = special.get(wanted, wanted)
        if number not in ids:
            return NOT_PRESENT, b""
        index = ids.index(number)
        following = ids[index + 1] if index + 1 < len(ids) else 0xFFFF
        return OK, following.to_bytes(2, "little") + entries[index][offset : offset + size]

    def _clear(self, data: bytes) -> tuple[int, bytes]:
        if data[2:5] != b"CLR":
            return 0xCC, b""
        if data[5] == 0xAA:  # noqa: PLR2004 - start erasing; 00h asks how far it is
            with self._lock:
                self._entries.clear()
                self._erased_at = int(time.time())
        return OK, b"\x01"

    def _time(self, _data: bytes) -> tuple[int, bytes]:
        return OK, int(time.time()).to_bytes(4, "little")
