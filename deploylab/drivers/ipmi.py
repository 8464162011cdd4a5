"""IPMI 2.0 over LAN, by pyghmi, with what measuring it has taught.

The process that uses this must not fork afterwards: pyghmi keeps one thread for all its sockets,
and a forked child has the library's state without the thread.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from pyghmi.exceptions import IpmiException, PyghmiException
from pyghmi.ipmi.command import Command
from pyghmi.ipmi.private import session as pyghmi_session
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
from deploylab.drivers.bounded import run_within
from deploylab.drivers.errors import (
    BmcAddressError,
    BmcAuthenticationError,
    BmcRefusedError,
    BmcTimeoutError,
    BmcUnreachableError,
    DriverError,
)

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

OPERATOR = 3  # the least privilege that may switch power
FRU_PIECE = 32  # bytes; larger reads are refused with C8h by some controllers
TURN = 0.1  # seconds
LOG_OUT = 2.0  # seconds
AUTHENTICATION_WORDS = ("password", "unauthorized", "integrity check", "rakp4", "privil", "privel")


# pyghmi takes these two locks in either order, so that two threads with time-outs to handle stop each
# other, and with them every later one, for ever. Both are re-entrant: one lock in both places cannot.
pyghmi_session.KEEPALIVE_SESSIONS = pyghmi_session.WAITING_SESSIONS

# pyghmi's table of sessions by address is changed without a lock by log-in and by log-out: two
# drivers for one controller take turns at its door. One entry for each controller ever spoken to.
_doors: dict[tuple[str, int], threading.Lock] = {}
_doors_lock = threading.Lock()


class _OwnName(bytes):
    """A user name that equals only itself.

    pyghmi hands a second log-in to the same controller and user the first one's session, dead or
    alive. It compares names to find it; with this none is ever found, so every driver has its own.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)


class IpmiDriver(BmcDriver):
    """Speaks IPMI 2.0 (RMCP+) to one controller, as operator."""

    def __init__(self, target: BmcTarget, *, deadline: float = 12.0) -> None:
        super().__init__(target, deadline=deadline)
        self._command: Any = None
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
        self._raw_once(CHASSIS, CHASSIS_CONTROL, (CONTROL[wanted],))

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
        def read(command: Any) -> list[SensorReading]:
            return [ipmi_decode.sensor(item) for item in command.get_sensor_data()]

        return self._run(read, deadline=self.deadline * 5)

    def event_log(self) -> list[EventLogEntry]:
        def read(command: Any) -> list[EventLogEntry]:
            return [ipmi_decode.event(item) for item in command.get_event_log()]

        return self._run(read, deadline=self.deadline * 5)

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
        command, self._command = self._command, None
        if command is not None:
            with contextlib.suppress(PyghmiException, TimeoutError, OSError):
                run_within(lambda: self._log_out(command), LOG_OUT)

    def _log_out(self, command: Any) -> None:
        with _door_of(self.target):
            command.ipmi_session.logout()

    def _raw(self, netfn: int, command: int, data: tuple[int, ...] = ()) -> bytes:
        """Send what may be sent again: pyghmi repeats it when no answer comes."""
        return self._run(lambda bmc: _checked(bmc.raw_command(netfn, command, data=data)))

    def _raw_once(self, netfn: int, command: int, data: tuple[int, ...]) -> bytes:
        """Send what must not be sent twice, such as a reset.

        The library's first repeat is put off beyond our own deadline, and at the deadline the
        session is abandoned, which takes the pending repeat with it. Waiting is done in short
        turns: the library can miss a wake-up, and would then sleep until that repeat.
        """

        def send(bmc: Any) -> bytes:
            session = bmc.ipmi_session
            answers: list[dict[str, Any]] = []
            session.raw_command(
                netfn, command, data=data, timeout=self.deadline * 2, callback=answers.append
            )
            ends_at = time.monotonic() + self.deadline
            while not answers and not session.broken and time.monotonic() < ends_at:
                bmc.wait_for_rsp(TURN)
            session.incommand = False
            if not answers:
                raise TimeoutError
            return _checked(answers[0])

        return self._run(send)

    def _run(self, call: Callable[[Any], Result], *, deadline: float | None = None) -> Result:
        ends_at = time.monotonic() + (deadline or self.deadline)
        command = self._log_in()
        try:
            return run_within(lambda: call(command), max(0.1, ends_at - time.monotonic()))
        except TimeoutError:
            self._abandon()
            raise BmcTimeoutError(
                f"The controller at {self.target} stopped answering in the middle of a command."
            ) from None
        except IpmiException as error:
            raise self._command_error(error) from error
        except (PyghmiException, OSError, LookupError, AttributeError, AssertionError) as error:
            self._abandon()
            raise BmcRefusedError(
                f"The controller at {self.target} sent an answer that makes no sense "
                f"({type(error).__name__}).",
                retryable=True,
            ) from error

    def _log_in(self) -> Any:
        if self._refused is not None:
            raise self._refused  # a wrong password is never tried again by the same driver
        if self._command is None:
            try:
                self._command = run_within(self._new_command, self.deadline)
            except TimeoutError:
                raise BmcUnreachableError(self._silence()) from None
            except socket.gaierror as error:
                raise BmcAddressError(
                    f"The controller's name “{self.target.host}” does not resolve to an address."
                ) from error
            except PyghmiException as error:
                raise self._log_in_error(error) from error
            except (OSError, LookupError, RuntimeError) as error:
                raise BmcUnreachableError(
                    f"The log-in at {self.target} failed in our own library ({error!r})."
                ) from error
        return self._command

    def _new_command(self) -> Any:
        """Log in, by callback: the library's waiting log-in can lose the reason of a refusal."""
        answers: list[dict[str, Any]] = []
        ends_at = time.monotonic() + self.deadline
        with _door_of(self.target):
            # Bytes, not text: with text the second log-in to a controller hangs for ever.
            command = Command(
                bmc=self.target.host,
                userid=_OwnName(self.target.username.encode()),
                password=self.target.password.encode(),
                port=self.target.port,
                privlevel=OPERATOR,
                onlogon=lambda answer, _command: answers.append(answer),
            )
            while not answers and time.monotonic() < ends_at:
                command.wait_for_rsp(TURN)
        if not answers:
            _forget(command)
            raise TimeoutError
        if "error" in answers[0]:
            raise IpmiException(answers[0]["error"])
        return command

    def _log_in_error(self, error: Exception) -> DriverError:
        text = str(error)
        if any(word in text.lower() for word in AUTHENTICATION_WORDS):
            self._refused = BmcAuthenticationError(
                f"The controller at {self.target} refuses the user “{self.target.username}” or "
                "its password. It is not tried again: a controller may block us."
            )
            return self._refused
        if text in {"None", "", "timeout"} or "no longer" in text or "failed to init" in text:
            return BmcUnreachableError(self._silence())
        return BmcRefusedError(
            f"The controller at {self.target} refused the session: {text}.", retryable=True
        )

    def _command_error(self, error: IpmiException) -> DriverError:
        text = str(error)
        if "no longer connected" in text or text in {"None", "timeout"}:
            self._abandon()
            return BmcTimeoutError(
                f"The controller at {self.target} stopped answering in the middle of a command."
            )
        code = int(getattr(error, "ipmicode", 0))
        busy = code in {0xC0, 0xC3, 0xCF}  # node busy, time-out inside, duplicated request
        return BmcRefusedError(
            f"The controller at {self.target} refused the command: {text} (code {code:02X}h).",
            retryable=busy,
        )

    def _abandon(self) -> None:
        """Leave a session that does not answer, so that its library never sends or reuses it."""
        command, self._command = self._command, None
        if command is not None:
            _forget(command)

    def _silence(self) -> str:
        return (
            f"Nothing answers at {self.target}. Is the controller powered and on this network, "
            "and is IPMI over LAN enabled?"
        )


def _door_of(target: BmcTarget) -> threading.Lock:
    with _doors_lock:
        return _doors.setdefault((target.host, target.port), threading.Lock())


def _forget(command: Any) -> None:
    """Take back what the library would still send, and keep it from using the session again."""
    session = command.ipmi_session
    session.lastpayload = None
    session.logged = 0  # so that nothing is sent
    with contextlib.suppress(Exception):  # the library may just be doing the same
        session.logout(False)
    session.broken = True


def _checked(answer: dict[str, Any]) -> bytes:
    code = answer.get("code", 0)
    error = answer.get("error") or (get_ipmi_error(answer) if code else None)
    if error:
        raise IpmiException(error, code)
    return bytes(answer["data"])
