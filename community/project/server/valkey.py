"""The embedded broker: append-only, on loopback, with a password."""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from community.project.server.accounts import Place
from community.project.server.instance import Instance, write_private
from community.project.server.postgres import service_env
from community.project.server.processes import Program
from community.project.server.programs import find_valkey


@dataclass(frozen=True)
class Valkey:
    """One instance's broker, channel layer and cache."""

    instance: Instance
    place: Place
    port: int

    @property
    def directory(self) -> Path:
        return self.place.directory / "valkey"

    @property
    def url(self) -> str:
        """The application's REDIS_URL."""
        password = quote(self.instance.secret("broker"), safe="")
        return f"redis://:{password}@127.0.0.1:{self.port}/0"

    def program(self) -> Program:
        """What the supervisor starts; the password is in a file, not in the process list."""
        directory = self.place.room("valkey")
        configuration = directory / "valkey.conf"
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": self.instance.secret("broker"),
            "dir": _quoted(str(directory)),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        write_private(configuration, text)
        self.place.account.give(configuration)
        return Program(
            name="valkey",
            argv=[str(find_valkey(self.place)), str(configuration)],
            env=service_env(),
            cwd=directory,
            account=self.place.account,
            death_signal=signal.SIGTERM,  # writes what it holds, then ends
        )

    def answers(self) -> bool:
        """Whether it takes commands; it refuses them while it loads its file."""
        command = f"AUTH {self.instance.secret('broker')}\r\nPING\r\n".encode("ascii")
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(command)
                answer = b""
                while answer.count(b"\r\n") < len(command.splitlines()):
                    chunk = connection.recv(256)
                    if not chunk:
                        return False
                    answer += chunk
        except OSError:
            return False
        return answer == b"+OK\r\n+PONG\r\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
