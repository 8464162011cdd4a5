"""The command line behind script/server, script/manage and script/test."""

import argparse
import sys
from pathlib import Path

from community.project.server.commands import execute, manage
from community.project.server.console import complain
from community.project.server.errors import ServerError
from community.project.server.instance import Instance
from community.project.server.site import ROOT, Site
from community.project.server.supervisor import Supervisor, check_port, choose_demo

OLDEST_PYTHON = (3, 11)
LAST_PORT = 65535


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    if sys.version_info < OLDEST_PYTHON:
        complain("Python 3.11 or newer is needed.")
        return 2
    options = _parser().parse_args(arguments)
    instance = Instance(Path(options.data).absolute())
    try:
        return int(options.run(instance, options))
    except ServerError as error:
        complain(str(error))
        return error.exit_code


def _serve(instance: Instance, options: argparse.Namespace) -> int:
    check_port(options.host, options.port)
    instance.prepare()
    is_demo = choose_demo(instance, is_empty=options.empty, host=options.host)
    site = Site(options.host, options.port, options.nodes, is_demo)
    return Supervisor(instance, site).run()


def _manage(instance: Instance, options: argparse.Namespace) -> int:
    return manage(instance, options.command)


def _execute(instance: Instance, options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        raise ServerError("exec needs a command after --.")
    return execute(instance, command, is_throwaway=options.throwaway)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="script", allow_abbrev=False)
    commands = parser.add_subparsers(required=True)

    server = commands.add_parser("server", allow_abbrev=False, help="start everything")
    server.add_argument("--port", type=_port, default=8000, help="of the site (8000)")
    _add_data(server)
    server.add_argument("--empty", action="store_true", help="without the demo season")
    server.add_argument("--nodes", type=_nodes, default=6, help="of the simulated lab (6)")
    server.add_argument("--host", default="127.0.0.1", help="other than loopback: with --empty")
    server.set_defaults(run=_serve)

    command = commands.add_parser(
        "manage", allow_abbrev=False, help="a management command; the instance may run or not"
    )
    _add_data(command)
    command.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND …")
    command.set_defaults(run=_manage)

    execute_ = commands.add_parser("exec", allow_abbrev=False, help="a command with the services")
    _add_data(execute_)
    execute_.add_argument(
        "--throwaway",
        action="store_true",
        help="for tests: fast, not durable, may create databases",
    )
    execute_.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND …")
    execute_.set_defaults(run=_execute)
    return parser


def _add_data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", default=str(ROOT / "var"), help="the data directory (var)")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port number")
    return int(text)


def _nodes(text: str) -> int:
    most = 64
    if not text.isdigit() or int(text) > most:
        raise argparse.ArgumentTypeError(f"{text} is not a number of nodes from 0 to {most}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
