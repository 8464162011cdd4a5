import base64
import json
import socket
import subprocess
import sys

import pytest

from community.project.server.errors import ServerError
from community.project.server.instance import Instance, find_free_port, port_is_free

HOLD = """
import sys, time
from pathlib import Path
from community.project.server.instance import Instance
instance = Instance(Path(sys.argv[1]))
instance.lock(sys.argv[2], on_wait=print)
print("held", flush=True)
time.sleep(float(sys.argv[3]))
"""


def hold(instance, role, seconds):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(instance.data), role, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    return process


def end(process):
    process.kill()
    process.communicate()


def test_data_directory_and_secrets_are_private(instance):
    secret = instance.secret_file("secret_key")
    assert instance.data.stat().st_mode & 0o777 == 0o700
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (instance.data / "secrets").stat().st_mode & 0o777 == 0o700


def test_secrets_are_made_once_and_differ(instance):
    first = instance.secret("database")
    assert Instance(instance.data).secret("database") == first
    assert instance.secret("database_superuser") != first
    assert len(first) == 64


def test_credentials_key_is_a_fernet_key(instance):
    assert len(base64.urlsafe_b64decode(instance.secret("credentials_key"))) == 32


def test_ports_are_remembered_and_differ(instance):
    ports = [instance.port("postgres"), instance.port("valkey")]
    again = Instance(instance.data)
    assert [again.port("postgres"), again.port("valkey")] == ports
    assert ports[0] != ports[1]


def test_a_port_taken_meanwhile_is_replaced(instance):
    port = instance.port("postgres")
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        replaced = instance.port("postgres")
    assert replaced != port
    assert instance.state()["ports"] == {"postgres": replaced}


def test_a_free_port_avoids_the_listening_and_the_taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert not port_is_free("127.0.0.1", other.getsockname()[1])
    assert find_free_port(taken={1}) != 1


def test_two_servers_do_not_share_a_directory(instance):
    process = hold(instance, "server", 30)
    try:
        with pytest.raises(ServerError, match=rf"in use by another server \(process {process.pid}"):
            instance.lock("server", on_wait=print)
        assert instance.is_locked()
    finally:
        end(process)
    assert not instance.is_locked()


def test_a_management_command_is_waited_for(instance):
    process = hold(instance, "manage", 0.4)
    waited = []
    try:
        instance.lock("server", on_wait=waited.append)
    finally:
        end(process)
    assert waited == [f"Waiting for another process to leave {instance.data} …"]
    assert instance.holder()["role"] == "server"
    instance.unlock()


def test_a_stranger_s_directory_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    tmp_path.chmod(0o755)
    with pytest.raises(ServerError, match="holds other files"):
        Instance(tmp_path).prepare()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_the_parent_keeps_its_mode(tmp_path):
    parent = tmp_path / "parent"
    parent.mkdir(mode=0o700)
    Instance(parent / "data").prepare()
    assert parent.stat().st_mode & 0o777 == 0o700


def test_remembering_adds(instance):
    instance.remember(demo_loaded=True)
    instance.remember(prepared="abc")
    state = json.loads((instance.data / "instance.json").read_text())
    assert (state["demo_loaded"], state["prepared"]) == (True, "abc")
    assert len(state["id"]) == 16
