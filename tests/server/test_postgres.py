import dataclasses
import os
import signal

import psutil
import psycopg
import pytest

from community.project.server.errors import ServerError
from community.project.server.loop import Loop


def connect(postgres, **changes):
    known = {
        "host": "127.0.0.1",
        "port": postgres.port,
        "user": "stackers",
        "password": postgres.instance.secret("database"),
        "dbname": "stackers",
        "connect_timeout": 3,
    }
    return psycopg.connect(**(known | changes))


def test_the_role_is_no_superuser_even_if_it_was(postgres):
    postgres.ensure_role()
    with postgres._connect_as_superuser() as connection:
        connection.execute("ALTER ROLE stackers SUPERUSER CREATEROLE")
    postgres.ensure_role()
    with connect(postgres) as connection:
        rights = connection.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert rights == (False, False, True, False, False)  # a throwaway one may create databases


def test_the_role_owns_its_database_and_may_use_the_extensions(postgres):
    postgres.ensure_role()
    with connect(postgres) as connection:
        for name in ("btree_gist", "citext", "pg_trgm", "unaccent"):
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
        connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")


@pytest.mark.parametrize("user", ["stackers", "postgres"])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_nobody_is_trusted(postgres, user, password):
    postgres.ensure_role()
    with pytest.raises(psycopg.OperationalError, match="password"):
        connect(postgres, user=user, password=password)


def test_no_line_of_the_access_rules_trusts(postgres):
    lines = (postgres.cluster / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in lines if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}


def test_it_listens_on_loopback_only_and_on_no_socket(postgres):
    with postgres._connect_as_superuser() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_it_does_not_run_as_root(postgres):
    pid = int((postgres.cluster / "postmaster.pid").read_text().splitlines()[0])
    assert psutil.Process(pid).uids().real != 0


def test_a_stale_pid_file_with_a_living_stranger_s_number(made_cluster):
    stranger = os.getpid()
    path = made_cluster.cluster / "postmaster.pid"
    path.write_text(f"{stranger}\n{made_cluster.cluster}\n0\n{made_cluster.port}\n\n\n\n")
    loop = Loop(made_cluster.instance, print)
    try:
        made_cluster.forget_stale_pid_file()
        loop.start(made_cluster.program())
        assert loop.wait_until(made_cluster.answers, seconds=20)
    finally:
        loop.stop_all()


def test_a_living_server_is_told_and_not_touched(postgres):
    with pytest.raises(ServerError, match="still runs in"):
        postgres.forget_stale_pid_file()
    assert postgres.answers()


@pytest.mark.chaos
def test_a_killed_server_is_restarted_and_keeps_its_data(made_cluster):
    made_cluster = dataclasses.replace(made_cluster, is_throwaway=False)
    said = []
    loop = Loop(made_cluster.instance, said.append)
    try:
        child = loop.start(made_cluster.program(), supervised=True)
        assert loop.wait_until(made_cluster.answers, seconds=20)
        made_cluster.ensure_role()
        with connect(made_cluster) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS survivors (name text)")
            connection.execute("INSERT INTO survivors VALUES ('one')")
        child.signal(signal.SIGKILL)
        assert loop.wait_until(lambda: bool(said), seconds=5)
        assert loop.wait_until(made_cluster.answers, seconds=20)
        with connect(made_cluster) as connection:
            assert connection.execute("SELECT name FROM survivors").fetchall() == [("one",)]
    finally:
        loop.stop_all()
    assert said[0] == "postgres ended (SIGKILL); starting it again in 0.2 s."


def test_another_version_s_cluster_is_refused(made_cluster):
    path = made_cluster.cluster / "PG_VERSION"
    version = path.read_text()
    path.write_text("12\n")
    try:
        with pytest.raises(ServerError, match="was made by PostgreSQL 12"):
            made_cluster.create()
    finally:
        path.write_text(version)
