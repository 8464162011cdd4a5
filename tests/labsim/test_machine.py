"""Machines: what they boot from, and that power off means off."""

import time
from pathlib import Path

import pytest

from deploylab.drivers.ipmi import IpmiDriver
from deploylab.labsim.chassis import BootFlags
from deploylab.labsim.console import LIMIT, Console
from deploylab.labsim.faults import NO_FAULT
from deploylab.labsim.ipxe import NothingToBootError, parse_boot_order
from deploylab.labsim.machine import SimulatedMachine
from tests.labsim.lab_thread import wait_until


def machine_of(node, directory):
    return SimulatedMachine(
        node, index=0, site="http://127.0.0.1:9", state_dir=directory, fault=lambda: NO_FAULT
    )


def boot(lab, index=0):
    with IpmiDriver(lab.target(index)) as driver:
        driver.set_boot_device("network")
        driver.set_power("on")


def test_a_network_boot_says_hello_with_its_inventory(lab, site):
    boot(lab)
    assert wait_until(lambda: site.polls)
    assert site.paths[:3] == ["/boot/ipxe", "/boot/SIM0001.ipxe", "/api/v1/agent/hello/"]
    (inventory,) = site.hellos
    assert (inventory["serial"], inventory["cpu_count"], inventory["memory_mb"]) == (
        "SIM0001",
        2,
        49152,
    )
    assert inventory["nics"][0] == {"name": "eth0", "mac": lab.nodes[0].macs[0]}
    assert inventory["disks"][0] == {"name": "sda", "size_gb": 500}


def test_without_boot_flags_it_boots_from_disk(lab, site):
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("on")
    assert wait_until(lambda: "local disk" in lab.console())
    assert site.paths == []


def test_once_means_once(lab, site):
    boot(lab)
    assert wait_until(lambda: site.hellos)
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("reset")
    assert wait_until(lambda: "local disk" in lab.console())
    assert len(site.boots) == 1


def test_a_boot_script_that_is_not_there_yet_is_asked_for_again(lab, site):
    site.boot_status = 404
    boot(lab)
    assert wait_until(lambda: "HTTP 404" in lab.console())
    site.boot_status = 200
    assert wait_until(lambda: site.hellos)
    assert len(site.boots) == 2


def test_a_revoked_token_ends_the_boot(lab, site):
    boot(lab)
    assert wait_until(lambda: site.polls)
    site.revoked = True
    assert wait_until(lambda: "this boot is over" in lab.console())
    assert lab.machine().is_on


def test_power_off_kills_the_script_and_the_agent(lab, site):
    work = site.give("echo $$; sleep 33.77")
    boot(lab)
    assert wait_until(lambda: work.output)
    assert sleepers("33.77")
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("off")
    assert wait_until(lambda: not sleepers("33.77"), 1.0)
    count = len(site.paths)
    time.sleep(0.3)
    assert len(site.paths) == count
    assert work.result is None


def test_a_node_can_die_in_mid_deployment(lab, site):
    lab.fault("dies_in_deployment", 2)  # seconds, so that what it said before has arrived by then
    work = site.give("echo begun; sleep 20")
    boot(lab)
    assert wait_until(lambda: work.output)
    assert wait_until(lambda: not lab.machine().is_on)
    assert work.result is None


def test_boot_flags_are_forgotten_after_a_minute_unless_kept():
    flags = BootFlags()
    flags.store(bytes((0x80, 0x04, 0, 0, 0)))
    flags.set_at -= 61
    assert not flags.is_valid
    flags.keeps_valid = True
    assert flags.take() == "network"
    assert flags.take() == "default"


def test_a_boot_script_without_a_token_is_no_boot_script():
    with pytest.raises(NothingToBootError):
        parse_boot_order("#!ipxe\nkernel /vmlinuz site=http://a node=b\nboot\n")


def test_the_console_is_bounded(tmp_path):
    console = Console(tmp_path / "n.log")
    for number in range(6000):
        console.print(f"{number} " + "x" * 80)
    assert (tmp_path / "n.log").stat().st_size <= LIMIT + 100
    assert (tmp_path / "n.log").read_text().splitlines()[-1].startswith("5999 ")


def sleepers(argument):
    """Processes that sleep for that long."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_text().split("\0")
        except OSError:
            continue
        if words[:2] == ["sleep", argument]:
            found.append(path)
    return found
