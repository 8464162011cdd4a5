"""Live streams at 1,000 readers: our socket beside a bare broadcast, in one run.

Both servers are real processes with the same loop; the same clients read the same frames at the
same rate. What counts is the server's CPU time for each message it delivered.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any, Self

from bench.common import (
    ROOT,
    UVICORN,
    cpu_seconds,
    free_port,
    own_database,
    percentile,
    report,
    running,
)

CLIENTS = 2  # processes that hold the connections
WIDTH = 80  # characters of a line


class Audience:
    """Client processes with all their connections."""

    def __init__(self, url: str, readers: int, last: int) -> None:
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-P", "-m", "bench.live_readers", url, str(readers // CLIENTS),
                 str(last)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(CLIENTS)
        ]  # fmt: skip
        for process in self.processes:
            if process.stdout.readline() != "joined\n":
                raise SystemExit("The readers could not join.")

    def results(self) -> dict[str, Any]:
        parts = [json.loads(process.stdout.readline()) for process in self.processes]
        delays = [delay for part in parts for delay in part["delays"]]
        return {
            "messages": sum(part["frames"] for part in parts),
            "wrong": sum(part["wrong"] for part in parts),
            "broken": [text for part in parts for text in part["broken"]],
            "finished": sum(part["finished"] for part in parts),
            "p50_ms": round(percentile(delays, 50) * 1000, 1),
            "p99_ms": round(percentile(delays, 99) * 1000, 1),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def texts(batch: int) -> list[str]:
    """One batch of lines; each begins with the time of its writing."""
    return [f"{time.monotonic():.6f} ".ljust(WIDTH, "x") for _ in range(batch)]


def at_rate(options: argparse.Namespace, write: Callable[[], None]) -> None:
    """Call `write` for every batch at its time."""
    began = time.monotonic()
    for number in range(options.batches):
        time.sleep(max(0.0, began + number / options.rate - time.monotonic()))
        write()


def watch(server: subprocess.Popen[bytes], url: str, options: argparse.Namespace, first: int,
          write: Callable[[], None]) -> dict[str, Any]:  # fmt: skip
    """Let the audience join, write at the rate, and add up."""
    began = time.monotonic()
    with Audience(url, options.readers, first + options.batches * options.batch) as audience:
        joining = time.monotonic() - began
        time.sleep(1.0)
        before = cpu_seconds(server)
        at_rate(options, write)
        result = audience.results()
        used = cpu_seconds(server) - before
    result["join_s"] = round(joining, 1)
    result["cpu_us_per_message"] = round(used / result["messages"] * 1e6, 1)
    return result


def ours(options: argparse.Namespace) -> dict[str, Any]:
    from bench.live_lab import make_deployment, write_events  # after django.setup()

    deployment, last = make_deployment()
    port = free_port()
    application = [*UVICORN, "--port", str(port), "community.project.asgi:application"]
    url = f"ws://127.0.0.1:{port}/ws/v1/deployments/{deployment}/"
    with running(application, port) as server:
        return watch(
            server, url, options, last, lambda: write_events(deployment, texts(options.batch))
        )


def bare(options: argparse.Namespace) -> dict[str, Any]:
    port, seq = free_port(), 0
    command = [sys.executable, "-P", "-m", "bench.live_bare", str(port)]
    feeding = subprocess.PIPE
    with running(command, port, stdin=feeding) as server:

        def write() -> None:
            nonlocal seq
            events = [
                {"seq": seq + number, "at": "2012-01-01T00:00:00.000000Z", "node": "node-1",
                 "step": "trace-1", "level": "info", "kind": "output", "text": text}
                for number, text in enumerate(texts(options.batch), start=1)
            ]  # fmt: skip
            seq += options.batch
            frame = json.dumps({"type": "events", "events": events}, separators=(",", ":"))
            server.stdin.write(frame.encode() + b"\n")
            server.stdin.flush()

        return watch(server, f"ws://127.0.0.1:{port}/", options, 0, write)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=8.0, help="batches a second")
    parser.add_argument("--batch", type=int, default=20, help="events of a batch")
    parser.add_argument("--batches", type=int, default=120)
    options = parser.parse_args()
    with own_database():
        results = {"bare": bare(options), "ours": ours(options)}
    for name, result in results.items():
        complete = result["finished"] == options.readers and not result["wrong"]
        print(f"{name}: {result}", file=sys.stderr)
        if not complete:
            raise SystemExit(f"{name}: not every reader got every event once and in order.")
    ratio = results["ours"]["cpu_us_per_message"] / results["bare"]["cpu_us_per_message"]
    what = f"{options.rate:g} batches of {options.batch} lines a second."
    facts = {"cpu_ratio": round(ratio, 2), "readers": options.readers, "what": what}
    report({"live": results | facts})


if __name__ == "__main__":
    main()
