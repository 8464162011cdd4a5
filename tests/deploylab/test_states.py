import itertools

import pytest

from community.core.errors import TransitionError
from community.core.fsm import StateMachine, row
from deploylab import states

MACHINES = [
    states.POWER_COMMAND,
    states.RESERVATION,
    states.DEPLOYMENT,
    states.STEP,
    states.BOOT_TICKET,
]
# A reservation's stay in a state is bounded by its own window.
TRANSIENT = {
    "power command": {"queued", "running"},
    "reservation": set(),
    "deployment": {"new", "pending", "waiting", "running", "cancelling"},
    "step": {"ready", "running", "waiting"},
    "boot": {"awaited", "given", "booted"},
}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_every_state_with_every_event(machine):
    listed = {(source, r.event): r.target for r in machine.rows for source in r.sources}
    for state, event in itertools.product(machine.states, machine.events):
        if (state, event) in listed:
            assert machine.next(state, event).target == listed[state, event]
            assert machine.next(state, event).sentence.endswith(".")
        else:
            with pytest.raises(TransitionError) as refusal:
                machine.next(state, event)
            assert refusal.value.code == "wrong_state"
            assert refusal.value.extra == {"state": state}


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_transient_states_have_a_deadline_and_a_way_to_fail(machine):
    assert machine.deadlines.keys() == TRANSIENT[machine.name]


def test_final_states():
    assert {s for s in states.DEPLOYMENT.states if states.DEPLOYMENT.is_final(s)} == (
        states.FINAL_DEPLOYMENTS
    )
    assert {s for s in states.STEP.states if states.STEP.is_final(s)} == states.FINAL_STEPS


def test_the_tables_use_the_words_of_the_answers():
    assert states.STEP.states <= set(states.StepState.values)
    assert states.DEPLOYMENT.states <= set(states.DeploymentState.values)
    assert states.RESERVATION.states <= set(states.ReservationState.values)
    assert states.POWER_COMMAND.states <= set(states.CommandState.values)


def test_two_rows_for_one_state_and_event_are_a_mistake():
    with pytest.raises(ValueError, match="two rows"):
        StateMachine("x", [row("go", "a", "b", "s."), row("go", "a", "c", "s.")])
