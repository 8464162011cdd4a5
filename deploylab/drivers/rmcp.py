"""IPMI 2.0's packets (RMCP+), as consoles and controllers send and receive them.

Sources: IPMI specification 2.0 rev. 1.1, chapters 13.6 (packet format), 13.17-13.24 (log-in
messages), 13.28-13.32 (algorithms) and 22.
"""

import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

RMCP = b"\x06\x00\xff\x07"
AUTH_NONE, AUTH_RMCPP = 0x00, 0x06
ENCRYPTED, AUTHENTICATED = 0x80, 0x40
PAYLOAD_IPMI = 0x00
OPEN_REQUEST, OPEN_RESPONSE = 0x10, 0x11
RAKP1, RAKP2, RAKP3, RAKP4 = 0x12, 0x13, 0x14, 0x15
BLOCK = 16


class PacketError(Exception):
    """Bytes that are not a packet for us; they are dropped."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The algorithms of one cipher suite: its numbers on the wire and its hash."""

    authentication: int
    integrity: int
    hash_name: str
    code_length: int

    def mac(self, key: bytes, data: bytes) -> bytes:
        """The keyed hash, whole."""
        return hmac.digest(key, data, self.hash_name)


SUITES = {
    (1, 1): Suite(1, 1, "sha1", 12),  # cipher suite 3
    (3, 4): Suite(3, 4, "sha256", 16),  # cipher suite 17
}
CIPHER_SUITE_RECORDS = b"\xc0\x03\x01\x41\x81" + b"\xc0\x11\x03\x44\x81"


@dataclass(frozen=True, slots=True)
class Packet:
    """What a datagram carried, with its session header."""

    is_rmcpp: bool
    payload_type: int
    session_id: int
    sequence: int
    payload: bytes
    is_protected: bool
    raw: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """An IPMI request, and what its answer must repeat."""

    netfn: int
    command: int
    data: bytes
    responder: int
    responder_lun: int
    requester: int
    sequence_lun: int


def parse_packet(raw: bytes) -> Packet:
    """Read a datagram's headers. Raises `PacketError` unless it is IPMI."""
    if len(raw) < 16 or raw[:1] != b"\x06" or raw[3] & 0x1F != 0x07:  # noqa: PLR2004 - layout
        raise PacketError
    if raw[4] == AUTH_NONE:
        size = raw[13]
        return Packet(
            is_rmcpp=False,
            payload_type=PAYLOAD_IPMI,
            session_id=int.from_bytes(raw[9:13], "little"),
            sequence=int.from_bytes(raw[5:9], "little"),
            payload=_exactly(raw[14:], size),
            is_protected=False,
            raw=raw,
        )
    if raw[4] != AUTH_RMCPP:
        raise PacketError
    return Packet(
        is_rmcpp=True,
        payload_type=raw[5] & 0x3F,
        session_id=int.from_bytes(raw[6:10], "little"),
        sequence=int.from_bytes(raw[10:14], "little"),
        payload=_exactly(raw[16:], int.from_bytes(raw[14:16], "little")),
        is_protected=raw[5] & (ENCRYPTED | AUTHENTICATED) == ENCRYPTED | AUTHENTICATED,
        raw=raw,
    )


def parse_request(payload: bytes) -> Request:
    """Read an IPMI message (table 13-8). Raises `PacketError` on wrong checksums."""
    if len(payload) < 7 or _sum(payload[:2]) != payload[2] or _sum(payload[3:-1]) != payload[-1]:  # noqa: PLR2004 - layout
        raise PacketError
    return Request(
        netfn=payload[1] >> 2,
        command=payload[5],
        data=payload[6:-1],
        responder=payload[0],
        responder_lun=payload[1] & 0x03,
        requester=payload[3],
        sequence_lun=payload[4],
    )


def build_response(request: Request, code: int, data: bytes = b"") -> bytes:
    """The IPMI message that answers `request`."""
    lun = request.sequence_lun & 0x03
    head = bytes((request.requester, (request.netfn | 1) << 2 | lun))
    sequence_lun = request.sequence_lun & 0xFC | request.responder_lun
    body = bytes((request.responder, sequence_lun, request.command, code)) + data
    return head + bytes((_sum(head),)) + body + bytes((_sum(body),))


def build_request(netfn: int, command: int, data: bytes, sequence: int) -> bytes:
    """An IPMI message from a remote console (software id 81h) to the controller."""
    head = bytes((0x20, netfn << 2))
    body = bytes((0x81, sequence << 2, command)) + data
    return head + bytes((_sum(head),)) + body + bytes((_sum(body),))


def plain_packet(payload: bytes, *, payload_type: int = PAYLOAD_IPMI, is_rmcpp: bool) -> bytes:
    """A datagram outside any session."""
    if is_rmcpp:
        size = len(payload).to_bytes(2, "little")
        return RMCP + bytes((AUTH_RMCPP, payload_type)) + bytes(8) + size + payload
    return RMCP + bytes((AUTH_NONE,)) + bytes(8) + bytes((len(payload),)) + payload


@dataclass(slots=True)
class Keys:
    """An open session's keys, and the packets made and read with them."""

    suite: Suite
    integrity: bytes
    encryption: bytes

    @classmethod
    def derive(cls, suite: Suite, session_key: bytes) -> "Keys":
        """K1 and K2 (13.32) from the session integrity key."""
        first = suite.mac(session_key, b"\x01" * 20)
        second = suite.mac(session_key, b"\x02" * 20)
        return cls(suite, first, second[:BLOCK])

    def seal(self, payload: bytes, *, session_id: int, sequence: int) -> bytes:
        """Encrypt and sign a payload into a datagram."""
        pad = -(len(payload) + 1) % BLOCK
        padded = payload + bytes(range(1, pad + 1)) + bytes((pad,))
        vector = os.urandom(BLOCK)
        encryptor = self._cipher(vector).encryptor()
        body = vector + encryptor.update(padded) + encryptor.finalize()
        signed = (
            bytes((AUTH_RMCPP, ENCRYPTED | AUTHENTICATED | PAYLOAD_IPMI))
            + session_id.to_bytes(4, "little")
            + sequence.to_bytes(4, "little")
            + len(body).to_bytes(2, "little")
            + body
        )
        fill = -(len(signed) + 2) % 4
        signed += b"\xff" * fill + bytes((fill, 0x07))
        code = self.suite.mac(self.integrity, signed)[: self.suite.code_length]
        return RMCP + signed + code

    def open(self, packet: Packet) -> bytes:
        """Check a datagram's signature and decrypt it. Raises `PacketError`."""
        length = self.suite.code_length
        expected = self.suite.mac(self.integrity, packet.raw[4:-length])[:length]
        if not packet.is_protected or not hmac.compare_digest(expected, packet.raw[-length:]):
            raise PacketError
        vector, body = packet.payload[:BLOCK], packet.payload[BLOCK:]
        if not body or len(body) % BLOCK:
            raise PacketError
        decryptor = self._cipher(vector).decryptor()
        clear = decryptor.update(body) + decryptor.finalize()
        return clear[: -1 - clear[-1]]

    def _cipher(self, vector: bytes) -> Cipher[modes.CBC]:
        return Cipher(algorithms.AES(self.encryption), modes.CBC(vector))


def _sum(data: bytes) -> int:
    return -sum(data) & 0xFF


def _exactly(data: bytes, size: int) -> bytes:
    if len(data) < size:
        raise PacketError
    return data[:size]
