"""ipmitool and FreeIPMI, written by others, against our controller."""

import subprocess

import pytest

from tests.labsim.lab_thread import wait_until


@pytest.fixture
def ipmitool(lab):
    target = lab.target()

    def call(*words, password=None, suite=None):
        options = ["-C", str(suite)] if suite else []
        return subprocess.run(
            ["ipmitool", "-I", "lanplus", "-H", target.host, "-p", str(target.port), *options,
             "-U", target.username, "-P", password or target.password, "-L", "OPERATOR", *words],
            capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip

    return call


@pytest.fixture
def freeipmi(lab, tmp_path):
    target = lab.target()

    def call(program, *words):
        cache = (
            [f"--sdr-cache-directory={tmp_path}"] if program in {"ipmi-sensors", "ipmi-sel"} else []
        )
        return subprocess.run(
            [program, "-D", "LAN_2_0", "-h", f"{target.host}:{target.port}", "-u", target.username,
             "-p", target.password, *cache, *words],
            capture_output=True, text=True, timeout=20, check=False,
        )  # fmt: skip

    return call


@pytest.mark.needs("ipmitool")
def test_ipmitool_switches_power(lab, ipmitool):
    assert "is off" in ipmitool("power", "status").stdout
    assert ipmitool("power", "on").returncode == 0
    assert "is on" in ipmitool("power", "status").stdout
    assert ipmitool("power", "reset").returncode == 0
    assert ipmitool("power", "cycle").returncode == 0
    assert (lab.machine().starts, lab.machine().resets) == (3, 1)
    assert ipmitool("power", "soft").returncode == 0
    assert wait_until(lambda: not lab.machine().is_on)


@pytest.mark.needs("ipmitool")
@pytest.mark.parametrize("suite", [3, 17])
def test_ipmitool_logs_in_with_either_suite(ipmitool, suite):
    assert ipmitool("mc", "info", suite=suite).returncode == 0


@pytest.mark.needs("ipmitool")
def test_ipmitool_is_refused_with_a_wrong_password_and_with_suite_zero(ipmitool):
    assert ipmitool("power", "status", password="wrong").returncode != 0
    assert ipmitool("power", "on", suite="0").returncode != 0


@pytest.mark.needs("ipmitool")
def test_ipmitool_sets_and_reads_the_boot_device(ipmitool):
    assert ipmitool("chassis", "bootdev", "pxe", "options=persistent").returncode == 0
    shown = ipmitool("chassis", "bootparam", "get", "5").stdout
    assert "Force PXE" in shown
    assert "all future boots" in shown


@pytest.mark.needs("ipmitool")
def test_ipmitool_reads_device_sensors_inventory_and_log(ipmitool):
    assert ipmitool("power", "on").returncode == 0
    device = ipmitool("mc", "info").stdout
    assert "Dell Inc." in device
    assert "1.70" in device
    sensors = ipmitool("sdr", "elist").stdout.splitlines()
    assert len(sensors) == 8
    assert all("| ok" in line for line in sensors)
    inventory = ipmitool("fru", "print", "0").stdout
    assert "Product Serial        : SIM0001" in inventory
    assert "Extra" not in inventory
    log = ipmitool("sel", "list")
    assert "S0/G0: working" in log.stdout
    assert ipmitool("sel", "clear").returncode == 0
    assert "no entries" in (ipmitool("sel", "list").stdout + ipmitool("sel", "list").stderr)


@pytest.mark.needs("ipmitool")
def test_ipmitool_lights_the_identify_lamp(lab, ipmitool):
    assert ipmitool("chassis", "identify", "30").returncode == 0
    assert lab.bmc().chassis.is_identifying


@pytest.mark.needs("ipmipower")
def test_freeipmi_switches_power(lab, freeipmi):
    assert freeipmi("ipmipower", "--stat").stdout.strip().endswith("off")
    assert freeipmi("ipmipower", "--on", "--wait-until-on").returncode == 0
    assert freeipmi("ipmipower", "--stat").stdout.strip().endswith("on")
    assert freeipmi("ipmipower", "--reset").returncode == 0
    assert (lab.machine().starts, lab.machine().resets) == (2, 1)


@pytest.mark.needs("ipmi-sensors")
def test_freeipmi_reads_sensors_inventory_and_log(freeipmi):
    assert freeipmi("ipmipower", "--on", "--wait-until-on").returncode == 0
    sensors = freeipmi("ipmi-sensors", "--quiet-cache", "--no-header-output").stdout.splitlines()
    assert len(sensors) == 8
    assert all("'OK'" in line for line in sensors)
    assert "SIM0001" in freeipmi("ipmi-fru").stdout
    assert "S0/G0" in freeipmi("ipmi-sel").stdout
    assert freeipmi("ipmi-chassis", "--get-chassis-status").returncode == 0
