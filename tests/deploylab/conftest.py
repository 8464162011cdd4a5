import pytest

from deploylab.drivers.base import BmcDriver, PowerState
from deploylab.drivers.errors import BmcAuthenticationError, BmcUnreachableError
from deploylab.drivers.registry import DRIVERS
from deploylab.services.power import run_power_queue


class PaperBmc(BmcDriver):
    """A BMC on paper, for what the engine does with one; the wire is tested in tests/drivers."""

    power: dict[int, str] = {}
    sent: list[tuple[int, str]] = []
    fault: dict[int, type[Exception]] = {}
    stuck: set[int] = set()

    def __init__(self, target):
        self.port = target.port

    def validate(self):
        self.power_state()

    def power_state(self):
        if self.port in self.fault:
            raise self.fault[self.port]("It is out of order.")
        return PowerState(self.power.get(self.port, "off"))

    def set_power(self, action):
        self.sent.append((self.port, str(action)))
        if self.port not in self.stuck:
            self.power[self.port] = "off" if str(action) in {"off", "soft_off"} else "on"

    def set_boot_device(self, device, once=True):
        self.sent.append((self.port, f"boot {device}"))

    def boot_device(self):
        raise AssertionError

    identify = sensors = event_log = inventory = boot_device

    def close(self):
        pass


@pytest.fixture
def paper(monkeypatch):
    """Every BMC is on paper; gives the class that holds their state."""
    monkeypatch.setattr(PaperBmc, "power", {})
    monkeypatch.setattr(PaperBmc, "sent", [])
    monkeypatch.setattr(PaperBmc, "fault", {})
    monkeypatch.setattr(PaperBmc, "stuck", set())
    monkeypatch.setitem(DRIVERS, "ipmi", PaperBmc)
    return PaperBmc


def run_queues(*nodes):
    """Do what the workers would: run each node's power commands."""
    for node in nodes:
        run_power_queue(node.bmc.address)


__all__ = ["BmcAuthenticationError", "BmcUnreachableError", "PaperBmc", "run_queues"]
