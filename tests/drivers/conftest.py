"""Two independent peers for the same suite: our simulated lab and OpenIPMI's ipmi_sim."""

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploylab.drivers.base import BmcTarget
from deploylab.drivers.errors import DriverError
from deploylab.drivers.ipmi import IpmiDriver
from tests.labsim.lab_thread import LabThread

LAN = """name "bmc1"
set_working_mc 0x20
  startlan 1
    addr 127.0.0.1 {port}
    priv_limit admin
    allowed_auths_callback none md2 md5 straight
    allowed_auths_user none md2 md5 straight
    allowed_auths_operator none md2 md5 straight
    allowed_auths_admin none md2 md5 straight
    guid a123456789abcdefa123456789ab232b
  endlan
  chassis_control "{program}"
  user 1 true "" "test" user 10 none md2 md5 straight
  user 2 true "root" "calvin" admin 10 none md2 md5 straight
"""
EMULATOR = """mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 2 65 0x9f 0x0002a2 0x0100
sel_enable 0x20 1000 0x0a
mc_enable 0x20
"""
CHASSIS = """#!/bin/sh
# called by ipmi_sim: [address] get|set parameter [value]
while [ $# -gt 0 ] && [ "$1" != get ] && [ "$1" != set ]; do shift; done
verb=$1; shift
if [ "$verb" = get ]; then
  for name in "$@"; do echo "$name:$(cat {state}/$name)"; done
else
  echo "$@" >> {state}/log
  [ "$1" = power ] && echo "$2" > {state}/power
  [ "$1" = boot ] && echo "$2" > {state}/boot
fi
exit 0
"""


@dataclass
class Peer:
    name: str
    target: BmcTarget
    lab: Any = None
    state: Path | None = None

    def resets(self):
        if self.lab is not None:
            return self.lab.machine().resets
        return self._log().count("reset")

    def starts(self):
        if self.lab is not None:
            return self.lab.machine().starts
        return self._log().count("power 1")

    def _log(self):
        path = self.state / "log"
        return [line.strip().removesuffix(" 1") if line.startswith("reset") else line.strip()
                for line in path.read_text().splitlines()] if path.exists() else []  # fmt: skip


@pytest.fixture
def lab(tmp_path):
    running = LabThread(tmp_path, attempts=1)
    yield running
    running.close()


@pytest.fixture(params=["labsim", pytest.param("ipmi_sim", marks=pytest.mark.needs("ipmi_sim"))])
def peer(request, tmp_path):
    yield from {"labsim": _labsim, "ipmi_sim": _ipmi_sim}[request.param](tmp_path)


def _labsim(tmp_path):
    running = LabThread(tmp_path, attempts=1)
    yield Peer("labsim", running.target(), lab=running)
    running.close()


def _ipmi_sim(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    state = tmp_path / "chassis"
    state.mkdir()
    (state / "power").write_text("0\n")
    (state / "boot").write_text("default\n")
    program = tmp_path / "chassis.sh"
    program.write_text(CHASSIS.replace("{state}", str(state)))
    program.chmod(0o755)
    (tmp_path / "lan.conf").write_text(LAN.format(port=port, program=program))
    (tmp_path / "sim.emu").write_text(EMULATOR)
    process = subprocess.Popen(
        [shutil.which("ipmi_sim"), "-c", tmp_path / "lan.conf", "-f", tmp_path / "sim.emu",
         "-s", tmp_path / "persist", "-n"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    target = BmcTarget("127.0.0.1", port, "root", "calvin")
    try:
        _wait_for(target)
        yield Peer("ipmi_sim", target, state=state)
    finally:
        process.kill()
        process.wait()


def _wait_for(target):
    ends_at = time.monotonic() + 10
    port = f":{target.port:04X} "
    while port not in Path("/proc/net/udp").read_text() and time.monotonic() < ends_at:
        time.sleep(0.01)  # a log-in before that would cost a second
    while True:
        try:
            with IpmiDriver(target) as driver:
                driver.validate()
                return
        except DriverError:
            if time.monotonic() > ends_at:
                raise
