"""The lab's memory and its command line."""

import json
import signal
import socket
import subprocess
import sys
import time

from deploylab.drivers.base import BmcTarget
from deploylab.drivers.ipmi import IpmiDriver
from deploylab.labsim.lab import prepare_lab, read_lab

COMMAND = [sys.executable, "-m", "deploylab.labsim"]


def test_there_is_no_lab_before_there_is_one(tmp_path):
    assert read_lab(tmp_path) == []


def test_a_lab_is_remembered_and_private(tmp_path):
    first = prepare_lab(tmp_path, 6)
    assert (tmp_path / "labsim.json").stat().st_mode & 0o777 == 0o600
    assert prepare_lab(tmp_path, 6) == first == read_lab(tmp_path)
    assert [node.name for node in first] == [f"c6100-{n}" for n in range(1, 7)]
    assert [(node.chassis, node.slot) for node in first] == [
        (1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2)
    ]  # fmt: skip
    assert len({node.password for node in first}) == 6
    assert len({mac for node in first for mac in node.macs}) == 12
    assert all(len(node.password) <= 20 for node in first)


def test_a_port_taken_by_another_is_replaced(tmp_path):
    first = prepare_lab(tmp_path, 2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
        squatter.bind(("127.0.0.1", first[0].bmc_port))
        second = prepare_lab(tmp_path, 2)
    assert second[0].bmc_port != first[0].bmc_port
    assert second[0].password == first[0].password
    assert second[1] == first[1]
    assert read_lab(tmp_path) == second


def test_reading_the_lab_imports_nothing_heavy():
    script = (
        "import sys; import deploylab.labsim.lab; "
        "print([m for m in ('pyghmi', 'cryptography', 'django', 'asyncio') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout == "[]\n"


def test_the_command_runs_lists_breaks_and_stops(tmp_path):
    run = [
        *COMMAND,
        "run",
        "--nodes",
        "3",
        "--site",
        "http://127.0.0.1:9",
        "--state",
        str(tmp_path),
    ]
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "labsim: 3 nodes are ready\n"
            assert subprocess.run(run, capture_output=True, check=False).returncode == 2
            shown = subprocess.run(
                [*COMMAND, "list", "--state", tmp_path, "--json"], capture_output=True, check=True
            )
            rows = json.loads(shown.stdout)
            assert [row["node"] for row in rows] == ["c6100-1", "c6100-2", "c6100-3"]
            assert set(rows[0]) == {"node", "bmc_host", "bmc_port", "username", "password"}
            target = BmcTarget(*(rows[0][name] for name in list(rows[0])[1:]))
            with IpmiDriver(target) as driver:
                driver.set_power("on")
            fault = [*COMMAND, "fault", "--state", tmp_path, "c6100-1", "wrong_state"]
            assert subprocess.run(fault, capture_output=True, check=True).returncode == 0
            with IpmiDriver(target) as driver:
                assert driver.power_state().value == "off"
            fault[-2] = "c6100-9"
            assert subprocess.run(fault, capture_output=True, check=False).returncode == 2
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
            assert time.monotonic() - began < 2
        finally:
            process.kill()
