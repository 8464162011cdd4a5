"""Database and broker of an instance: the embedded ones, or those the environment names."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from community.project.server.accounts import find_place
from community.project.server.errors import ServerError
from community.project.server.loop import Loop
from community.project.server.postgres import Postgres
from community.project.server.valkey import Valkey


@dataclass(frozen=True)
class Services:
    """Where they are, and whether the database was made just now or is not ours to know."""

    database_url: str
    redis_url: str
    is_new_database: bool


def start_services(
    loop: Loop, *, progress: Callable[[str], None], is_throwaway: bool = False
) -> Services:
    """Start what DATABASE_URL and REDIS_URL do not name, and wait until it answers."""
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    if database_url and redis_url:
        return Services(database_url, redis_url, is_new_database=True)
    place = find_place(loop.instance)
    valkey = None
    if not redis_url:
        valkey = Valkey(loop.instance, place, loop.instance.port("valkey"))
        loop.start(valkey.program(), supervised=True)
    is_new = True
    if not database_url:
        postgres = Postgres(loop.instance, place, loop.instance.port("postgres"), is_throwaway)
        is_new = _start_postgres(loop, postgres, progress)
        database_url = postgres.url
    if valkey is not None:
        _await(loop, "valkey", valkey.answers)
        redis_url = valkey.url
    return Services(database_url, str(redis_url), is_new)


def _start_postgres(loop: Loop, postgres: Postgres, progress: Callable[[str], None]) -> bool:
    if not postgres.cluster.exists():
        progress("Making the database …")
    is_new = postgres.create()
    postgres.forget_stale_pid_file()
    loop.start(postgres.program(), supervised=True)
    _await(loop, "postgres", postgres.answers)
    postgres.ensure_role()
    return is_new


def _await(loop: Loop, name: str, answers: Callable[[], bool]) -> None:
    if not loop.wait_until(answers, seconds=60):
        raise ServerError(f"{name} did not answer within a minute; see {loop.instance.logs}.", 1)
