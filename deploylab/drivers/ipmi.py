"""IPMI 2.0 over LAN: sessions of our own, pyghmi to read sensors, event log and inventory."""

import contextlib
import functools
import socket
import struct
import time
from collections.abc import Callable
from typing import TypeVar

from pyghmi.exceptions import PyghmiException
from pyghmi.ipmi.private.util import get_ipmi_error

from deploylab.drivers import ipmi_decode
from deploylab.drivers.base import (
    BmcDriver,
    BmcTarget,
    BootDevice,
    BootSetting,
    EventLogEntry,
    Inventory,
    PowerAction,
    PowerState,
    SensorReading,
)
from deploylab.drivers.errors import (
    BmcAddressError,
    BmcAuthenticationError,
    BmcRefusedError,
    BmcTimeoutError,
    BmcUnreachableError,
    DriverError,
)
from deploylab.drivers.rmcp_client import AccountError, Console, SessionRefusedError

Result = TypeVar("Result")

CHASSIS, APP, STORAGE = 0x00, 0x06, 0x0A
CHASSIS_STATUS, CHASSIS_CONTROL, CHASSIS_IDENTIFY = 0x01, 0x02, 0x04
SET_BOOT_OPTIONS, GET_BOOT_OPTIONS = 0x08, 0x09
GET_DEVICE_ID = 0x01
FRU_AREA_INFO, READ_FRU = 0x10, 0x11

# IPMI 2.0, table 28-4
CONTROL = {
    PowerAction.OFF: 0x00,
    PowerAction.ON: 0x01,
    PowerAction.CYCLE: 0x02,
    PowerAction.RESET: 0x03,
    PowerAction.SOFT_OFF: 0x05,
}
# IPMI 2.0, table 28-14, boot flags, data 2, bits 5:2
BOOT_SELECTOR = {BootDevice.DEFAULT: 0x00, BootDevice.NETWORK: 0x04, BootDevice.DISK: 0x08}

FRU_PIECE = 32  # bytes; larger reads are refused with C8h by some controllers
IDLE = 25.0  # seconds; controllers forget a silent session after some 60
READING = 5  # deadlines that reading a whole table may take
BUSY = {0xC0, 0xC3, 0xCF}  # node busy, time-out inside, duplicated request


class IpmiDriver(BmcDriver):
    """Speaks IPMI 2.0 (RMCP+) to one controller, as operator."""

    def __init__(self, target: BmcTarget, *, deadline: float = 12.0) -> None:
        super().__init__(target, deadline=deadline)
        self._console: Console | None = None
        self._refused: BmcAuthenticationError | None = None

    def validate(self) -> None:
        self._raw(APP, GET_DEVICE_ID)

    def power_state(self) -> PowerState:
        data = self._raw(CHASSIS, CHASSIS_STATUS)
        if not data:
            return PowerState.UNKNOWN
        return PowerState.ON if data[0] & 1 else PowerState.OFF

    def set_power(self, action: PowerAction | str) -> None:
        wanted = PowerAction(action)
        if wanted is PowerAction.ON and self.power_state() is PowerState.ON:
            return  # some controllers take "on" for a running machine as a reset
        self._raw(CHASSIS, CHASSIS_CONTROL, (CONTROL[wanted],), once=True)

    def set_boot_device(self, device: BootDevice | str, *, once: bool = True) -> None:
        wanted = BootDevice(device)
        # Ask not to forget the flags after 60 s; a controller that cannot do it may say so.
        with contextlib.suppress(BmcRefusedError):
            self._raw(CHASSIS, SET_BOOT_OPTIONS, (0x03, 0x08))
        flags = 0x00 if wanted is BootDevice.DEFAULT else 0x80 if once else 0xC0
        self._raw(CHASSIS, SET_BOOT_OPTIONS, (0x05, flags, BOOT_SELECTOR[wanted], 0, 0, 0))

    def boot_device(self) -> BootSetting:
        return ipmi_decode.boot_setting(self._raw(CHASSIS, GET_BOOT_OPTIONS, (0x05, 0, 0)))

    def identify(self, seconds: int) -> None:
        self._raw(CHASSIS, CHASSIS_IDENTIFY, (max(0, min(255, seconds)),))

    def sensors(self) -> list[SensorReading]:
        return self._read(ipmi_decode.sensors)

    def event_log(self) -> list[EventLogEntry]:
        return self._read(ipmi_decode.events)

    def inventory(self) -> Inventory:
        device = self._raw(APP, GET_DEVICE_ID)
        info = self._raw(STORAGE, FRU_AREA_INFO, (0,))
        size = int.from_bytes(info[:2], "little")
        record = bytearray()
        while len(record) < size:
            piece = min(FRU_PIECE, size - len(record))
            place = len(record).to_bytes(2, "little")
            answer = self._raw(STORAGE, READ_FRU, (0, *place, piece))
            if not answer or not answer[0]:
                break
            record += answer[1:]
        return ipmi_decode.inventory(record, device)

    def close(self) -> None:
        console, self._console = self._console, None
        if console is not None:
            console.close()

    def _raw(
        self, netfn: int, command: int, data: tuple[int, ...] = (), *, once: bool = False
    ) -> bytes:
        """Send a command and return its data. With `once` it is never sent a second time."""
        ends_at = time.monotonic() + self.deadline
        code, answer = self._exchange(netfn, command, bytes(data), ends_at=ends_at, once=once)
        if code:
            raise self._refusal(netfn, command, code)
        return answer

    def _exchange(
        self, netfn: int, command: int, data: bytes, *, ends_at: float, once: bool = False
    ) -> tuple[int, bytes]:
        console = self._log_in(ends_at)
        try:
            return console.command(netfn, command, data, ends_at=ends_at, once=once)
        except TimeoutError:
            self._console = None
            raise BmcTimeoutError(
                f"The controller at {self.target} stopped answering in the middle of a command."
            ) from None
        except (OSError, IndexError) as error:
            self._console = None
            console.forget()
            raise BmcUnreachableError(self._silence()) from error

    def _read(self, call: Callable[[ipmi_decode.Reader], Result]) -> Result:
        """Let pyghmi read a table, over our session."""
        ends_at = time.monotonic() + self.deadline * READING
        reader = ipmi_decode.Reader(functools.partial(self._exchange, ends_at=ends_at))
        try:
            return call(reader)
        except PyghmiException as error:
            raise BmcRefusedError(
                f"The controller at {self.target} refused to be read: {error}."
            ) from error
        except (LookupError, AttributeError, AssertionError, struct.error) as error:
            raise BmcRefusedError(
                f"The controller at {self.target} sent a table that makes no sense "
                f"({type(error).__name__})."
            ) from error

    def _log_in(self, ends_at: float) -> Console:
        if self._refused is not None:
            raise self._refused  # a wrong password is never tried again by the same driver
        if self._console is not None and time.monotonic() > self._console.used_at + IDLE:
            self.close()  # the controller may have forgotten us by now
        if self._console is None:
            console = self._call()
            try:
                console.log_in(ends_at)
            except Exception as error:
                console.forget()
                raise self._log_in_error(error, console) from error
            self._console = console
        return self._console

    def _call(self) -> Console:
        try:
            return Console(self.target)
        except socket.gaierror as error:
            raise BmcAddressError(
                f"The controller's name “{self.target.host}” does not resolve to an address."
            ) from error
        except OSError as error:
            raise BmcUnreachableError(self._silence()) from error

    def _log_in_error(self, error: Exception, console: Console) -> DriverError:
        if isinstance(error, AccountError):
            self._refused = BmcAuthenticationError(
                f"The controller at {self.target} refuses the user “{self.target.username}” or "
                "its password. It is not tried again: a controller may block us."
            )
            return self._refused
        if isinstance(error, SessionRefusedError):
            return BmcRefusedError(
                f"The controller at {self.target} opens no session (status {error.args[0]:02X}h): "
                "it may have too many already.",
                retryable=True,
            )
        if isinstance(error, TimeoutError) and console.has_heard:
            return BmcTimeoutError(
                f"The controller at {self.target} answered once and did not finish the log-in."
            )
        return BmcUnreachableError(self._silence())

    def _refusal(self, netfn: int, command: int, code: int) -> BmcRefusedError:
        text = get_ipmi_error({"netfn": netfn | 1, "command": command, "code": code})
        return BmcRefusedError(
            f"The controller at {self.target} refused the command: {text} (code {code:02X}h).",
            retryable=code in BUSY,
        )

    def _silence(self) -> str:
        return (
            f"Nothing answers at {self.target}. Is the controller powered and on this network, "
            "and is IPMI over LAN enabled?"
        )
