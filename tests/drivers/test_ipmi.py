"""The driver against the simulated lab's faults."""

import pickle
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploylab.drivers import errors
from deploylab.drivers.base import BmcTarget, BootDevice, BootSetting, PowerState
from deploylab.drivers.ipmi import IpmiDriver
from deploylab.drivers.registry import driver_for
from tests.labsim.lab_thread import LabThread, wait_until


def test_a_driver_is_found_by_name():
    assert driver_for("ipmi") is IpmiDriver
    with pytest.raises(errors.UnknownDriverError, match="telepathy"):
        driver_for("telepathy")


def test_a_password_is_never_shown(lab):
    target = lab.target()
    assert target.password not in repr(target)
    assert target.password not in repr(lab.nodes[0])


def test_an_error_survives_pickling():
    error = pickle.loads(  # noqa: S301 - our own
        pickle.dumps(errors.BmcTimeoutError("It is late."))
    )
    assert type(error) is errors.BmcTimeoutError
    assert (error.sentence, error.retryable, error.code) == ("It is late.", True, "bmc_timeout")


def test_a_name_that_does_not_resolve_is_told(monkeypatch):
    def no_such_name(*_args, **_options):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    with pytest.raises(errors.BmcAddressError, match=r"bmc\.invalid"):
        IpmiDriver(BmcTarget("bmc.invalid", 623, "root", "x")).validate()


@pytest.mark.parametrize("action", ["reset", "cycle"])
def test_a_slow_controller_is_asked_only_once(lab, action):
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("on")
        lab.fault("slow", 1.2)
        driver.set_power(action)
    time.sleep(0.5)
    lab.fault("none")
    counted = lab.machine().resets if action == "reset" else lab.machine().starts - 1
    assert counted == 1


def test_a_silent_controller_is_told_in_bounded_time(lab):
    lab.fault("silent")
    began = time.monotonic()
    with pytest.raises(errors.BmcUnreachableError) as caught:
        IpmiDriver(lab.target(), deadline=2).validate()
    assert time.monotonic() - began < 3
    assert caught.value.retryable


def test_a_controller_lost_in_mid_session_is_told_and_never_met_again(lab):
    with IpmiDriver(lab.target(), deadline=2) as driver:
        driver.set_power("on")
        lab.fault("silent")
        began = time.monotonic()
        with pytest.raises(errors.BmcTimeoutError):
            driver.power_state()
        assert time.monotonic() - began < 3
        lab.fault("none")
        assert driver.power_state() is PowerState.ON
    with IpmiDriver(lab.target(), deadline=2) as driver:
        assert driver.power_state() is PowerState.ON


def test_a_reset_given_up_on_is_not_sent_later(lab):
    with IpmiDriver(lab.target(), deadline=1) as driver:
        driver.set_power("on")
        lab.fault("silent")
        with pytest.raises(errors.BmcTimeoutError):
            driver.set_power("reset")
        lab.fault("none")
        time.sleep(2)
        assert driver.power_state() is PowerState.ON
    assert lab.machine().resets == 0


def test_a_refused_session_may_be_tried_again(lab):
    lab.fault("refuse_sessions")
    with pytest.raises(errors.BmcRefusedError) as caught:
        IpmiDriver(lab.target(), deadline=3).validate()
    assert caught.value.retryable
    assert lab.target().password not in caught.value.sentence


def test_a_machine_that_is_off_cannot_be_reset(lab):
    with IpmiDriver(lab.target()) as driver, pytest.raises(errors.BmcRefusedError) as caught:
        driver.set_power("reset")
    assert not caught.value.retryable


def test_lies_and_wrong_states_are_seen_by_reading_back(lab):
    lab.fault("lies_once")
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("on")
        assert driver.power_state() is PowerState.OFF
        driver.set_power("on")
        assert driver.power_state() is PowerState.ON
        lab.fault("wrong_state")
        assert driver.power_state() is PowerState.OFF
        assert lab.machine().is_on


def test_a_controller_dead_after_some_commands(lab):
    with IpmiDriver(lab.target(), deadline=1) as driver:
        driver.validate()
        lab.fault("dead_after", 2)
        assert driver.power_state() is PowerState.OFF
        assert driver.power_state() is PowerState.OFF
        with pytest.raises(errors.BmcTimeoutError):
            driver.power_state()


@pytest.mark.parametrize(
    ("device", "once", "expected"),
    [
        ("network", True, BootSetting(BootDevice.NETWORK, is_persistent=False)),
        ("network", False, BootSetting(BootDevice.NETWORK, is_persistent=True)),
        ("disk", True, BootSetting(BootDevice.DISK, is_persistent=False)),
        ("default", True, BootSetting(BootDevice.DEFAULT, is_persistent=True)),
    ],
)
def test_boot_flags_keep_what_was_asked(lab, device, once, expected):
    with IpmiDriver(lab.target()) as driver:
        driver.set_boot_device(device, once=once)
        assert driver.boot_device() == expected


def test_one_time_network_boot_is_used_up(lab):
    with IpmiDriver(lab.target()) as driver:
        driver.set_boot_device("network")
        driver.set_power("on")
        assert wait_until(lambda: "iPXE" in lab.console())
        assert driver.boot_device().device is BootDevice.DEFAULT


def test_soft_off_takes_a_moment(lab):
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("on")
        driver.set_power("soft_off")
        assert driver.power_state() is PowerState.ON
        assert wait_until(lambda: driver.power_state() is PowerState.OFF)


def test_identify_lights_the_lamp_and_puts_it_out(lab):
    with IpmiDriver(lab.target()) as driver:
        driver.identify(30)
        assert lab.bmc().chassis.is_identifying
        driver.identify(0)
        assert not lab.bmc().chassis.is_identifying


def test_inventory_sensors_and_events_are_read(lab):
    with IpmiDriver(lab.target()) as driver:
        driver.set_power("on")
        found = driver.inventory()
        assert (found.manufacturer, found.serial, found.firmware) == (
            "Dell Inc.",
            "SIM0001",
            "1.70",
        )
        assert found.model == "PowerEdge C6100 (simulated)"
        sensors = {sensor.name: sensor for sensor in driver.sensors()}
        assert len(sensors) == 8
        assert sensors["Inlet Temp"].unit == "°C"
        assert 11.9 <= sensors["12V"].value <= 12.2
        assert [entry.record_id for entry in driver.event_log()] == [1]


def test_sensors_of_a_machine_that_is_off_have_no_reading(lab):
    with IpmiDriver(lab.target()) as driver:
        sensors = {sensor.name: sensor for sensor in driver.sensors()}
    assert not sensors["CPU1 Temp"].is_available
    assert sensors["Inlet Temp"].is_available


def test_many_threads_of_one_process(tmp_path):
    lab = LabThread(tmp_path, nodes=24)
    lab.fault("silent", index=5)

    def sweep(index):
        began = time.monotonic()
        try:
            with IpmiDriver(lab.target(index), deadline=2) as driver:
                return driver.power_state().value, time.monotonic() - began
        except errors.DriverError as error:
            return error.code, time.monotonic() - began

    try:
        with ThreadPoolExecutor(24) as pool:
            found = list(pool.map(sweep, list(range(24)) * 3))
    finally:
        lab.close()
    assert [state for state, _ in found].count("off") == 69
    assert [state for state, _ in found].count("bmc_unreachable") == 3
    assert max(took for state, took in found if state == "off") < 2.5
