"""`manage` and `exec`: one command in the foreground, with the instance's services behind it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from community.project.server.accounts import remove_shared_place
from community.project.server.console import be_quiet, complain
from community.project.server.errors import ServerError, StopRequestedError
from community.project.server.instance import Instance
from community.project.server.loop import Loop
from community.project.server.processes import die_with_parent
from community.project.server.ready import base_url
from community.project.server.services import start_services
from community.project.server.site import ROOT, Site, site_environment


def manage(instance: Instance, command: Sequence[str]) -> int:
    """A management command against the running instance, or one started just for it."""
    argv = [sys.executable, "-P", str(ROOT / "manage.py"), *command]
    deadline = time.monotonic() + 60
    while instance.is_locked() and instance.holder().get("role") == "server":
        env = _recorded_environment(instance)
        if env:
            os.execve(argv[0], argv, dict(os.environ) | env)  # noqa: S606 no shell is wanted
        if time.monotonic() > deadline:
            raise ServerError(f"The server in {instance.data} is not up yet; try again later.")
        time.sleep(0.1)
    instance.prepare()
    return _run_with_services(instance, "manage", argv, is_throwaway=False)


def execute(instance: Instance, command: Sequence[str], *, is_throwaway: bool) -> int:
    """Any command with database and broker up; a throwaway one may use a directory of its own."""
    if not is_throwaway or not instance.is_locked():
        instance.prepare()
        return _run_with_services(instance, "exec", command, is_throwaway=is_throwaway)
    with tempfile.TemporaryDirectory(prefix="stackers-") as folder:
        complain(f"{instance.data} is in use; a temporary directory serves this run.")
        other = Instance(Path(folder) / "data")
        other.prepare()
        try:
            return _run_with_services(other, "exec", command, is_throwaway=True)
        finally:
            remove_shared_place(other)


def _recorded_environment(instance: Instance) -> dict[str, str]:
    try:
        env: dict[str, str] = json.loads(instance.env_file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return env


def _run_with_services(
    instance: Instance, role: str, argv: Sequence[str], *, is_throwaway: bool
) -> int:
    instance.lock(role, on_wait=complain, patience=120)
    loop = Loop(instance, complain)
    try:
        services = start_services(loop, progress=be_quiet, is_throwaway=is_throwaway)
        site = Site(is_demo=bool(instance.state().get("demo_loaded")))
        url = instance.state().get("url") or base_url(site.host, site.port)
        env = dict(os.environ) | site_environment(instance, services, site, url)
        return _foreground(loop, argv, env)
    except StopRequestedError:
        return 128 + signal.SIGINT
    finally:
        loop.stop_all()
        instance.unlock()


def _foreground(loop: Loop, argv: Sequence[str], env: dict[str, str]) -> int:
    """Run with our own terminal; Ctrl-C reaches the command itself, and we wait for its end."""
    try:
        process = subprocess.Popen(
            argv,
            env=env,
            preexec_fn=die_with_parent(signal.SIGKILL, os.getpid()),  # noqa: PLW1509 we have no threads
        )
    except OSError as error:
        raise ServerError(f"{argv[0]} could not be started: {error.strerror}.", 127) from error
    while process.poll() is None:
        try:
            loop.turn(0.05)
        except StopRequestedError:
            loop.forget_signals()
            with suppress(ProcessLookupError):
                process.send_signal(loop.last_signal)
    return process.returncode if process.returncode >= 0 else 128 - process.returncode
