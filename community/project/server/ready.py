"""Asking the site whether it can serve, without ever holding up the event loop."""

import select
import socket
import time

PATIENCE, BETWEEN = 10.0, 0.2


class ReadyProbe:
    """One `GET /readyz` after another; `ask` is called again and again until it says yes."""

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._connection: socket.socket | None = None
        self._asked_at = 0.0
        self._answer = b""
        self.last_answer = "no answer yet"

    def ask(self) -> bool:
        """Go one step further; True once the site has answered 200."""
        if self._connection is None:
            if time.monotonic() - self._asked_at > BETWEEN:
                self._send()
            return False
        if time.monotonic() - self._asked_at > PATIENCE:
            self._close()
            return False
        if not select.select([self._connection], [], [], 0)[0]:
            return False
        return self._receive(self._connection)

    def _send(self) -> None:
        host, port = self._address
        self._asked_at = time.monotonic()
        try:
            self._connection = socket.create_connection(self._address, timeout=1)
            request = f"GET /readyz HTTP/1.0\r\nHost: {_bracketed(host)}:{port}\r\n\r\n"
            self._connection.sendall(request.encode("ascii"))
        except OSError as error:
            self.last_answer = str(error)
            self._close()
            return
        self._answer = b""

    def _receive(self, connection: socket.socket) -> bool:
        try:
            chunk = connection.recv(65536)
        except OSError:
            chunk = b""
        self._answer += chunk
        if chunk:
            return False
        self._close()
        head, _, body = self._answer.partition(b"\r\n\r\n")
        status = head.split(b"\r\n")[0].decode("latin-1")
        self.last_answer = f"{status} {body[:300].decode('utf-8', 'replace')}".strip()
        return " 200" in status

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def base_url(host: str, port: int) -> str:
    """The address people type; a wildcard host is named by the machine."""
    shown = socket.gethostname() if host in {"0.0.0.0", "::"} else _bracketed(host)  # noqa: S104 compared, not bound
    return f"http://{shown}:{port}"


def probe_host(host: str) -> str:
    """Where a server bound to `host` can be asked from this machine."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 compared, not bound
