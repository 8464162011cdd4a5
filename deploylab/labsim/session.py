"""One client's session with a simulated controller, from Open Session to Close Session."""

import hmac
import os
import time
from dataclasses import dataclass, field

from deploylab.drivers.rmcp import SUITES, Keys, Packet, PacketError, Suite

# RMCP+ status codes, IPMI 2.0 table 13-15
OK, NO_RESOURCES, INVALID_SESSION = 0x00, 0x01, 0x02
INVALID_AUTHENTICATION, INVALID_INTEGRITY_VALUE = 0x04, 0x0F
INVALID_ROLE, UNAUTHORIZED_NAME, INVALID_CONFIDENTIALITY = 0x09, 0x0D, 0x10
ILLEGAL_PARAMETER = 0x12
OPEN_REQUEST_SIZE = 32

WINDOW = 16  # how far behind the newest a sequence number may be
ADMINISTRATOR = 4


@dataclass(slots=True)
class Session:
    """What a controller remembers of one client."""

    suite: Suite
    client_id: bytes
    own_id: bytes
    seen_at: float = field(default_factory=time.monotonic)
    keys: Keys | None = None
    username: bytes = b""
    role: int = 0
    client_random: bytes = b""
    own_random: bytes = b""
    privilege: int = 2
    _sent: int = 0
    _newest: int = 0
    _seen: set[int] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        """Whether the client has proved it knows the password."""
        return self.keys is not None

    @property
    def highest_privilege(self) -> int:
        """What the client asked for as its limit; 0 means whatever the account has."""
        return (self.role & 0x0F) or ADMINISTRATOR

    def seal(self, payload: bytes) -> bytes:
        """A datagram of this session around an IPMI message."""
        if self.keys is None:
            raise PacketError
        self._sent += 1
        client = int.from_bytes(self.client_id, "little")
        return self.keys.seal(payload, session_id=client, sequence=self._sent)

    def open(self, packet: Packet) -> bytes:
        """The message in a datagram of this session; `PacketError` for forgeries and replays."""
        if self.keys is None:
            raise PacketError
        message = self.keys.open(packet)
        if packet.sequence in self._seen or packet.sequence <= self._newest - WINDOW:
            raise PacketError
        self._newest = max(self._newest, packet.sequence)
        self._seen = {n for n in self._seen if n > self._newest - WINDOW} | {packet.sequence}
        self.seen_at = time.monotonic()
        return message


def choose_suite(request: bytes) -> Suite | int:
    """The suite an Open Session request proposes, or the status that refuses it."""
    if len(request) != OPEN_REQUEST_SIZE:
        return ILLEGAL_PARAMETER
    wanted = []
    for place in (8, 16, 24):
        is_wildcard = request[place + 3] == 0
        wanted.append(None if is_wildcard else request[place + 4] & 0x3F)
    authentication, integrity, confidentiality = wanted
    if confidentiality not in (None, 1):
        return INVALID_CONFIDENTIALITY
    for suite in reversed(SUITES.values()):
        if authentication in (None, suite.authentication) and integrity in (None, suite.integrity):
            return suite
    return INVALID_AUTHENTICATION


def open_response(request: bytes, session: Session) -> bytes:
    """Accept an Open Session request (13.18)."""
    suite = session.suite
    chosen = (
        bytes((0, 0, 0, 8, suite.authentication, 0, 0, 0))
        + bytes((1, 0, 0, 8, suite.integrity, 0, 0, 0))
        + bytes((2, 0, 0, 8, 1, 0, 0, 0))
    )
    return bytes((request[0], OK, ADMINISTRATOR, 0)) + session.client_id + session.own_id + chosen


def refusal(tag: int, status: int, client_id: bytes) -> bytes:
    """Any log-in message that says no."""
    return bytes((tag, status, 0, 0)) + client_id


def rakp2(session: Session, rakp1: bytes, password: bytes | None, guid: bytes) -> bytes:
    """Answer RAKP message 1 (13.20, 13.21): prove we know the password too."""
    tag, length = rakp1[0], rakp1[27]
    session.client_random = rakp1[8:24]
    session.role = rakp1[24]
    session.username = rakp1[28 : 28 + length]
    if password is None:
        return refusal(tag, UNAUTHORIZED_NAME, session.client_id)
    session.own_random = os.urandom(16)
    signed = session.client_id + session.own_id + session.client_random + session.own_random + guid
    code = session.suite.mac(password, signed + _name(session))
    head = bytes((tag, OK, 0, 0)) + session.client_id
    return head + session.own_random + guid + code


def rakp4(session: Session, rakp3: bytes, password: bytes, guid: bytes) -> bytes:
    """Answer RAKP message 3 (13.22, 13.23); the session is open when the proof was right."""
    tag = rakp3[0]
    suite = session.suite
    proof = suite.mac(password, session.own_random + session.client_id + _name(session))
    if not hmac.compare_digest(proof, rakp3[8 : 8 + len(proof)]):
        return refusal(tag, INVALID_INTEGRITY_VALUE, session.client_id)
    key = suite.mac(password, session.client_random + session.own_random + _name(session))
    session.keys = Keys.derive(suite, key)
    check = suite.mac(key, session.client_random + session.own_id + guid)[: suite.code_length]
    return bytes((tag, OK, 0, 0)) + session.client_id + check


def _name(session: Session) -> bytes:
    return bytes((session.role, len(session.username))) + session.username
