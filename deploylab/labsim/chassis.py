"""Chassis commands of a simulated controller (IPMI 2.0, chapter 28)."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from deploylab.labsim.faults import Fault, FaultKind

Answer = tuple[int, bytes]

OK, INVALID_FIELD, PARAMETER_UNSUPPORTED, TOO_SHORT = 0x00, 0xCC, 0x80, 0xC7
NOT_IN_THIS_STATE = 0xD5
VALID, PERSISTENT = 0x80, 0x40
FLAGS_LIVE = 60.0  # seconds until unused boot flags are forgotten, unless told not to
SELECTORS = {0x01: "network", 0x02: "disk"}


class Power(Protocol):
    """What chassis commands need of a machine."""

    @property
    def is_on(self) -> bool: ...
    def power_on(self) -> None: ...
    def power_off(self) -> None: ...
    def power_cycle(self) -> None: ...
    def reset(self) -> None: ...
    def soft_off(self) -> None: ...


@dataclass(slots=True)
class BootFlags:
    """Parameter 5 of the boot options, with what makes real controllers forget it."""

    flags: bytes = bytes(5)
    keeps_valid: bool = False
    set_at: float = 0.0

    @property
    def is_valid(self) -> bool:
        """Whether the next start will heed the flags."""
        if not self.flags[0] & VALID:
            return False
        return self.keeps_valid or time.monotonic() < self.set_at + FLAGS_LIVE

    def store(self, flags: bytes) -> None:
        """Set by the client."""
        self.flags, self.set_at = flags, time.monotonic()

    def read(self) -> bytes:
        """As the client sees them."""
        if self.is_valid:
            return self.flags
        return bytes((self.flags[0] & ~VALID & 0xFF,)) + self.flags[1:]

    def take(self) -> str:
        """Where to start from: "network", "disk" or "default". A one-time choice is used up."""
        device = (
            SELECTORS.get((self.flags[1] >> 2) & 0x0F, "default") if self.is_valid else "default"
        )
        if not self.flags[0] & PERSISTENT:
            self.flags = bytes(5)
        return device


class Chassis:
    """Answers netFn 00h."""

    def __init__(self, machine: Power, boot_flags: BootFlags, fault: Callable[[], Fault]) -> None:
        self._machine = machine
        self._boot_flags = boot_flags
        self._fault = fault
        self._lied_about = 0
        self.identify_until = 0.0
        self.commands = {
            0x00: self._capabilities,
            0x01: self._status,
            0x02: self._control,
            0x04: self._identify,
            0x07: self._restart_cause,
            0x08: self._set_boot_options,
            0x09: self._get_boot_options,
            0x0F: self._power_on_hours,
        }

    @property
    def is_identifying(self) -> bool:
        """Whether the lamp is lit."""
        return time.monotonic() < self.identify_until

    def _capabilities(self, _data: bytes) -> Answer:
        return OK, bytes((0x00, 0x20, 0x20, 0x20, 0x20))

    def _status(self, _data: bytes) -> Answer:
        is_on = self._machine.is_on
        if self._fault().kind is FaultKind.WRONG_STATE:
            is_on = not is_on
        lamp = 0x50 if self.is_identifying else 0x40  # identify supported; 01b: lit for a time
        return OK, bytes((0x20 | is_on, 0x00, lamp))

    def _control(self, data: bytes) -> Answer:
        if not data:
            return TOO_SHORT, b""
        action = {
            0: self._machine.power_off,
            1: self._machine.power_on,
            2: self._machine.power_cycle,
            3: self._machine.reset,
            5: self._machine.soft_off,
        }.get(data[0] & 0x0F)
        if action is None:
            return INVALID_FIELD, b""
        fault = self._fault()
        if fault.kind is FaultKind.LIES_ONCE and fault.serial != self._lied_about:
            self._lied_about = fault.serial
            return OK, b""
        needs_power = data[0] & 0x0F in (2, 3)
        if needs_power and not self._machine.is_on:
            return NOT_IN_THIS_STATE, b""
        action()
        return OK, b""

    def _identify(self, data: bytes) -> Answer:
        seconds = float(data[0]) if data else 15.0
        if len(data) > 1 and data[1] & 1:
            seconds = float("inf")
        self.identify_until = time.monotonic() + seconds
        return OK, b""

    def _restart_cause(self, _data: bytes) -> Answer:
        return OK, b"\x01\x01"  # by chassis control, over channel 1

    def _set_boot_options(self, data: bytes) -> Answer:
        if not data:
            return TOO_SHORT, b""
        parameter, values = data[0] & 0x7F, data[1:]
        if parameter == 3 and values:  # noqa: PLR2004 - valid bit clearing
            self._boot_flags.keeps_valid = bool(values[0] & 0x08)
        elif parameter == 5:  # noqa: PLR2004 - boot flags
            if len(values) < 5:  # noqa: PLR2004 - its length
                return TOO_SHORT, b""
            self._boot_flags.store(values[:5])
        elif parameter not in (0, 4):
            return PARAMETER_UNSUPPORTED, b""
        return OK, b""

    def _get_boot_options(self, data: bytes) -> Answer:
        parameter = data[0] & 0x7F if data else 0xFF
        values = {
            0: b"\x00",
            3: bytes((0x08 if self._boot_flags.keeps_valid else 0x00,)),
            4: bytes(2),
            5: self._boot_flags.read(),
        }.get(parameter)
        if values is None:
            return PARAMETER_UNSUPPORTED, b""
        return OK, bytes((0x01, parameter)) + values

    def _power_on_hours(self, _data: bytes) -> Answer:
        return OK, bytes((60,)) + int(time.monotonic() // 3600).to_bytes(4, "little")
