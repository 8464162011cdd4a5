import datetime as dt

import pytest

from community.core import clock
from deploylab.drivers.registry import DRIVERS
from deploylab.exceptions import BootTokenError
from deploylab.models import PowerCommand
from deploylab.services import power
from deploylab.services.commands import new_command, request_power
from deploylab.services.reservations import release_reservation
from deploylab.services.runner import advance
from deploylab.services.tickets import give_boot_script, ticket_of
from tests.deploylab.conftest import BmcAuthenticationError, BmcUnreachableError, run_queues
from tests.factories.community import member, organizer, participant
from tests.factories.deploylab import NodeFactory, deploy, reserve

pytestmark = pytest.mark.django_db(transaction=True)


BOOT = """
slug: boot-only
title: Boot only
steps:
  - {name: "on", kind: power, action: boot, deadline_s: 60}
  - {name: netboot, kind: netboot, deadline_s: 60, after: ["on"]}
"""


def run_queues_after_death(node):
    """What the reaper and the next worker do for a command whose worker is gone."""
    power.recover_dead_commands()
    run_queues(node)


def _run(node, action="on", **fields):
    command = new_command(node=node, action=action, by=None, **fields)
    run_queues(node)
    command.refresh_from_db()
    return command


def test_on_is_read_back(paper):
    node = NodeFactory()
    command = _run(node)
    assert (command.state, command.observed, command.attempts) == ("completed", "on", 1)
    node.refresh_from_db()
    assert node.power_state == "on"
    assert node.power_observed_at is not None


def test_on_never_cycles_a_running_host(paper):
    node = NodeFactory()
    paper.power[node.bmc.port] = "on"
    assert _run(node).state == "completed"
    assert paper.sent == []


def test_a_boot_restarts_a_running_host_and_sets_the_boot_device_right_before(paper):
    node = NodeFactory()
    paper.power[node.bmc.port] = "on"
    _run(node, boot_device="network", may_restart=True)
    port = node.bmc.port
    assert paper.sent == [(port, "off"), (port, "boot network"), (port, "on")]


@pytest.fixture
def half_booted(paper):
    """A node whose worker died after the power went on; its deployment waits for the boot."""
    node = NodeFactory()
    deployment = deploy(source=BOOT)
    advance(str(deployment.pk))
    PowerCommand.objects.update(state="running", attempts=1)
    paper.power[node.bmc.port] = "on"
    return node, deployment


def test_a_boot_that_has_begun_is_not_restarted_after_its_workers_death(paper, half_booted):
    node, deployment = half_booted
    token = give_boot_script(node.service_tag).token
    run_queues_after_death(node)
    assert paper.sent == []
    assert ticket_of(token).node == node  # the node's only token still holds
    assert deployment.steps.get(name="on").state == "ok"


def test_a_boot_that_may_have_begun_is_begun_anew_with_the_power_off(
    paper, half_booted, monkeypatch
):
    node, deployment = half_booted
    tokens = []

    class Fetching(paper):
        """A node that fetches its script in the very last moment before the power goes."""

        def set_power(self, action):
            if str(action) == "off":
                tokens.append(give_boot_script(node.service_tag).token)
            super().set_power(action)

    monkeypatch.setitem(DRIVERS, "ipmi", Fetching)
    run_queues_after_death(node)
    port = node.bmc.port
    assert paper.sent == [(port, "off"), (port, "boot network"), (port, "on")]
    assert ticket_of(give_boot_script(node.service_tag).token).node == node
    with pytest.raises(BootTokenError):
        ticket_of(tokens[0])  # of the boot that was cut short
    assert deployment.steps.get(name="on").state == "ok"


def test_control_without_the_look_at_the_ticket_the_boot_is_cut_short(
    paper, half_booted, monkeypatch
):
    monkeypatch.setattr(power, "boot_has_begun", lambda _step: False)
    node, _ = half_booted
    token = give_boot_script(node.service_tag).token
    run_queues_after_death(node)
    with pytest.raises(BootTokenError):
        ticket_of(token)


def test_a_state_that_is_not_reached_is_a_failure_and_not_a_belief(paper):
    node = NodeFactory()
    paper.stuck.add(node.bmc.port)
    command = new_command(node=node, action="on", by=None)
    PowerCommand.objects.update(deadline_at=clock.now())
    run_queues(node)
    command.refresh_from_db()
    assert (command.state, command.observed) == ("failed", "off")
    assert command.error_code == "power_not_reached"


def test_a_wrong_password_is_tried_once(paper):
    node = NodeFactory()
    paper.fault[node.bmc.port] = BmcAuthenticationError
    command = _run(node)
    assert (command.state, command.error_code) == ("failed", "bmc_authentication")
    assert command.error_sentence == f"The BMC of {node.name} refused the password stored for it."
    node.refresh_from_db()
    assert node.power_state == "unknown"


def test_a_silent_bmc_is_tried_again_then_said(paper, monkeypatch):
    monkeypatch.setattr(power, "_BACK_OFF_S", (0.0, 0.0))
    node = NodeFactory()
    paper.fault[node.bmc.port] = BmcUnreachableError
    command = _run(node)
    assert (command.state, command.error_code) == ("failed", "bmc_unreachable")
    assert node.bmc.host not in command.error_sentence


def test_a_command_of_an_ended_reservation_is_aborted_when_it_runs(paper):
    node = NodeFactory()
    reservation = reserve()
    command = new_command(node=node, action="on", by=None, reservation=reservation)
    release_reservation(reservation=reservation, by=reservation.holder)
    run_queues(node)
    command.refresh_from_db()
    assert command.state == "aborted"
    assert (node.bmc.port, "on") not in paper.sent


def test_control_without_the_fence_it_would_run(paper, monkeypatch):
    monkeypatch.setattr(power, "_has_right", lambda _command: True)
    node = NodeFactory()
    reservation = reserve()
    new_command(node=node, action="on", by=None, reservation=reservation)
    release_reservation(reservation=reservation, by=reservation.holder)
    run_queues(node)
    assert (node.bmc.port, "on") in paper.sent


def test_a_dead_workers_command_is_taken_up(paper):
    node = NodeFactory()
    safe = new_command(node=node, action="on", by=None)
    PowerCommand.objects.filter(pk=safe.pk).update(state="running", attempts=1)
    power.recover_dead_commands()
    run_queues(node)
    safe.refresh_from_db()
    assert (safe.state, safe.attempts) == ("completed", 2)


def test_control_without_the_reaper_it_would_run_for_ever(paper, monkeypatch):
    monkeypatch.setattr(power, "_recover", lambda _address: 0)
    node = NodeFactory()
    command = new_command(node=node, action="on", by=None)
    PowerCommand.objects.update(state="running", attempts=1)
    run_queues_after_death(node)
    command.refresh_from_db()
    assert (command.state, command.attempts) == ("running", 1)


def test_a_dead_workers_reset_is_not_sent_twice(paper):
    node = NodeFactory()
    reset = new_command(node=node, action="reset", by=None)
    PowerCommand.objects.filter(pk=reset.pk).update(state="running")
    power.recover_dead_commands()
    run_queues(node)
    reset.refresh_from_db()
    assert (reset.state, reset.error_code) == ("failed", "worker_died")
    assert paper.sent == []


def test_a_living_workers_command_is_left_alone(paper):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    node = NodeFactory()
    command = new_command(node=node, action="on", by=None)
    PowerCommand.objects.filter(pk=command.pk).update(state="running")

    def other_worker():
        try:
            return power.recover_dead_commands(), power.run_power_queue(node.bmc.address)
        finally:
            connection.close()

    with power.bmc_lock(node.bmc.address) as got, ThreadPoolExecutor() as threads:
        assert got
        assert threads.submit(other_worker).result() == (0, 0)
    command.refresh_from_db()
    assert command.state == "running"


def test_who_may_power(paper):
    node = NodeFactory()
    holder = participant()
    with pytest.raises(Exception, match="no reservation") as refusal:
        request_power(node=node, action="on", by=holder)
    assert refusal.value.status == 403
    reserve(by=holder)
    assert request_power(node=node, action="on", by=holder).reservation is not None
    assert request_power(node=node, action="on", by=organizer(node.chapter)).reservation is None
    with pytest.raises(Exception, match="no reservation"):
        request_power(node=node, action="on", by=member())


def test_commands_keep_their_order_and_interval(paper, monkeypatch):
    waits = []
    monkeypatch.setattr(power.time, "sleep", waits.append)
    node = NodeFactory()
    type(node.bmc).objects.filter(pk=node.bmc.pk).update(
        min_interval_ms=5000, last_command_at=clock.now() - dt.timedelta(seconds=1)
    )
    new_command(node=node, action="on", by=None)
    new_command(node=node, action="off", by=None)
    run_queues(node)
    assert paper.sent == [(node.bmc.port, "on"), (node.bmc.port, "off")]
    assert [round(wait) for wait in waits] == [4, 5]
