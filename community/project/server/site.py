"""The site's own processes: their environment and their command lines."""

import dataclasses
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from community.project.server.instance import Instance
from community.project.server.processes import Program
from community.project.server.services import Services

ROOT = Path(__file__).resolve().parents[3]
_AMISS = re.compile(r"\b(ERROR|CRITICAL|Traceback)\b")


@dataclasses.dataclass(frozen=True)
class Site:
    """What the command line asked for."""

    host: str = "127.0.0.1"
    port: int = 8000
    nodes: int = 6
    is_demo: bool = False


def site_environment(
    instance: Instance, services: Services, site: Site, url: str
) -> dict[str, str]:
    """The variables every process of the site gets, on top of ours."""
    return {
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "SECRET_KEY_FILE": str(instance.secret_file("secret_key")),
        "CREDENTIALS_KEY_FILE": str(instance.secret_file("credentials_key")),
        "DATA_DIR": str(instance.data),
        "SITE_URL": os.environ.get("SITE_URL") or url,
        "LAB_SITE_URL": os.environ.get("LAB_SITE_URL") or url,
        "BIND_HOST": site.host,
        "DEMO": "1" if site.is_demo else "0",
        "DJANGO_SETTINGS_MODULE": "community.project.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT),
    }


class SitePrograms:
    """Command lines, in the order they are started."""

    def __init__(self, instance: Instance, site: Site, env: Mapping[str, str]) -> None:
        self._instance = instance
        self._site = site
        self._env = dict(os.environ) | dict(env)

    def _program(
        self, name: str, *arguments: str, within: float, important: Callable[[str], bool]
    ) -> Program:
        argv = [sys.executable, "-P", *arguments]
        return Program(name, argv, self._env, ROOT, stop_within=within, is_important=important)

    def labsim(self) -> Program:
        """The simulated lab; ends its own children."""
        arguments = ["run", "--nodes", str(self._site.nodes), "--site", self._env["LAB_SITE_URL"]]
        state = str(self._instance.data / "labsim")
        return self._program(
            "labsim",
            *("-m", "deploylab.labsim", *arguments, "--state", state),
            within=10,
            important=is_amiss,
        )

    def prepare(self, *, load_demo: bool) -> Program:
        """Migrations, the demo season and the enrolment of the simulated nodes, in one go."""
        demo = ["--demo"] if load_demo else []
        return self._program(
            "prepare",
            *("manage.py", "prepare_instance", "--nodes", str(self._site.nodes), *demo),
            within=10,
            important=lambda _line: True,
        )

    def enroll(self) -> Program:
        """The simulated lab's addresses have changed."""
        return self._program(
            "enroll", "manage.py", "labsim", "enroll", within=10, important=is_amiss
        )

    def worker(self) -> Program:
        """Celery's worker."""
        celery = ["-m", "celery", "-A", "community.project.celery", "worker"]
        options = ["--pool", "threads", "--concurrency", "8", "--loglevel", "INFO"]
        program = self._program("worker", *celery, *options, within=10, important=is_amiss)
        return dataclasses.replace(program, up_word=" ready.")

    def beat(self) -> Program:
        """Celery's clock."""
        celery = ["-m", "celery", "-A", "community.project.celery", "beat"]
        schedule = ["--schedule", str(self._instance.data / "beat" / "schedule"), "--pidfile="]
        return self._program("beat", *celery, *schedule, within=5, important=is_amiss)

    def web(self) -> Program:
        """The ASGI server."""
        address = ["--host", self._site.host, "--port", str(self._site.port)]
        sockets = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
        rest = ["--no-access-log", "--lifespan", "off", "--timeout-graceful-shutdown", "3"]
        application = ["-m", "uvicorn", "community.project.asgi:application"]
        return self._program(
            "web", *application, *address, *sockets, *rest, within=6, important=is_amiss
        )


def is_amiss(line: str) -> bool:
    """Whether a line of a log belongs on the terminal."""
    return _AMISS.search(line) is not None
