"""The one interface every BMC driver offers, and the values that cross it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self


class PowerState(StrEnum):
    """What a controller says about its machine; unknown is a value, never folded into off."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"


class PowerAction(StrEnum):
    """What can be asked of a machine's power. The values are those of the public API."""

    ON = "on"
    OFF = "off"
    SOFT_OFF = "soft_off"
    RESET = "reset"
    CYCLE = "cycle"


class BootDevice(StrEnum):
    """Where a machine looks first when it starts."""

    NETWORK = "network"
    DISK = "disk"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class BmcTarget:
    """A controller's address and the account to use there. The password is never in the repr."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)

    def __str__(self) -> str:
        return f"{self.host} port {self.port}"


@dataclass(frozen=True, slots=True)
class BootSetting:
    """The boot device in force, and whether it outlives the next start."""

    device: BootDevice
    is_persistent: bool


@dataclass(frozen=True, slots=True)
class SensorReading:
    """One sensor. ``value`` is None for sensors without a number or without a reading."""

    name: str
    kind: str
    value: float | None
    unit: str
    states: tuple[str, ...]
    is_available: bool


@dataclass(frozen=True, slots=True)
class EventLogEntry:
    """One line of the controller's event log; ``logged_at`` is as the controller reported it."""

    record_id: int
    logged_at: str
    component: str
    text: str
    severity: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a controller knows of its machine; an empty string where it says nothing."""

    manufacturer: str
    model: str
    serial: str
    part_number: str
    asset_tag: str
    firmware: str


class BmcDriver(ABC):
    """A conversation with one BMC, opened by the first command and ended by `close`.

    An instance belongs to one thread. Many instances, in as many threads, may work at once. Every
    command returns or raises a `DriverError` within the deadline given to the constructor
    (seconds, for each command). A driver never repeats a command that changes something.
    """

    def __init__(self, target: BmcTarget, *, deadline: float = 12.0) -> None:
        self.target = target
        self.deadline = deadline

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def validate(self) -> None:
        """Log in and ask who is there: raises unless address and credentials are good."""

    @abstractmethod
    def power_state(self) -> PowerState:
        """What the controller reports now."""

    @abstractmethod
    def set_power(self, action: PowerAction | str) -> None:
        """Send one power command, once. It returns when the controller has accepted it.

        The machine may need many seconds more: the caller reads `power_state` until it is as
        asked. "on" leaves a running machine alone. `BmcTimeoutError` means the command may or may
        not have been carried out. Raises `BmcRefusedError` when the controller says no.
        """

    @abstractmethod
    def set_boot_device(self, device: BootDevice | str, *, once: bool = True) -> None:
        """Choose where the next start (or, with ``once=False``, every start) boots from.

        Some controllers forget this after 60 seconds: set it right before the power command.
        """

    @abstractmethod
    def boot_device(self) -> BootSetting:
        """The boot device in force, as the controller reports it."""

    @abstractmethod
    def identify(self, seconds: int) -> None:
        """Light the identify lamp for 1 to 255 seconds; 0 puts it out."""

    @abstractmethod
    def sensors(self) -> list[SensorReading]:
        """Every sensor the controller lists. Slow: some hundred exchanges on real hardware."""

    @abstractmethod
    def event_log(self) -> list[EventLogEntry]:
        """The system event log, oldest first. Nothing is cleared."""

    @abstractmethod
    def inventory(self) -> Inventory:
        """Maker, model and serial number, as the controller's own record has them."""

    @abstractmethod
    def close(self) -> None:
        """End the conversation. Never raises; may be called twice."""
