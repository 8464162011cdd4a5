"""The whole server: how soon it is up, and how fast six nodes go through a deployment."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.common import report
from community.project.server.accounts import remove_shared_place
from community.project.server.instance import Instance
from tests.chaos.site import LiveSite

NODES = 6


def deployed(site: LiveSite, blueprint: str, **parameters: int) -> tuple[float, dict[str, Any]]:
    """Seconds from the request to the end, and what came of it."""
    began = time.monotonic()
    facts = site.end_of(site.deploy(blueprint, NODES, **parameters), seconds=300)
    spent = time.monotonic() - began
    if facts["state"] != "successful":
        raise SystemExit(f"{blueprint}: {facts['sentence']}")
    return spent, facts


def traced(site: LiveSite, lines: int) -> dict[str, float]:
    """A trace of so many lines; all of them must be in the record, in order."""
    spent, facts = deployed(site, "trace", lines=lines)
    events = site.events(facts["id"])
    output = sum(event["kind"] == "output" for event in events)
    if output != lines or [e["seq"] for e in events] != list(range(1, len(events) + 1)):
        raise SystemExit(f"{output} of {lines} lines arrived in {len(events)} events.")
    return {"lines": lines, "seconds": round(spent, 1), "lines_per_s": round(lines / spent)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        result: dict[str, Any] = {"nodes": NODES}
        try:
            site = LiveSite(data, NODES)
            site.stop()
            result["first_start_s"] = round(site.started_in, 1)
            site = LiveSite(data, NODES)
            result["second_start_s"] = round(site.started_in, 1)
            try:
                site.sign_in("bench@example.org")
                result["inspect_s"] = round(deployed(site, "inspect")[0], 1)
                result["trace"] = traced(site, options.lines)
            finally:
                site.stop()
        finally:
            remove_shared_place(Instance(data))
    print(result, file=sys.stderr)
    report({"lab": result})


if __name__ == "__main__":
    main()
