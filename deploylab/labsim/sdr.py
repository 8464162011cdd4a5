"""A simulated node's sensors and their records (IPMI 2.0, chapters 33, 35 and 43)."""

import math
import time
from dataclasses import dataclass

TEMPERATURE, VOLTAGE, FAN = 0x01, 0x02, 0x04
CELSIUS, VOLTS, RPM = 1, 4, 18
SYSTEM_BOARD, PROCESSOR, FAN_ENTITY, POWER_SUPPLY, MANAGEMENT = 7, 3, 29, 10, 6
OK, NOT_PRESENT = 0x00, 0xCB
UNAVAILABLE = 0xE0
SCANNING = 0xC0


@dataclass(frozen=True, slots=True)
class Sensor:
    """A linear threshold sensor. Raw readings are value = raw · factor · 10^exponent."""

    number: int
    name: str
    kind: int
    unit: int
    entity: int
    instance: int
    factor: int
    exponent: int
    low: tuple[int, int]  # raw: non-critical, critical
    high: tuple[int, int]
    rest: int  # raw
    swing: int
    needs_power: bool

    def raw(self, *, now: float) -> int:
        """A reading that drifts, so that a graph of it looks alive."""
        return self.rest + round(self.swing * math.sin(now / 20 + self.number))

    def reading(self, *, is_on: bool) -> bytes:
        """The body of a Get Sensor Reading answer."""
        if self.needs_power and not is_on:
            return bytes((0, UNAVAILABLE, 0xC0, 0x80))
        return bytes((self.raw(now=time.monotonic()), SCANNING, 0xC0, 0x80))

    def thresholds(self) -> bytes:
        """The body of a Get Sensor Thresholds answer: lower, then upper; none non-recoverable."""
        return bytes((0x1B, self.low[0], self.low[1], 0, self.high[0], self.high[1], 0))

    def record(self, record_id: int) -> bytes:
        """The full sensor record, type 01h (table 43-1)."""
        exponents = (self.exponent & 0x0F) << 4
        body = (
            bytes((0x20, 0x00, self.number, self.entity, self.instance))
            + bytes((0x7F, 0x68, self.kind, 0x01))
            + bytes((0x85, 0x0A, 0x85, 0x0A, 0x1B, 0x00))  # events, readable thresholds
            + bytes((0x00, self.unit, 0x00, 0x00))
            + bytes((self.factor & 0xFF, 0x00, 0x00, 0x00, 0x00, exponents))
            + bytes((0x01, self.rest, self.high[0], self.low[0], 0xFF, 0x00))
            + bytes((0xFF, self.high[1], self.high[0], 0x00, self.low[1], self.low[0]))
            + bytes((0x01, 0x01, 0x00, 0x00, 0x00))
        )
        return _record(record_id, 0x01, body + _name(self.name))


def _temperature(number: int, name: str, entity: int, instance: int, rest: int) -> Sensor:
    return Sensor(
        number, name, TEMPERATURE, CELSIUS, entity, instance, 1, 0,
        (5, 2), (rest + 40, rest + 50), rest, 2, entity == PROCESSOR,
    )  # fmt: skip


SENSORS = (
    _temperature(1, "Inlet Temp", SYSTEM_BOARD, 1, 22),
    _temperature(2, "CPU1 Temp", PROCESSOR, 1, 44),
    _temperature(3, "CPU2 Temp", PROCESSOR, 2, 42),
    *(
        Sensor(3 + n, f"Fan{n} RPM", FAN, RPM, FAN_ENTITY, n, 60, 0,
               (20, 10), (220, 240), 90, 3, needs_power=True)
        for n in range(1, 5)
    ),
    Sensor(8, "12V", VOLTAGE, VOLTS, POWER_SUPPLY, 1, 6, -2,
           (180, 170), (220, 230), 201, 1, needs_power=False),
)  # fmt: skip


class SensorRecords:
    """Answers the sensor commands (netFn 04h) and the repository's (0Ah, 20h to 28h)."""

    def __init__(self) -> None:
        self._sensors = {sensor.number: sensor for sensor in SENSORS}
        self._records = [_controller_record(1)]
        self._records += [sensor.record(n) for n, sensor in enumerate(SENSORS, start=2)]
        self._reservation = 0

    def reading(self, data: bytes, *, is_on: bool) -> tuple[int, bytes]:
        """Get Sensor Reading (35.14)."""
        sensor = self._sensors.get(data[0]) if data else None
        return (NOT_PRESENT, b"") if sensor is None else (OK, sensor.reading(is_on=is_on))

    def thresholds(self, data: bytes) -> tuple[int, bytes]:
        """Get Sensor Thresholds (35.9)."""
        sensor = self._sensors.get(data[0]) if data else None
        return (NOT_PRESENT, b"") if sensor is None else (OK, sensor.thresholds())

    def info(self, _data: bytes) -> tuple[int, bytes]:
        """Get SDR Repository Info (33.9)."""
        count = len(self._records).to_bytes(2, "little")
        return OK, b"\x51" + count + b"\xff\xff" + bytes(8) + b"\x22"

    def reserve(self, _data: bytes) -> tuple[int, bytes]:
        """Reserve SDR Repository (33.11)."""
        self._reservation = self._reservation % 0xFFFF + 1
        return OK, self._reservation.to_bytes(2, "little")

    def read(self, data: bytes) -> tuple[int, bytes]:
        """Get SDR (33.12)."""
        wanted = int.from_bytes(data[2:4], "little")
        offset, size = data[4], data[5]
        index = {0: 0, 0xFFFF: len(self._records) - 1}.get(wanted, wanted - 1)
        if not 0 <= index < len(self._records):
            return NOT_PRESENT, b""
        following = index + 2 if index + 1 < len(self._records) else 0xFFFF
        piece = self._records[index][offset : offset + size]
        return OK, following.to_bytes(2, "little") + piece


def _controller_record(record_id: int) -> bytes:
    """Management controller device locator, type 12h (table 43-9)."""
    body = bytes((0x20, 0x00, 0x00, 0x8F, 0, 0, 0, MANAGEMENT, 0x01, 0x00))
    return _record(record_id, 0x12, body + _name("BMC"))


def _record(record_id: int, kind: int, body: bytes) -> bytes:
    return record_id.to_bytes(2, "little") + bytes((0x51, kind, len(body))) + body


def _name(text: str) -> bytes:
    raw = text.encode("ascii")[:16]
    return bytes((0xC0 | len(raw),)) + raw
