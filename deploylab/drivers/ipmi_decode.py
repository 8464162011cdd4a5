"""From IPMI's bytes, and pyghmi's dictionaries, to the values of our interface."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pyghmi.ipmi.command import Command
from pyghmi.ipmi.fru import FRU
from pyghmi.ipmi.private.util import get_ipmi_error

from deploylab.drivers.base import BootDevice, BootSetting, EventLogEntry, Inventory, SensorReading

VALID, PERSISTENT = 0x80, 0x40
SELECTED = {0x01: BootDevice.NETWORK, 0x02: BootDevice.DISK}


class Reader(Command):  # type: ignore[misc] # pyghmi is untyped
    """pyghmi's readers of sensor and event tables over a session of ours.

    ``exchange(netfn, command, data)`` returns a completion code and data. None of pyghmi's own
    sessions is made, so neither its thread nor its tables shared by the process come to life.
    """

    def __init__(self, exchange: Callable[[int, int, bytes], tuple[int, bytes]]) -> None:
        self._exchange = exchange
        self.ipmi_session = self
        self.bmc = "ours"
        self.onlogon = self.certverify = None
        self.kwargs: dict[str, Any] = {}
        self._sdrcachedir = self._sdr = self._oem = None
        self._oemknown = False
        self._netchannel = self._ipv6support = None

    def raw_command(
        self, netfn: int, command: int, *_: Any, data: Iterable[int] = (), **__: Any
    ) -> dict[str, Any]:
        """What pyghmi expects of a session."""
        code, answer = self._exchange(netfn, command, bytes(data))
        found = {"netfn": netfn | 1, "command": command, "code": code, "data": bytearray(answer)}
        error = get_ipmi_error(found)
        return found | {"error": error} if error else found


def sensors(reader: Reader) -> list[SensorReading]:
    """Every sensor of the repository, read once."""
    return [sensor(item) for item in reader.get_sensor_data()]


def events(reader: Reader) -> list[EventLogEntry]:
    """The event log, oldest first."""
    return [event(item) for item in reader.get_event_log()]


def boot_setting(answer: bytes) -> BootSetting:
    """Decode "get system boot options", parameter 5 (IPMI 2.0, table 28-14)."""
    is_invalid = bool(answer[1] & 0x80)
    if is_invalid or not answer[2] & VALID:
        return BootSetting(BootDevice.DEFAULT, is_persistent=True)
    device = SELECTED.get((answer[3] >> 2) & 0x0F, BootDevice.DEFAULT)
    return BootSetting(device, is_persistent=bool(answer[2] & PERSISTENT))


def sensor(item: Any) -> SensorReading:
    """One of pyghmi's sensor readings."""
    return SensorReading(
        name=str(item.name),
        kind=str(item.type),
        value=None if item.value is None else round(float(item.value), 3),
        unit=str(item.units or "").strip(),
        states=tuple(str(state) for state in item.states),
        is_available=not item.unavailable,
    )


def event(item: Mapping[str, Any]) -> EventLogEntry:
    """One of pyghmi's event log entries."""
    return EventLogEntry(
        record_id=int(item.get("record_id") or 0),
        logged_at=str(item.get("timestamp") or ""),
        component=str(item.get("component") or item.get("component_type") or ""),
        text=str(item.get("event") or ""),
        severity=str(getattr(item.get("severity"), "name", item.get("severity")) or "").lower(),
    )


def inventory(record: bytearray, device: bytes) -> Inventory:
    """A FRU record (IPMI FRU information storage, version 1.0) and a device id."""
    info: Mapping[str, Any] = (FRU(rawdata=record).info if record else None) or {}

    def field(*names: str) -> str:
        values = (info.get(name) for name in names)
        return next((str(value).strip() for value in values if value), "")

    return Inventory(
        manufacturer=field("Manufacturer", "Board manufacturer"),
        model=field("Product name", "Board product name"),
        serial=field("Serial Number", "Board serial number", "Chassis serial number"),
        part_number=field("Model", "Board model", "Chassis part number"),
        asset_tag=field("Asset Number"),
        firmware=f"{device[2] & 0x7F}.{device[3]:02x}" if len(device) > 3 else "",  # noqa: PLR2004 - the two firmware bytes
    )
