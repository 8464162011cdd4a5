"""Killed in the middle: the worker, the web process, the broker. Deployments end all the same."""

import signal
from collections import Counter

import pytest

from community.project.server.accounts import remove_shared_place
from community.project.server.instance import Instance
from deploylab.labsim.faults import FaultKind, set_fault
from tests.chaos.site import LiveSite

pytestmark = pytest.mark.chaos

LINES = 20_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    data = tmp_path_factory.mktemp("chaos") / "data"
    live = LiveSite(data, nodes=3)
    try:
        live.sign_in("chaos@example.org")
        yield live
    finally:
        live.stop()
        remove_shared_place(Instance(data))


def _is_powering(facts):
    return any(step["name"] == "power-on" and step["state"] == "waiting" for step in facts["steps"])


@pytest.fixture
def slow_lab(site):
    """Controllers so slow that a power command takes seconds: time to kill its worker."""

    def set_all(kind, value):
        for node in ("c6100-1", "c6100-2", "c6100-3"):
            set_fault(site.data / "labsim", node, kind, value)

    set_all(FaultKind.SLOW, 0.3)
    yield lambda: set_all(FaultKind.NONE, None)
    set_all(FaultKind.NONE, None)


def _prints(facts):
    return facts["last_seq"] > 1000


def _check_record(site, facts):
    """Every event once, every line once, every step begun once; returns the events."""
    assert facts["state"] in {"successful", "partial", "failed", "error"}
    assert facts["sentence"]
    events = site.events(facts["id"])
    assert [event["seq"] for event in events] == list(range(1, facts["last_seq"] + 1))
    begun = Counter(
        (event["node"], event["step"])
        for event in events
        if event["kind"] == "step" and event["text"] == f"{event['step']}: running"
    )
    assert set(begun.values()) == {1}
    assert {step["attempt"] for step in facts["steps"]} <= {0, 1}
    lines = [event["text"] for event in events if event["kind"] == "output"]
    assert len(lines) == len(set(lines))
    if facts["state"] == "successful":
        assert len(lines) == LINES
        assert {step["state"] for step in facts["steps"]} == {"ok"}
    return events


def _kill(site, name):
    said = len(site.said)
    process = site.program(name)
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    return said


def _restarted(site, name, said):
    return any(
        line.startswith(f"{name} ended (SIGKILL); starting it again") for line in site.said[said:]
    )


def test_a_worker_killed_while_it_powers_a_node(site, slow_lab):
    deployment = site.deploy("trace", 2, lines=LINES)
    site.wait_for(deployment, _is_powering, seconds=20)
    said = _kill(site, "worker")
    assert _is_powering(site.facts(deployment))  # it died in the middle
    slow_lab()
    facts = site.end_of(deployment)
    _check_record(site, facts)
    assert facts["state"] == "successful"
    assert _restarted(site, "worker", said)


@pytest.mark.parametrize("name", ["worker", "web", "valkey"])
def test_something_is_killed_while_output_flows(site, name):
    deployment = site.deploy("trace", 2, lines=LINES)
    site.wait_for(deployment, _prints, seconds=20)
    said = _kill(site, name)
    if name != "web":
        assert site.page("meetups/") == 200
    assert site.facts(deployment)["last_seq"] < LINES  # it died in the middle
    facts = site.end_of(deployment)
    _check_record(site, facts)
    assert facts["state"] == "successful"
    assert _restarted(site, name, said)
