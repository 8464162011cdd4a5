"""A simulated node's management controller: datagrams in, datagrams out, no sockets and no time.

pyghmi has a server class; this is our own because that one knows clients by their address in
tables shared by the whole process, so that a returning client ends its listening loop.
"""

import os
import time
import uuid
from collections.abc import Callable
from typing import Protocol

from deploylab.drivers.rmcp import (
    CIPHER_SUITE_RECORDS,
    OPEN_REQUEST,
    OPEN_RESPONSE,
    PAYLOAD_IPMI,
    RAKP1,
    RAKP2,
    RAKP3,
    RAKP4,
    Packet,
    PacketError,
    Request,
    build_response,
    parse_packet,
    parse_request,
    plain_packet,
)
from deploylab.labsim import session as log_in
from deploylab.labsim.chassis import Answer, BootFlags, Chassis, Power
from deploylab.labsim.faults import Fault, FaultKind
from deploylab.labsim.fru import fru_record
from deploylab.labsim.lab import SimulatedNode
from deploylab.labsim.sdr import SensorRecords
from deploylab.labsim.sel import EventLog
from deploylab.labsim.session import Session

CHASSIS, SENSOR, APP, STORAGE = 0x00, 0x04, 0x06, 0x0A
OK, UNKNOWN_COMMAND, TOO_SHORT, TOO_LONG = 0x00, 0xC1, 0xC7, 0xC8
NO_PRIVILEGE, NOT_PRESENT, OUT_OF_RANGE, TOO_HIGH = 0xD4, 0xCB, 0xC9, 0x81
OPERATOR = 3
MOST_SESSIONS = 16
IDLE = 60.0  # seconds after which a session may be forgotten
LARGEST_READ = 32  # bytes of FRU; real ones refuse more with C8h
DELL = 674
CHANGES = {(CHASSIS, 0x02), (CHASSIS, 0x08), (STORAGE, 0x47)}  # need operator


class Machine(Power, Protocol):
    """What a controller needs of the machine it manages."""

    boot_flags: BootFlags
    events: EventLog


class Bmc:
    """One controller. `answer` never raises, whatever the bytes."""

    def __init__(self, node: SimulatedNode, machine: Machine, fault: Callable[[], Fault]) -> None:
        self.node = node
        self.guid = uuid.uuid5(uuid.NAMESPACE_DNS, node.service_tag).bytes
        self.commands_seen = 0
        self._password = node.password.encode().ljust(20, b"\0")
        self._machine = machine
        self._fault = fault
        self._sessions: dict[bytes, Session] = {}
        self._sensors = SensorRecords()
        self._fru = fru_record(node)
        self.chassis = Chassis(machine, machine.boot_flags, fault)
        self._commands = self._table()

    def answer(self, raw: bytes) -> bytes | None:
        """The reply to a datagram, or None for silence."""
        try:
            packet = parse_packet(raw)
            if packet.payload_type == PAYLOAD_IPMI:
                return self._message(packet)
            reply = {
                OPEN_REQUEST: self._open,
                RAKP1: self._rakp1,
                RAKP3: self._rakp3,
            }.get(packet.payload_type)
            return reply(packet.payload) if reply else None
        except (PacketError, IndexError, ValueError):
            return None  # forged, cut short or nonsense: a real controller drops it too

    def _message(self, packet: Packet) -> bytes | None:
        if packet.session_id == 0:
            request = parse_request(packet.payload)
            code, data = self._outside_session(request)
            return plain_packet(build_response(request, code, data), is_rmcpp=packet.is_rmcpp)
        session = self._sessions.get(packet.session_id.to_bytes(4, "little"))
        if session is None:
            return None
        request = parse_request(session.open(packet))
        self.commands_seen += 1
        code, data = self._inside_session(request, session)
        return session.seal(build_response(request, code, data))

    def _outside_session(self, request: Request) -> Answer:
        if request.netfn != APP:
            return NO_PRIVILEGE, b""
        if request.command == 0x38:  # noqa: PLR2004 - channel authentication capabilities
            has_extended = bool(request.data[0] & 0x80)
            return OK, b"\x01\x80\x04\x02" + bytes(4) if has_extended else b"\x01\x00\x04" + bytes(
                5
            )
        if request.command == 0x54:  # noqa: PLR2004 - channel cipher suites
            place = 16 * (request.data[2] & 0x3F)
            return OK, b"\x01" + CIPHER_SUITE_RECORDS[place : place + 16]
        if request.command == 0x37:  # noqa: PLR2004 - system GUID
            return OK, self.guid
        return NO_PRIVILEGE, b""

    def _inside_session(self, request: Request, session: Session) -> Answer:
        if request.netfn == APP and request.command == 0x3B:  # noqa: PLR2004 - set privilege
            return _set_privilege(request.data, session)
        if request.netfn == APP and request.command == 0x3C:  # noqa: PLR2004 - close session
            self._sessions.pop(request.data[:4], None)
            return OK, b""
        if (request.netfn, request.command) in CHANGES and session.privilege < OPERATOR:
            return NO_PRIVILEGE, b""
        handler = self._commands.get((request.netfn, request.command))
        if handler is None:
            return UNKNOWN_COMMAND, b""
        try:
            return handler(request.data)
        except IndexError:
            return TOO_SHORT, b""

    def _open(self, payload: bytes) -> bytes:
        client_id = payload[4:8]
        if self._fault().kind is FaultKind.REFUSE_SESSIONS or not self._has_room():
            status: int = log_in.NO_RESOURCES
            return _log_in_packet(OPEN_RESPONSE, log_in.refusal(payload[0], status, client_id))
        suite = log_in.choose_suite(payload)
        if isinstance(suite, int):
            return _log_in_packet(OPEN_RESPONSE, log_in.refusal(payload[0], suite, client_id))
        session = Session(suite, client_id, os.urandom(4))
        self._sessions[session.own_id] = session
        return _log_in_packet(OPEN_RESPONSE, log_in.open_response(payload, session))

    def _rakp1(self, payload: bytes) -> bytes | None:
        session = self._sessions.get(payload[4:8])
        if session is None or session.is_open:
            return None
        name = payload[28 : 28 + payload[27]]
        password = self._password if name == self.node.username.encode() else None
        return _log_in_packet(RAKP2, log_in.rakp2(session, payload, password, self.guid))

    def _rakp3(self, payload: bytes) -> bytes | None:
        session = self._sessions.get(payload[4:8])
        if session is None or session.is_open or not session.own_random:
            return None
        if payload[1] != 0:  # the client did not like our proof
            del self._sessions[session.own_id]
            return None
        reply = log_in.rakp4(session, payload, self._password, self.guid)
        if not session.is_open:
            del self._sessions[session.own_id]
        return _log_in_packet(RAKP4, reply)

    def _has_room(self) -> bool:
        """Make room by forgetting half-open sessions first, then idle ones, oldest first."""
        if len(self._sessions) < MOST_SESSIONS:
            return True
        idle_since = time.monotonic() - IDLE
        for session in sorted(self._sessions.values(), key=lambda item: item.seen_at):
            if not session.is_open or session.seen_at < idle_since:
                del self._sessions[session.own_id]
                return True
        return False

    def _table(self) -> dict[tuple[int, int], Callable[[bytes], Answer]]:
        table: dict[tuple[int, int], Callable[[bytes], Answer]] = {
            (APP, 0x01): self._device_id,
            (APP, 0x02): self._cold_reset,
            (APP, 0x04): lambda _data: (OK, b"\x55\x00"),
            (APP, 0x37): lambda _data: (OK, self.guid),
            (APP, 0x38): lambda _data: (OK, b"\x01\x80\x04\x02" + bytes(4)),
            (APP, 0x42): lambda _data: (OK, b"\x01\x04\x01\x80\xf2\x1b\x00\x00\x00"),
            (SENSOR, 0x27): self._sensors.thresholds,
            (SENSOR, 0x2D): lambda data: self._sensors.reading(data, is_on=self._machine.is_on),
            (STORAGE, 0x10): self._fru_info,
            (STORAGE, 0x11): self._read_fru,
            (STORAGE, 0x20): self._sensors.info,
            (STORAGE, 0x22): self._sensors.reserve,
            (STORAGE, 0x23): self._sensors.read,
        }
        table |= {(STORAGE, number): call for number, call in self._machine.events.commands.items()}
        return table | {(CHASSIS, number): call for number, call in self.chassis.commands.items()}

    def _device_id(self, _data: bytes) -> Answer:
        firmware = b"\x01\x70"
        maker = DELL.to_bytes(3, "little")
        return OK, b"\x20\x01" + firmware + b"\x02\x8f" + maker + b"\x00\x01" + bytes(4)

    def _cold_reset(self, _data: bytes) -> Answer:
        for session in list(self._sessions.values()):
            session.seen_at = 0.0  # forgotten as soon as there is need of room
        return OK, b""

    def _fru_info(self, data: bytes) -> Answer:
        if data[0] != 0:
            return NOT_PRESENT, b""
        return OK, len(self._fru).to_bytes(2, "little") + b"\x00"

    def _read_fru(self, data: bytes) -> Answer:
        if data[0] != 0:
            return NOT_PRESENT, b""
        offset, size = int.from_bytes(data[1:3], "little"), data[3]
        if size > LARGEST_READ:
            return TOO_LONG, b""
        piece = self._fru[offset : offset + size]
        return (OK, bytes((len(piece),)) + piece) if piece else (OUT_OF_RANGE, b"")


def _set_privilege(data: bytes, session: Session) -> Answer:
    wanted = data[0] & 0x0F
    if wanted > session.highest_privilege:
        return TOO_HIGH, b""
    if wanted:
        session.privilege = wanted
    return OK, bytes((session.privilege,))


def _log_in_packet(payload_type: int, payload: bytes) -> bytes:
    return plain_packet(payload, payload_type=payload_type, is_rmcpp=True)
