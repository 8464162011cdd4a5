"""Pages for strangers, a meetup's and a result's, beside a bare view of the same queries.

Both through uvicorn as script/server starts it; the one with all our middleware, templates and
panels, the other with nothing. CPU time is the server process's own, the database's not counted.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.common import (
    UVICORN,
    cpu_seconds,
    free_port,
    median,
    own_database,
    percentile,
    report,
    running,
)

PATHS = {"meetup": "/meetups/next-meetup/", "result": "/polls/what-the-lab-needs/results/"}


def queries_of(path: str) -> list[str]:
    """What a stranger's visit asks the database, when all is warm."""
    from django.db import connection  # after django.setup()
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    connection.close()
    return [query["sql"] for query in captured.captured_queries]


async def visit(port: int, path: str, until: float, took: list[float]) -> int:
    """One connection: ask again and again; the size of an answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
    size = 0
    while time.monotonic() < until:
        began = time.perf_counter()
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if not head.startswith("http/1.1 200"):
            raise SystemExit(head.splitlines()[0])
        size = int(head.split("content-length:")[1].split("\r\n")[0])
        await reader.readexactly(size)
        took.append((time.perf_counter() - began) * 1000)
    writer.close()
    return size


def load(port: int, path: str, connections: int, seconds: float) -> tuple[list[float], int]:
    """All latencies of `connections` visitors during `seconds`."""
    took: list[float] = []

    async def all_of_them() -> list[int]:
        until = time.monotonic() + seconds
        return await asyncio.gather(*(visit(port, path, until, took) for _ in range(connections)))

    sizes = asyncio.run(all_of_them())
    return took, sizes[0]


def measure(
    application: str, path: str, options: argparse.Namespace, **env: str
) -> dict[str, float]:
    port = free_port()
    with running([*UVICORN, "--port", str(port), application], port, **env) as server:
        load(port, path, options.connections, 2.0)
        rounds = []
        for _ in range(options.runs):
            before, began = cpu_seconds(server), time.monotonic()
            took, size = load(port, path, options.connections, options.seconds)
            count, spent = len(took), time.monotonic() - began
            cpu = (cpu_seconds(server) - before) / count * 1000
            rounds.append((count / spent, cpu, percentile(took, 50), percentile(took, 99)))
    names = ("requests_per_s", "cpu_ms", "p50_ms", "p99_ms")
    found = {
        name: round(median([each[index] for each in rounds]), 2) for index, name in enumerate(names)
    }
    return found | {"bytes": size}


def compared(path: str, options: argparse.Namespace) -> dict[str, Any]:
    """Our page at `path` and a bare view that runs its queries."""
    queries = queries_of(path)
    Path(os.environ["BENCH_QUERIES"]).write_text(json.dumps(queries), encoding="utf-8")
    bare = measure("bench.pages_bare:application", "/page/", options)
    ours = measure("community.project.asgi:application", path, options)
    return {
        "bare": bare,
        "ours": ours,
        "queries": len(queries),
        "connections": options.connections,
        "cpu_ratio": round(ours["cpu_ms"] / bare["cpu_ms"], 2),
        "rate_ratio": round(ours["requests_per_s"] / bare["requests_per_s"], 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with own_database(demo=True), tempfile.TemporaryDirectory() as folder:
        os.environ["BENCH_QUERIES"] = str(Path(folder) / "queries.json")
        result = {name: compared(path, options) for name, path in PATHS.items()}
    print(result, file=sys.stderr)
    report({"pages": result})


if __name__ == "__main__":
    main()
