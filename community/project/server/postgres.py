"""The embedded PostgreSQL: made once, started on loopback, entered with a password by everyone."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from community.project.server.accounts import Place
from community.project.server.errors import ServerError
from community.project.server.instance import Instance
from community.project.server.processes import Program
from community.project.server.programs import PostgresPrograms, find_postgres

SUPERUSER, ROLE, DATABASE = "postgres", "stackers", "stackers"
BUILTIN_LOCALES_SINCE = 17
_KEPT = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True)
class Postgres:
    """One instance's database server. `is_throwaway`: for tests, faster and not durable."""

    instance: Instance
    place: Place
    port: int
    is_throwaway: bool = False

    @property
    def cluster(self) -> Path:
        return self.place.directory / "postgres"

    @property
    def url(self) -> str:
        """The application's DATABASE_URL."""
        password = quote(self.instance.secret("database"), safe="")
        return f"postgres://{ROLE}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def create(self) -> bool:
        """Make the cluster when there is none; whether it was made."""
        programs = self._programs()
        if (self.cluster / "PG_VERSION").exists():
            self._check_version(programs)
            return False
        room = self.place.room("making-postgres")  # left behind when interrupted, begun anew
        shutil.rmtree(room)
        room = self.place.room("making-postgres")
        self._initdb(programs, room)
        (room / "cluster").rename(self.cluster)
        shutil.rmtree(room)
        return True

    def _programs(self) -> PostgresPrograms:
        return find_postgres(self.place)

    def _check_version(self, programs: PostgresPrograms) -> None:
        made = int((self.cluster / "PG_VERSION").read_text(encoding="ascii"))
        if made != programs.version:
            raise ServerError(
                f"The database in {self.cluster} was made by PostgreSQL {made} and the program "
                f"here is {programs.version}; dump it with the old one, or set DATABASE_URL."
            )

    def _initdb(self, programs: PostgresPrograms, room: Path) -> None:
        password = room / "password"
        password.touch(mode=0o600)
        password.write_text(self.instance.secret("database_superuser"), encoding="ascii")
        self.place.account.give(password)
        done = subprocess.run(  # type: ignore[call-overload]  # the account's options vary
            self._initdb_command(programs, room / "cluster", password),
            env=service_env(),
            cwd=room,
            capture_output=True,
            text=True,
            check=False,
            **self.place.account.popen_options,
        )
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()
            raise ServerError(f"The database could not be made: {' '.join(last[-3:])}")

    def _initdb_command(
        self, programs: PostgresPrograms, cluster: Path, password: Path
    ) -> list[str]:
        command = [
            *self.place.account.prefix,
            str(programs.initdb),
            f"--pgdata={cluster}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
        ]
        if programs.version >= BUILTIN_LOCALES_SINCE:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.is_throwaway:
            command.append("--no-sync")
        return command

    def program(self) -> Program:
        """What the supervisor starts."""
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            # A failed statement's values may be anybody's; the error's own line says enough.
            "log_min_error_statement": "panic",
            "shared_buffers": "128MB",
        }
        if self.is_throwaway:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=[str(self._programs().postgres), "-D", str(self.cluster), *options],
            env=service_env(),
            cwd=self.cluster,
            account=self.place.account,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGQUIT if self.is_throwaway else signal.SIGINT,
            stop_within=20,
            is_important=lambda line: "PANIC:" in line,
        )

    def forget_stale_pid_file(self) -> None:
        """Remove the pid file of a server that no longer runs, whoever has its number now.

        PostgreSQL itself gives up when the number belongs to any living process of the account.
        We hold the instance's lock, and a process is the old server only when it works in the
        cluster's directory. Nothing is ever killed here.
        """
        path = self.cluster / "postmaster.pid"
        try:
            pid = int(path.read_text(encoding="utf-8").splitlines()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return
        if self._works_here(pid):
            raise ServerError(
                f"A database server (process {pid}) still runs in {self.cluster}; stop it first."
            )
        with suppress(FileNotFoundError):
            path.unlink()

    def _works_here(self, pid: int) -> bool:
        try:
            return Path(psutil.Process(pid).cwd()).samefile(self.cluster)
        except (psutil.Error, OSError):
            return False

    # --- roles ----------------------------------------------------------------------------

    def _connect_as_superuser(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self.instance.secret("database_superuser"),
            dbname="postgres",
            connect_timeout=2,
            autocommit=True,
        )

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            self._connect_as_superuser().close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_role(self) -> None:
        """The application's role and database: never a superuser, whatever was there before."""
        may_create = sql.SQL("CREATEDB" if self.is_throwaway else "NOCREATEDB")
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        password = sql.Literal(self.instance.secret("database"))
        with self._connect_as_superuser() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            verb = sql.SQL("ALTER" if known.fetchone() else "CREATE")
            connection.execute(
                sql.SQL(
                    "{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS {} "
                    "PASSWORD {}"
                ).format(verb, role, may_create, password)
            )
            made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not made.fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def service_env() -> dict[str, str]:
    """The little that a service needs of our environment: no PG… variables, no secrets."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ} | {"TZ": "UTC"}
