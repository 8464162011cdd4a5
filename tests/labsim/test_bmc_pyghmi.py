"""pyghmi's own client against our controller, in a process of its own.

pyghmi keeps sessions and threads for a process's whole life; a child process gives each try a
fresh one. Its inventory reading is left out: it gives up on controllers that, like ours and many
real ones, refuse large reads.
"""

import json
import subprocess
import sys

SCRIPT = """
import json, sys
from pyghmi.exceptions import IpmiException
from pyghmi.ipmi.command import Command
host, port, user, password = sys.argv[1:5]
try:
    bmc = Command(bmc=host, port=int(port), userid=user.encode(), password=password.encode(),
                  kg=None, privlevel=4)
    said = [bmc.get_power()["powerstate"]]
    bmc.set_bootdev("network")
    said.append(bmc.get_bootdev()["bootdev"])
    bmc.set_power("on", wait=10)
    said.append(bmc.get_power()["powerstate"])
    bmc.set_power("off", wait=10)
    said.append(bmc.get_power()["powerstate"])
    said.append(len(list(bmc.get_sensor_data())) > 3)
except IpmiException as error:
    said = ["refused", str(error)]
print(json.dumps(said))
"""


def _drive(target, password=None):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SCRIPT, target.host, str(target.port),
         target.username, password or target.password],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def test_pyghmi_powers_boots_and_reads(lab):
    *power, has_sensors = _drive(lab.target())
    assert power == ["off", "network", "on", "off"]
    assert has_sensors


def test_pyghmi_is_refused_with_a_wrong_password(lab):
    assert _drive(lab.target(), password="not-the-password")[0] == "refused"
