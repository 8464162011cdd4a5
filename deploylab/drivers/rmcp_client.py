"""A remote console's session with one controller, over a socket of its own.

Nothing is shared between sessions: as many threads as one likes, and a session that dies takes
nothing with it. Source: IPMI specification 2.0, chapter 13.
"""

import contextlib
import hmac
import os
import socket
import time
from collections.abc import Callable
from typing import TypeVar

from deploylab.drivers.base import BmcTarget
from deploylab.drivers.rmcp import (
    OPEN_REQUEST,
    OPEN_RESPONSE,
    PAYLOAD_IPMI,
    RAKP1,
    RAKP2,
    RAKP3,
    RAKP4,
    SUITES,
    Keys,
    Packet,
    PacketError,
    Request,
    Suite,
    build_request,
    parse_packet,
    parse_request,
    plain_packet,
)

Found = TypeVar("Found")

APP = 0x06
AUTHENTICATION_CAPABILITIES, SET_PRIVILEGE, CLOSE_SESSION = 0x38, 0x3B, 0x3C
OPERATOR = 3  # the least privilege that may switch power
NAME_ONLY = 0x10  # find the account by name alone
NO_RESOURCES = (0x01, 0x0B)
WRONG_ACCOUNT = (0x09, 0x0A, 0x0C, 0x0D, 0x0F)  # table 13-15: role, name, integrity check value
PATIENCE, MOST_PATIENCE = 1.0, 4.0  # seconds until something is sent again
SILENCE = 5.0  # seconds after which a controller that never answered is called unreachable


class AccountError(Exception):
    """The controller refuses the name, the password or the privilege."""


class SessionRefusedError(Exception):
    """The controller opens no session; the argument is its status."""


class Console:
    """One session. `log_in` first; a `TimeoutError` from anything means the session is dead."""

    def __init__(self, target: BmcTarget) -> None:
        self._password = target.password.encode()
        self._username = target.username.encode()
        family, kind, protocol, _, address = socket.getaddrinfo(
            target.host, target.port, type=socket.SOCK_DGRAM
        )[0]
        self._socket = socket.socket(family, kind, protocol)
        try:
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self._patience = PATIENCE
        self._tag = 0
        self._sequence = 0  # of packets
        self._message = 0  # of IPMI messages: six bits
        self._own_id = b""
        self._keys: Keys | None = None
        self._bmc_id = 0
        self.has_heard = False
        self.used_at = time.monotonic()

    def log_in(self, ends_at: float) -> None:
        """Open a session as operator.

        Raises `TimeoutError`, `AccountError` or `SessionRefusedError`. A lost packet restarts the
        exchange; a refusal never does.
        """
        began = time.monotonic()
        ask = build_request(APP, AUTHENTICATION_CAPABILITIES, bytes((0x8E, OPERATOR)), 0)
        self._ask(
            plain_packet(ask, is_rmcpp=False), self._any_message, min(ends_at, began + SILENCE)
        )
        self.has_heard = True
        took = time.monotonic() - began
        self._patience = min(MOST_PATIENCE, max(PATIENCE, 3 * took))
        suites = list(reversed(SUITES.values()))  # the strongest first
        while True:
            try:
                self._open(suites[0], min(ends_at, time.monotonic() + 6 * self._patience))
            except TimeoutError:
                if time.monotonic() >= ends_at:
                    raise
                suites.append(suites.pop(0))  # some drop what they do not know
            except SessionRefusedError as error:
                suites.pop(0)
                if error.args[0] in NO_RESOURCES or not suites:
                    raise
            else:
                break
        code, _ = self.command(APP, SET_PRIVILEGE, bytes((OPERATOR,)), ends_at=ends_at)
        if code:
            raise AccountError

    def command(
        self, netfn: int, command: int, data: bytes = b"", *, ends_at: float, once: bool = False
    ) -> tuple[int, bytes]:
        """Send a command; returns the completion code and the data after it.

        Without an answer it is sent again, unless `once`. Raises `TimeoutError`.
        """
        if self._keys is None:
            raise TimeoutError
        self._message = (self._message + 1) & 0x3F
        number = self._message
        message = build_request(netfn, command, data, number)

        def answer(packet: Packet) -> Request | None:
            if packet.session_id != int.from_bytes(self._own_id, "little") or not self._keys:
                return None
            found = parse_request(self._keys.open(packet))
            is_ours = (found.netfn, found.command) == (netfn | 1, command)
            return found if is_ours and found.sequence_lun >> 2 == number else None

        try:
            reply = self._ask(lambda: self._seal(message), answer, ends_at, once=once)
        except TimeoutError:
            self.forget()
            raise
        self.used_at = time.monotonic()
        return reply.data[0], reply.data[1:]

    def close(self) -> None:
        """Say good-bye and do not wait for an answer."""
        if self._keys is not None:
            ident = self._bmc_id.to_bytes(4, "little")
            with contextlib.suppress(OSError):
                self._socket.send(self._seal(build_request(APP, CLOSE_SESSION, ident, 0)))
        self.forget()

    def forget(self) -> None:
        """Drop the session without a word."""
        self._keys = None
        self._socket.close()

    def _open(self, suite: Suite, ends_at: float) -> None:
        """Open Session and RAKP 1 to 4 (13.17 to 13.24)."""
        self._own_id = os.urandom(4)
        offer = b"".join(
            bytes((kind, 0, 0, 8, algorithm, 0, 0, 0))
            for kind, algorithm in ((0, suite.authentication), (1, suite.integrity), (2, 1))
        )
        opened = self._step(OPEN_REQUEST, b"\0\0\0" + self._own_id + offer, OPEN_RESPONSE, ends_at)
        bmc_id, own_random = opened[8:12], os.urandom(16)
        role = bytes((NAME_ONLY | OPERATOR, 0, 0, len(self._username)))
        name = bytes((role[0], role[3])) + self._username
        proof = self._step(
            RAKP1, b"\0\0\0" + bmc_id + own_random + role + self._username, RAKP2, ends_at
        )
        bmc_random, guid, code = proof[8:24], proof[24:40], proof[40:]
        signed = self._own_id + bmc_id + own_random + bmc_random + guid + name
        if not hmac.compare_digest(suite.mac(self._password, signed), code):
            raise AccountError
        mine = suite.mac(self._password, bmc_random + self._own_id + name)
        final = self._step(RAKP3, b"\0\0\0" + bmc_id + mine, RAKP4, ends_at)
        key = suite.mac(self._password, own_random + bmc_random + name)
        check = suite.mac(key, own_random + bmc_id + guid)[: suite.code_length]
        if not hmac.compare_digest(check, final[8:]):
            raise AccountError
        self._keys = Keys.derive(suite, key)
        self._bmc_id = int.from_bytes(bmc_id, "little")
        self._sequence = 0

    def _step(self, kind: int, payload: bytes, expected: int, ends_at: float) -> bytes:
        """One message of the log-in and its answer. Only the first may be sent again."""
        self._tag = (self._tag + 1) & 0xFF
        packet = plain_packet(bytes((self._tag,)) + payload, payload_type=kind, is_rmcpp=True)

        def answer(found: Packet) -> bytes | None:
            body = found.payload
            if found.payload_type != expected:
                return None
            if len(body) < 8 and body[1]:  # noqa: PLR2004 - a refusal that repeats nothing of ours
                return body
            return body if body[0] == self._tag and body[4:8] == self._own_id else None

        found = self._ask(packet, answer, ends_at, once=kind != OPEN_REQUEST)
        if found[1] in WRONG_ACCOUNT:
            raise AccountError
        if found[1]:
            raise SessionRefusedError(found[1])
        return found

    def _ask(
        self,
        packet: bytes | Callable[[], bytes],
        answer: Callable[[Packet], Found | None],
        ends_at: float,
        *,
        once: bool = False,
    ) -> Found:
        """Send, and again with growing patience, until something is an answer."""
        patience = self._patience
        while time.monotonic() < ends_at:
            with contextlib.suppress(ConnectionError):  # said of the packet before
                self._socket.send(packet() if callable(packet) else packet)
            wait_until = ends_at if once else min(ends_at, time.monotonic() + patience)
            found = self._receive(answer, wait_until)
            if found is not None:
                return found
            patience = min(patience * 2, MOST_PATIENCE)
        raise TimeoutError

    def _receive(self, answer: Callable[[Packet], Found | None], until: float) -> Found | None:
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                found = answer(parse_packet(self._socket.recv(2048)))
            except TimeoutError:
                return None
            except ConnectionError:  # nobody listens there just now
                time.sleep(min(0.1, max(0.0, until - time.monotonic())))
            except (PacketError, IndexError):
                continue
            else:
                if found is not None:
                    return found
        return None

    def _any_message(self, packet: Packet) -> Request | None:
        return parse_request(packet.payload) if packet.payload_type == PAYLOAD_IPMI else None

    def _seal(self, message: bytes) -> bytes:
        if self._keys is None:
            raise TimeoutError
        self._sequence += 1
        return self._keys.seal(message, session_id=self._bmc_id, sequence=self._sequence)
