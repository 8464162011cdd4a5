"""Command line: run the simulated lab, list it, break it."""

import argparse
import asyncio
import fcntl
import json
import logging
import signal
import sys
from pathlib import Path

from deploylab.labsim.faults import FaultKind, set_fault
from deploylab.labsim.lab import read_lab


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand; returns the exit status."""
    options = _parser().parse_args(arguments)
    status: int = options.call(options)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deploylab.labsim", description=__doc__)
    commands = parser.add_subparsers(required=True)

    run = commands.add_parser("run", help="simulate nodes until SIGTERM")
    run.add_argument("--nodes", type=int, default=6)
    run.add_argument("--site", required=True, help="where nodes boot from, such as http://…:8000")
    run.add_argument("--state", type=Path, required=True, help="directory that remembers the lab")
    run.add_argument("--verbose", action="store_true")
    run.set_defaults(call=_run)

    listing = commands.add_parser("list", help="the nodes' controllers, with their passwords")
    listing.add_argument("--state", type=Path, required=True)
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(call=_list)

    fault = commands.add_parser("fault", help="make a node misbehave, or behave again")
    fault.add_argument("--state", type=Path, required=True)
    fault.add_argument("node")
    fault.add_argument("kind", choices=[kind.value for kind in FaultKind])
    fault.add_argument("--value", type=float, help="seconds (slow, dies) or commands (dead_after)")
    fault.set_defaults(call=_fault)
    return parser


def _run(options: argparse.Namespace) -> int:
    from deploylab.labsim.simulator import Simulator  # heavier than `list` and `fault` need

    logging.basicConfig(
        level=logging.DEBUG if options.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )

    options.state.mkdir(parents=True, exist_ok=True)
    lock = (options.state / "labsim.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"A simulated lab already runs in {options.state}.", file=sys.stderr)  # noqa: T201 - a command's output
        return 2

    async def serve() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopping.set)
        simulator = Simulator(options.state, site=options.site, nodes=options.nodes)
        await simulator.start()
        print(f"labsim: {options.nodes} nodes are ready", flush=True)  # noqa: T201 - the supervisor waits for it
        await stopping.wait()
        await simulator.stop()

    with lock:
        asyncio.run(serve())
    return 0


def _list(options: argparse.Namespace) -> int:
    rows = [
        {
            "node": node.name,
            "bmc_host": node.bmc_host,
            "bmc_port": node.bmc_port,
            "username": node.username,
            "password": node.password,
        }
        for node in read_lab(options.state)
    ]
    lines = (
        [json.dumps(rows)] if options.json else [" ".join(map(str, row.values())) for row in rows]
    )
    print(*lines, sep="\n")  # noqa: T201 - a command's output
    return 0


def _fault(options: argparse.Namespace) -> int:
    known = {node.name for node in read_lab(options.state)}
    if options.node not in known:
        print(f"There is no simulated node “{options.node}” in {options.state}.", file=sys.stderr)  # noqa: T201 - a command's output
        return 2
    fault = set_fault(options.state, options.node, FaultKind(options.kind), options.value)
    print(f"{options.node}: {fault.kind.value} {fault.value:g}")  # noqa: T201 - a command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
