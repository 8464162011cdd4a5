"""One suite, two independent controllers."""

import pytest

from deploylab.drivers.base import BmcTarget, BootDevice, PowerState
from deploylab.drivers.errors import BmcAuthenticationError
from deploylab.drivers.ipmi import IpmiDriver
from tests.labsim.lab_thread import wait_until


def test_a_good_account_is_good(peer):
    with IpmiDriver(peer.target) as driver:
        driver.validate()


def test_power_goes_on_and_off_and_is_read_back(peer):
    with IpmiDriver(peer.target) as driver:
        assert driver.power_state() is PowerState.OFF
        driver.set_power("on")
        assert wait_until(lambda: driver.power_state() is PowerState.ON)
        driver.set_power("off")
        assert wait_until(lambda: driver.power_state() is PowerState.OFF)


def test_on_leaves_a_running_machine_alone(peer):
    with IpmiDriver(peer.target) as driver:
        driver.set_power("on")
        assert wait_until(lambda: driver.power_state() is PowerState.ON)
        driver.set_power("on")
        assert driver.power_state() is PowerState.ON
    assert (peer.starts(), peer.resets()) == (1, 0)


def test_one_reset_resets_once(peer):
    with IpmiDriver(peer.target) as driver:
        driver.set_power("on")
        assert wait_until(lambda: driver.power_state() is PowerState.ON)
        driver.set_power("reset")
        assert driver.power_state() is PowerState.ON
    assert peer.resets() == 1


def test_the_boot_device_arrives(peer):
    with IpmiDriver(peer.target) as driver:
        driver.set_boot_device("network")
        if peer.name == "labsim":  # ipmi_sim never reads its flags back
            assert driver.boot_device().device is BootDevice.NETWORK
            assert not driver.boot_device().is_persistent
        else:
            assert wait_until(lambda: (peer.state / "boot").read_text().strip() == "pxe")


@pytest.mark.parametrize(("user", "password"), [(None, "wr0ng"), ("nobody", None)])
def test_a_wrong_account_is_told_and_not_tried_twice(peer, user, password):
    good = peer.target
    target = BmcTarget(good.host, good.port, user or good.username, password or good.password)
    with IpmiDriver(target) as driver:
        with pytest.raises(BmcAuthenticationError) as first:
            driver.validate()
        with pytest.raises(BmcAuthenticationError) as second:
            driver.power_state()
    assert second.value is first.value
    assert not first.value.retryable
    assert target.password not in first.value.sentence
    with IpmiDriver(good) as driver:
        driver.validate()


def test_a_second_driver_does_not_depend_on_the_first(peer):
    with IpmiDriver(peer.target) as first, IpmiDriver(peer.target) as second:
        assert first.power_state() is second.power_state() is PowerState.OFF
        first.close()
        assert second.power_state() is PowerState.OFF
    with IpmiDriver(peer.target) as third:
        assert third.power_state() is PowerState.OFF
