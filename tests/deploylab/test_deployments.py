import uuid

import pytest

from community.core import clock
from deploylab.exceptions import (
    BlueprintError,
    BootNotAwaitedError,
    BootTokenError,
    DeploymentRunningError,
    OutputOffsetError,
    ReservationNotActiveError,
)
from deploylab.models import BootTicket, Deployment, DeploymentStep, Event
from deploylab.services.agents import (
    Result,
    agent_hello,
    cancelled_works,
    next_work,
    take_output,
    take_result,
)
from deploylab.services.blueprints import SHIPPED, sync_shipped_blueprints
from deploylab.services.deployments import start_deployment
from deploylab.services.reservations import release_reservation
from deploylab.services.runner import advance, request_cancel
from deploylab.services.tickets import give_boot_script, ticket_of
from tests.deploylab.conftest import BmcUnreachableError, run_queues
from tests.factories.deploylab import NodeFactory, deploy, reserve

pytestmark = pytest.mark.django_db(transaction=True)

AGENT = """
slug: agent
title: Agent
parameters:
  lines: {type: integer, default: 7, minimum: 0, maximum: 10}
steps:
  - {name: boot, kind: power, action: boot, deadline_s: 60}
  - {name: netboot, kind: netboot, deadline_s: 60, after: [boot]}
  - {name: print, kind: agent, deadline_s: 60, after: [netboot], script: "true", share: {N: lines}}
"""


def _states(deployment):
    return {
        (step.node.name, step.name): step.state for step in deployment.steps.select_related("node")
    }


def _seqs(deployment):
    return list(Event.objects.filter(deployment=deployment).values_list("seq", flat=True))


def _boot(deployment, node):
    """The node's own part: fetch the script, say hello."""
    run_queues(node)
    token = give_boot_script(node.service_tag).token
    ticket = ticket_of(token)
    agent_hello(ticket, {"serial": node.service_tag, "nics": []})
    advance(str(deployment.pk))
    return token


def test_steps_run_in_their_order_on_every_node(paper):
    nodes = NodeFactory.create_batch(2)
    deployment = deploy()
    assert advance(str(deployment.pk)) == "running"
    first, second = nodes
    run_queues(first)
    advance(str(deployment.pk))
    assert _states(deployment) == {
        (first.name, "one"): "ok",
        (first.name, "two"): "waiting",
        (second.name, "one"): "waiting",
        (second.name, "two"): "pending",
    }
    run_queues(first, second)
    advance(str(deployment.pk))
    run_queues(second)
    assert advance(str(deployment.pk)) == "successful"
    deployment.refresh_from_db()
    assert _seqs(deployment) == list(range(1, deployment.last_seq + 1))


def test_looking_twice_changes_nothing(paper):
    NodeFactory()
    deployment = deploy()
    advance(str(deployment.pk))
    before = _seqs(deployment), list(DeploymentStep.objects.values_list("attempt", flat=True))
    advance(str(deployment.pk))
    assert (_seqs(deployment), list(DeploymentStep.objects.values_list("attempt", flat=True))) == (
        before
    )


def test_one_bad_node_does_not_sink_the_rest(paper, monkeypatch):
    monkeypatch.setattr("deploylab.services.power._BACK_OFF_S", ())
    good, bad = NodeFactory.create_batch(2)
    paper.fault[bad.bmc.port] = BmcUnreachableError
    deployment = deploy()
    for _ in range(3):
        advance(str(deployment.pk))
        run_queues(good, bad)
    advance(str(deployment.pk))
    deployment.refresh_from_db()
    assert (deployment.state, deployment.sentence) == ("partial", "1 of 2 nodes got through.")
    assert _states(deployment)[bad.name, "one"] == "unreachable"
    assert _states(deployment)[bad.name, "two"] == "skipped"


def test_no_node_gets_through_because_of_the_lab(paper, monkeypatch):
    monkeypatch.setattr("deploylab.services.power._BACK_OFF_S", ())
    node = NodeFactory()
    paper.fault[node.bmc.port] = BmcUnreachableError
    deployment = deploy()
    advance(str(deployment.pk))
    run_queues(node)
    advance(str(deployment.pk))
    deployment.refresh_from_db()
    assert deployment.state == "error"
    assert deployment.sentence == f"The BMC of {node.name} does not answer."


def test_a_node_that_never_boots(paper):
    node = NodeFactory()
    deployment = deploy(source=AGENT)
    advance(str(deployment.pk))
    run_queues(node)
    advance(str(deployment.pk))
    DeploymentStep.objects.filter(name="netboot").update(deadline_at=clock.now())
    advance(str(deployment.pk))
    assert advance(str(deployment.pk)) == "error"
    step = DeploymentStep.objects.get(name="netboot")
    assert (step.state, step.error_code) == ("unreachable", "boot_not_seen")
    assert step.error_next_action == "Look at its console, or try another node."


def test_the_agents_part(paper):
    node = NodeFactory()
    deployment = deploy(source=AGENT, lines=9)
    advance(str(deployment.pk))
    ticket = ticket_of(_boot(deployment, node))
    work = next_work(ticket)
    assert work.env["N"] == "9"
    take_output(ticket, work.pk, offset=0, text="first\nsec")
    take_output(ticket, work.pk, offset=0, text="first\nsec")  # a repeat adds nothing
    take_output(ticket, work.pk, offset=6, text="second\nthird")  # half of it is known
    with pytest.raises(OutputOffsetError) as refusal:
        take_output(ticket, work.pk, offset=99, text="x")
    assert refusal.value.extra == {"offset": 18}
    take_result(ticket, work.pk, Result(0, {}))
    take_result(ticket, work.pk, Result(1, {}))  # a repeat changes nothing
    assert advance(str(deployment.pk)) == "successful"
    output = Event.objects.filter(deployment=deployment, kind="output")
    assert list(output.values_list("text", flat=True)) == ["first", "second", "third"]
    assert _seqs(deployment) == list(range(1, len(_seqs(deployment)) + 1))


def test_a_script_that_fails_says_so_in_one_sentence(paper):
    node = NodeFactory()
    deployment = deploy(source=AGENT)
    advance(str(deployment.pk))
    ticket = ticket_of(_boot(deployment, node))
    take_result(ticket, next_work(ticket).pk, Result(3, {}))
    assert advance(str(deployment.pk)) == "failed"
    step = DeploymentStep.objects.get(name="print")
    assert step.error_sentence == f"“print” ended with exit code 3 on {node.name}."


def test_a_boot_script_is_given_out_once(paper):
    node = NodeFactory()
    with pytest.raises(BootNotAwaitedError):
        give_boot_script(node.service_tag)
    deployment = deploy(source=AGENT)
    advance(str(deployment.pk))
    token = give_boot_script(node.service_tag).token
    assert ticket_of(token).node == node
    assert not BootTicket.objects.filter(digest=token).exists()  # only its hash is stored
    with pytest.raises(BootNotAwaitedError):
        give_boot_script(node.service_tag)
    with pytest.raises(BootTokenError):
        ticket_of(token)
    alarm = Event.objects.get(deployment=deployment, level="error")
    assert alarm.text == "The boot script was fetched a second time: its token is revoked."


def test_the_token_ends_with_the_deployment(paper):
    node = NodeFactory()
    deployment = deploy(source=AGENT)
    advance(str(deployment.pk))
    token = _boot(deployment, node)
    request_cancel(str(deployment.pk), by_name="Someone")
    ticket = BootTicket.objects.get(deployment=deployment)
    release_reservation(reservation=deployment.reservation, by=deployment.reservation.holder)
    with pytest.raises(BootTokenError):
        ticket_of(token)
    ticket.refresh_from_db()
    assert ticket.state == "revoked"


def test_cancelling_stops_what_runs_and_what_has_not_begun(paper):
    node = NodeFactory()
    deployment = deploy(source=AGENT)
    advance(str(deployment.pk))
    ticket = ticket_of(_boot(deployment, node))
    work = next_work(ticket)
    assert request_cancel(str(deployment.pk), by_name="Pat").state == "cancelled"
    assert cancelled_works(ticket) == [str(work.pk)]
    assert set(_states(deployment).values()) == {"ok", "cancelled"}
    with pytest.raises(Exception, match="cannot cancel"):
        request_cancel(str(deployment.pk))


def test_cancelling_waits_for_a_command_on_its_way(paper):
    node = NodeFactory()
    deployment = deploy()
    advance(str(deployment.pk))
    command = DeploymentStep.objects.get(name="one").commands.get()
    type(command).objects.update(state="running")
    assert request_cancel(str(deployment.pk)).state == "cancelling"
    type(command).objects.update(state="queued")
    assert advance(str(deployment.pk)) == "cancelled"
    run_queues(node)
    assert paper.sent == []


def test_a_release_stops_the_deployment(paper):
    NodeFactory()
    deployment = deploy()
    advance(str(deployment.pk))
    release_reservation(reservation=deployment.reservation, by=deployment.reservation.holder)
    from deploylab.tasks import cancel_deployment

    cancel_deployment(str(deployment.pk))
    deployment.refresh_from_db()
    assert (deployment.state, deployment.sentence) == ("cancelled", "The reservation ended.")


@pytest.mark.parametrize(
    ("slug", "parameters", "code"),
    [
        ("nothing", {}, "unknown_blueprint"),
        ("trace", {"lines": 200_001}, "parameters"),
        ("trace", {"lines": "many"}, "parameters"),
        ("trace", {"lines": True}, "parameters"),
        ("trace", {"other": 1}, "parameters"),
    ],
)
def test_bad_wishes_leave_nothing_behind(slug, parameters, code):
    NodeFactory()
    sync_shipped_blueprints()
    reservation = reserve()
    with pytest.raises(BlueprintError) as refusal:
        start_deployment(
            reservation=reservation,
            blueprint_slug=slug,
            parameters=parameters,
            by=reservation.holder,
        )
    assert refusal.value.code == code
    assert Deployment.objects.count() == 0


def test_one_deployment_at_a_time_and_only_while_active(paper):
    NodeFactory()
    deployment = deploy()
    with pytest.raises(DeploymentRunningError):
        deploy(reservation=deployment.reservation)
    assert Deployment.objects.count() == 1
    reservation = release_reservation(
        reservation=deployment.reservation, by=deployment.reservation.holder
    )
    with pytest.raises(ReservationNotActiveError):
        deploy(reservation=reservation)


@pytest.mark.parametrize(("nodes", "lines"), [(1, 2000), (2, 2000), (2, 7), (6, 1), (6, 0)])
def test_trace_prints_as_many_lines_in_all_as_asked(nodes, lines):
    NodeFactory.create_batch(nodes)
    source = (SHIPPED / "trace.yaml").read_text()
    deployment = deploy(source=source, lines=lines)
    shares = [
        int(step.spec["env"]["LINES"]) for step in deployment.steps.all() if step.kind == "agent"
    ]
    assert sum(shares) == lines
    assert len(shares) == nodes * 3


def test_work_of_another_boot_is_none_of_this_ones(paper):
    node = NodeFactory()
    deployment = deploy(source=AGENT)
    advance(str(deployment.pk))
    ticket = ticket_of(_boot(deployment, node))
    with pytest.raises(BootTokenError):
        take_output(ticket, uuid.uuid4(), offset=0, text="x")
