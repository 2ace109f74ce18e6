"""A walk over the machines: every state has its turn, its date, its way in and its words."""

from typing import Any

import pytest

from workflow.law import duties
from workflow.law.duty import Duty
from workflow.law.instruments import Citation
from workflow.machine.acts import SYSTEM, AdministrativeReason, Stage
from workflow.machine.diagram import MACHINES, mermaid
from workflow.machine.move import act_of, acts_of
from workflow.machine.walls import edges_of
from workflow.people import roles

ENDS = {
    "notification": {
        "not_notified",
        "criteria_not_met",
        "withdrawn_duplicate",
        "closed_no_review",
    },
    "rapid review": {"response_issued", "replied", "no_longer_required"},
    "practice review": {"no_lcspr", "closed", "discontinued"},
}
REOPENABLE = {
    "notification": ENDS["notification"],
    "practice review": {"no_lcspr"},
}

every_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.MACHINE)


def states_of(machine: type[Any]) -> set[str]:
    return {str(state) for state, _ in machine._meta.get_field("state").choices}


@every_machine
def test_every_open_state_names_a_role_and_a_next_date(machine: type[Any]) -> None:
    assert {str(state) for state in machine.WAITING} == states_of(machine)
    for state, waiting in machine.WAITING.items():
        assert roles.by_slug(waiting.role).slug == waiting.role, state
        assert [duties.by_slug(slug).slug for slug in waiting.duties] == list(waiting.duties)
        if waiting.stage is Stage.OPEN:
            assert waiting.working_days > 0, state


@every_machine
def test_the_ends_are_those_of_the_process_and_no_other_state_is_a_dead_end(
    machine: type[Any],
) -> None:
    ends = {str(state) for state, w in machine.WAITING.items() if w.stage is Stage.END}
    assert ends == ENDS[machine.MACHINE]
    leads_on = {source for source, _ in edges_of(machine)}
    open_states = {str(state) for state, w in machine.WAITING.items() if w.stage is Stage.OPEN}
    assert open_states <= leads_on
    assert REOPENABLE.get(machine.MACHINE, set()) <= leads_on


@every_machine
def test_every_state_can_be_reached(machine: type[Any]) -> None:
    reached, edges = {str(state) for state in machine.STARTS}, edges_of(machine)
    for _ in edges:
        reached |= {target for source, target in edges if source in reached}
    assert reached == states_of(machine)


@every_machine
def test_every_act_stands_on_a_duty_a_power_or_a_reason_and_somebody_may_do_it(
    machine: type[Any],
) -> None:
    for name, act in acts_of(machine).items():
        assert isinstance(act.basis, Duty | Citation | AdministrativeReason), name
        assert act.title, name
        assert act.done, name
        assert act.roles, name
        assert set(act.roles) - {SYSTEM} <= {role.slug for role in roles.ALL}, name


@every_machine
def test_reopening_always_asks_why(machine: type[Any]) -> None:
    ends = {state for state, waiting in machine.WAITING.items() if waiting.stage is Stage.END}
    reopening = [
        (name, state)
        for name in acts_of(machine)
        for state in ends
        if getattr(machine, name)._django_fsm.has_transition(state)
    ]
    assert all(act_of(machine, name).needs_reason(state) for name, state in reopening), reopening
    assert {state for _, state in reopening} == REOPENABLE.get(machine.MACHINE, set())


def test_the_drawing_is_the_same_each_time_and_holds_every_edge() -> None:
    drawing = mermaid()
    assert drawing == mermaid()
    for machine in MACHINES:
        for source, target in edges_of(machine):
            assert f"    {source} --> {target}: " in drawing
