import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from community.project.server.errors import ServerError
from community.project.server.supervisor import choose_demo

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments, **env):
    keep = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, "-P", "-m", "community.project.server", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=keep | {"PYTHONPATH": str(ROOT)} | env,
    )


def assert_one_sentence(done, words):
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_port_in_use(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("server", "--port", port, "--data", str(data))
    assert_one_sentence(done, f"Port {port} on 127.0.0.1 is in use")
    assert not data.exists()


@pytest.mark.parametrize("data", ["/proc/data", "/dev/null", "/dev/null/data"])
def test_an_unwritable_data_directory(data):
    assert_one_sentence(run("server", "--data", data), f"The data directory {data}")


def test_the_demo_stays_on_loopback(data):
    done = run("server", "--host", "0.0.0.0", "--data", str(data))  # noqa: S104
    assert_one_sentence(done, "served on loopback only, not on 0.0.0.0")


def test_a_loaded_demo_stays_one_even_with_empty(instance):
    assert choose_demo(instance, is_empty=True, host="0.0.0.0") is False  # noqa: S104
    instance.remember(demo_loaded=True)
    assert choose_demo(instance, is_empty=True, host="127.0.0.1") is True
    with pytest.raises(ServerError, match="public passwords"):
        choose_demo(instance, is_empty=True, host="0.0.0.0")  # noqa: S104


@pytest.mark.parametrize("option", [("--port", "0"), ("--port", "x"), ("--nodes", "-1")])
def test_nonsense_options(option):
    assert run("server", *option).returncode == 2


def test_exec_brings_database_and_broker_up_and_takes_them_down(data):
    code = (
        "import os, psycopg; c = psycopg.connect(os.environ['DATABASE_URL']);"
        "print(c.execute('select current_user').fetchone()[0], os.environ['REDIS_URL'][:9]);"
        "raise SystemExit(7)"
    )
    arguments = ["exec", "--throwaway", "--data", str(data), "--", sys.executable, "-c", code]
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (7, "stackers redis://:\n")
    assert run(*arguments).stdout == "stackers redis://:\n"  # and again with the same directory


def test_exec_respects_servers_that_are_there(data):
    code = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
    done = run(
        *("exec", "--data", str(data), "--", sys.executable, "-c", code),
        DATABASE_URL="postgres://u:p@db/name",
        REDIS_URL="redis://broker/0",
    )
    assert done.stdout == "postgres://u:p@db/name redis://broker/0\n"
    assert not (data / "services").exists()


def test_exec_names_a_command_that_is_not_there(data):
    done = run("exec", "--data", str(data), "--", "/no/such/program")
    assert done.returncode == 127
    assert "could not be started" in done.stderr
