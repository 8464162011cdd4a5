import signal
import socket
import time

import pytest


def ask(valkey, *lines, password=None):
    secret = password or valkey.instance.secret("broker")
    with socket.create_connection(("127.0.0.1", valkey.port), timeout=5) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in (f"AUTH {secret}", *lines)).encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b"")).decode().split("\r\n")[:-1]


@pytest.mark.chaos
def test_what_was_written_survives_kill_9(valkey, loop):
    broker, child = valkey
    assert ask(broker, "SET kept here") == ["+OK", "+OK"]
    time.sleep(1.2)  # appendfsync everysec
    child.signal(signal.SIGKILL)
    assert loop.wait_until(lambda: bool(loop.said), seconds=5)
    assert loop.wait_until(broker.answers, seconds=20)
    assert ask(broker, "GET kept") == ["+OK", "$4", "here"]


def test_a_password_is_needed_and_not_in_the_process_list(valkey):
    broker, child = valkey
    with socket.create_connection(("127.0.0.1", broker.port), timeout=5) as connection:
        connection.sendall(b"GET kept\r\n")
        assert connection.recv(100).startswith(b"-NOAUTH")
    assert ask(broker, password="wrong")[0].startswith("-WRONGPASS")
    with open(f"/proc/{child.process.pid}/cmdline") as file:  # noqa: PTH123
        assert broker.instance.secret("broker") not in file.read()


def test_its_configuration_is_private(valkey):
    broker, _ = valkey
    assert (broker.directory / "valkey.conf").stat().st_mode & 0o777 == 0o600
    assert broker.directory.stat().st_mode & 0o777 == 0o700
