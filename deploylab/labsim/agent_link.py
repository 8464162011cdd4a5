"""HTTP from a node to its site. Standard library only: it also runs in a real node's ramdisk."""

import contextlib
import http.client
import json
import random
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0  # seconds between attempts
LARGEST_ANSWER = 4 * 1024 * 1024


class OverError(Exception):
    """The boot is over: power was cut, or the site no longer knows the token."""


class Link:
    """A connection to one site that can be cut at once from another thread."""

    def __init__(self, site: str, *, token: str = "", timeout: float = 40.0) -> None:
        parts = urlsplit(site)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"not a site's address: {site!r}")
        self._is_https = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._connection: http.client.HTTPConnection | None = None
        self._asking = threading.Lock()
        self.cut = threading.Event()

    def close(self) -> None:
        """Cut the connection, now and for good."""
        self.cut.set()
        self._wake_reader()
        self._tidy()

    def request(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """One attempt. Raises OSError or HTTPException when no whole answer came."""
        try:
            with self._asking:
                return self._ask(method, path, body)
        finally:
            if self.cut.is_set():
                self._tidy()

    def _ask(self, method: str, path: str, body: Any) -> tuple[int, bytes]:
        self._check()
        payload = None if body is None else json.dumps(body).encode()
        headers = dict(self._headers)
        if payload is not None:
            headers["Content-Type"] = "application/json"
        connection = self._connection or self._connect()
        try:
            if connection.sock is None:
                connection.connect()
                self._check()
            connection.request(method, self._prefix + path, payload, headers)
            response = connection.getresponse()
            content = response.read(LARGEST_ANSWER)
        except BaseException:
            self._hang_up()
            raise
        if response.will_close:
            self._hang_up()
        return response.status, content

    def insist(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Ask until the site answers; returns the status and the decoded JSON.

        A lost connection, 429 and 5xx are asked again with growing pauses. Raises `OverError` on
        401, 403 and 410, and when the connection is cut for good.
        """
        pause = FIRST_PAUSE
        while True:
            try:
                status, content = self.request(method, path, body)
                if status in {401, 403, 410}:
                    raise OverError
                if status < 500 and status != 429:  # noqa: PLR2004 - HTTP's own numbers
                    return status, json.loads(content or b"null")
            except (OSError, http.client.HTTPException, ValueError):
                if self.cut.is_set():
                    raise OverError from None
            if self.cut.wait(pause * random.uniform(0.7, 1.3)):  # noqa: S311 - spreads retries
                raise OverError
            pause = min(pause * 2, LONGEST_PAUSE)

    def _check(self) -> None:
        if self.cut.is_set():
            raise OverError

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._is_https else http.client.HTTPConnection
        self._connection = kind(self._host, self._port, timeout=self._timeout)
        return self._connection

    def _tidy(self) -> None:
        """Close after the cut; a thread amid a request does it when it leaves.

        http.client does not bear a response closed under its reader.
        """
        if self._asking.acquire(blocking=False):
            try:
                self._hang_up()
            finally:
                self._asking.release()

    def _wake_reader(self) -> None:
        connection = self._connection
        sock = connection.sock if connection is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):  # the other end may have been faster
                sock.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
