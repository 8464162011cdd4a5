"""What the benchmarks share: a database of their own, servers on loopback, and percentiles."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

ROOT = Path(__file__).resolve().parent.parent
UVICORN = [
    *(sys.executable, "-P", "-m", "uvicorn"),
    *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
    *("--no-access-log", "--lifespan", "off", "--log-level", "warning"),
]


@contextmanager
def own_database(*, demo: bool = False) -> Iterator[str]:
    """A migrated database that nobody else uses, named by DATABASE_URL while it lasts."""
    before = os.environ.get("DATABASE_URL")
    if not before:
        raise SystemExit("These need the services; run script/bench.")
    name = f"bench_{os.getpid()}"
    url = urlunsplit(urlsplit(before)._replace(path=f"/{name}"))
    with psycopg.connect(before, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = url
        try:
            _prepare(demo=demo)
            yield url
        finally:
            os.environ["DATABASE_URL"] = before
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _prepare(*, demo: bool) -> None:
    import django  # the settings are read now, when DATABASE_URL is ours

    django.setup()
    from django.core.management import call_command

    call_command("prepare_instance", demo=demo, verbosity=0)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], port: int, stdin: int = subprocess.DEVNULL, **env: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server process that accepts connections on `port`; killed at the end."""
    process = subprocess.Popen(command, env=os.environ | env, cwd=ROOT, stdin=stdin)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"{command[:6]} did not come up.") from None
                time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


def cpu_seconds(process: subprocess.Popen[bytes]) -> float:
    """What the process, all its threads together, has used so far."""
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which `percent` of all lie (nearest rank)."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * percent / 100))]


def median(values: Sequence[float]) -> float:
    return percentile(values, 50)


def report(result: dict[str, Any]) -> None:
    """Print the result as the last line, for people and for bench/run.py."""
    print(json.dumps(result), flush=True)
