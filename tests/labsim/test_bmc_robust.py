"""A controller outlives its clients: reconnects, forgeries, replays, noise."""

import random
import socket
import time

import pytest

from deploylab.drivers.base import PowerState
from deploylab.drivers.ipmi import IpmiDriver
from deploylab.drivers.rmcp import SUITES, PacketError, Request, parse_packet, parse_request
from deploylab.labsim.bmc import MOST_SESSIONS, Bmc
from deploylab.labsim.faults import NO_FAULT
from deploylab.labsim.lab import new_node
from deploylab.labsim.session import Session
from tests.labsim.lab_thread import LabThread
from tests.labsim.test_machine import machine_of

OPEN_SESSION = bytes.fromhex(
    "0600ff07 0610 00000000 00000000 2000 01030000 a1a2a3a4"
    "00000008 01000000 01000008 01000000 02000008 01000000"
)


@pytest.fixture
def quick_lab(tmp_path):
    running = LabThread(tmp_path, nodes=2, attempts=1, think=0.002)
    yield running
    running.close()


def noise(source, seeds):
    """A random packet, or a known one with some bytes changed, cut or added."""
    if source.random() < 0.3:
        return source.randbytes(source.randrange(0, 120))
    raw = bytearray(source.choice(seeds))
    for _ in range(source.randrange(1, 6)):
        raw[source.randrange(len(raw))] = source.randrange(256)
    return bytes(raw[: source.randrange(1, len(raw) + 1)]) + source.randbytes(source.choice([0, 3]))


def test_three_hundred_reconnects_with_noise_between(quick_lab):
    target = quick_lab.target()
    source = random.Random(2012)
    seeds = [OPEN_SESSION, bytes.fromhex("0600ff07000000000000000000092018c88100388e04b5")]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noisy:
        for _ in range(300):
            for _ in range(20):
                noisy.sendto(noise(source, seeds), (target.host, target.port))
            with IpmiDriver(target) as driver:
                assert driver.power_state() is PowerState.OFF
    with IpmiDriver(quick_lab.target(1)) as driver:
        assert driver.power_state() is PowerState.OFF


def test_a_client_that_never_logs_out_does_not_lock_others_out(quick_lab):
    target = quick_lab.target()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        for _ in range(MOST_SESSIONS * 3):  # half-open sessions
            client.sendto(OPEN_SESSION, (target.host, target.port))
    time.sleep(0.1)
    with IpmiDriver(target) as driver:
        assert driver.power_state() is PowerState.OFF


def test_ten_thousand_broken_packets_raise_nothing(tmp_path):
    node = new_node(0)
    bmc = Bmc(node, machine_of(node, tmp_path), lambda: NO_FAULT)
    source = random.Random(7)
    ping = bytes.fromhex("0600ff07000000000000000000092018c88100388e04b5")
    assert bmc.answer(ping) is not None
    opened = bmc.answer(OPEN_SESSION)
    assert opened is not None
    assert opened[17] == 0
    rakp1 = bytes.fromhex("0600ff07061200000000000000002000") + bytes(4) + opened[24:28]
    rakp1 += bytes(16) + b"\x14\x00\x00\x04root"
    for _ in range(10_000):
        bmc.answer(noise(source, [ping, OPEN_SESSION, rakp1]))
    assert bmc.answer(ping) is not None


def test_no_command_of_a_client_that_logged_in_raises(tmp_path):
    node = new_node(0)
    bmc = Bmc(node, machine_of(node, tmp_path), lambda: NO_FAULT)
    source = random.Random(3)
    for number, command in bmc._commands.items():
        if number == (0x00, 0x02):
            continue  # would power the machine
        for _ in range(200):
            data = source.randbytes(source.randrange(0, 12))
            request = Request(*number, data, 0x20, 0, 0x81, 0)
            session = Session(SUITES[1, 1], bytes(4), bytes(4), privilege=4)
            code, body = bmc._inside_session(request, session)
            assert 0 <= code <= 0xFF
            assert isinstance(body, bytes)
        assert command is not None


def test_checksums_are_checked():
    good = bytes.fromhex("2018c88100388e04b5")
    assert parse_request(good).command == 0x38
    for place in range(len(good)):
        broken = bytearray(good)
        broken[place] ^= 0x40
        with pytest.raises(PacketError):
            parse_request(bytes(broken))


def test_a_replayed_packet_is_dropped(quick_lab):
    """Record a client's reset and send it again: without the check it would reset twice."""
    bmc, seen = quick_lab.bmc(), []
    answer = bmc.answer
    bmc.answer = lambda raw: (seen.append(raw), answer(raw))[1]
    with IpmiDriver(quick_lab.target()) as driver:
        driver.set_power("on")
        driver.set_power("reset")
        protected = [raw for raw in seen if parse_packet(raw).is_protected]
        assert [answer(raw) for raw in protected] == [None] * len(protected)
    assert quick_lab.machine().resets == 1
