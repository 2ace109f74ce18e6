"""What the service answered and what it keeps, held against what the reference says."""

import json
from typing import Any

from django.db import connection

from tests.prove.model import Model
from tests.prove.reference import Act
from workflow import services
from workflow.machine.move import acts_of
from workflow.machine.turn import Stand, roles_waited_for
from workflow.models import Case, NotificationProcess, Person, PracticeReview, RapidReview

MACHINES: dict[str, Any] = {
    machine.MACHINE: machine for machine in (NotificationProcess, RapidReview, PracticeReview)
}
STANDS = """
SELECT json_build_object(
    'rows', json_build_array(
        (SELECT json_agg(json_build_array(cycle, state, expected_on, proposal))
            FROM workflow_notificationprocess WHERE case_id = c.id),
        (SELECT coalesce(json_agg(json_build_array(number, state, expected_on) ORDER BY number),
            '[]') FROM workflow_rapidreview WHERE case_id = c.id),
        (SELECT coalesce(json_agg(json_build_array(number, state, expected_on, kind) ORDER BY
            number), '[]') FROM workflow_practicereview WHERE case_id = c.id)),
    'clocks', (SELECT coalesce(json_agg(json_build_array(duty, cycle, start_on, due_on,
        CASE WHEN met_on IS NOT NULL THEN 'met' WHEN cancelled_on IS NULL THEN 'open'
        ELSE cancelled_why END) ORDER BY duty, cycle), '[]')
        FROM workflow_deadline WHERE case_id = c.id),
    'events', (SELECT coalesce(json_agg(json_build_array(act, machine, number, capacity,
        (SELECT name FROM workflow_person WHERE id = actor_id), payload->>'from', payload->>'to')
        ORDER BY sequence), '[]')
        FROM workflow_event WHERE case_id = c.id AND sequence > %s),
    'case', json_build_array(last_sequence, next_due_on, next_due, notified_on))
FROM workflow_case c WHERE id = %s
"""


def answered(subject: Any, name: str, by: Person | None, act: Act) -> tuple[Any, ...] | None:
    """How the service refused; None when it moved."""
    how: Any = {"on": act.on, "at": act.at, "reason": act.reason, "facts": act.facts}
    try:
        services.advance(subject, name, by=by, **how)
    except services.NotFound:
        return ("not found",)
    except services.AlreadyDone as first:
        return ("overtaken", first)
    except services.CannotAdvance as refusal:
        return ("refused", refusal.reasons)
    except Exception as error:  # noqa: BLE001 - whatever it is, the reference foresaw none.
        return ("error", repr(error)[:200])
    return None


def told_otherwise(expected: tuple[Any, ...] | None, answer: tuple[Any, ...] | None) -> str:
    """How an answer differs from what the reference foresees; empty when it does not."""
    same = expected == answer
    if expected and answer and expected[0] == "overtaken" == answer[0]:
        _, (act, who, when), state = expected
        machine, said = _machine_of(state, act, answer[1].what), answer[1]
        same = (said.who, said.when) == (who, when) and machine
    elif expected and answer and answer[0] == "refused":
        same = _fits(expected, answer[1])
    return "" if same else f"{answer} instead of {expected}"


def _machine_of(state: str, act: str, words: str) -> bool:
    """Whether the words are those of the act, on a machine that has the state."""
    if act == "open":
        return words == "Opened"
    return any(
        acts_of(machine)[act].done == words
        for machine in MACHINES.values()
        if act in acts_of(machine) and state in machine.WAITING
    )


def _fits(expected: tuple[Any, ...], reasons: list[str]) -> bool:
    if expected[0] == "not theirs":
        return len(reasons) == 1 and reasons[0].startswith("Only ") and "may do this" in reasons[0]
    if expected[0] == "no reason":
        return len(reasons) == 1 and reasons[0].endswith("enter a reason.")
    told = [text for text in reasons if "may do this" not in text and "a reason." not in text]
    return bool(expected[0] == "guarded" and len(told) == expected[1] == len(reasons))


def differs(case: int, model: Model, seen: int) -> str:
    """How what is kept of a case differs from the reference; empty when it does not."""
    with connection.cursor() as cursor:
        cursor.execute(STANDS, [seen, case])
        (found,) = cursor.fetchone() or ("{}",)
    kept: dict[str, Any] = json.loads(found) if isinstance(found, str) else dict(found)
    foreseen = json.loads(json.dumps(_foreseen(model, seen), default=str))
    for part, value in foreseen.items():
        if kept[part] != value:
            return f"{part}: {kept[part]} instead of {value}, after {model.events[-3:]}"
    if (waited := _waited_for(case, model)) != model.turns():
        return f"turns: {waited} instead of {model.turns()}"
    return ""


def _foreseen(model: Model, seen: int) -> dict[str, Any]:
    notification = model.notification
    due, duty = model.nearest()
    first = [model.cycle, notification.state, notification.expected, model.proposal]
    return {
        "rows": [
            [first],
            [[row.number, row.state, row.expected] for row in model.reviews],
            [[row.number, row.state, row.expected, row.kind] for row in model.practice],
        ],
        "clocks": sorted(
            [slug, cycle, clock.start, clock.due, clock.stands]
            for (slug, cycle), clock in model.clocks.items()
        ),
        "events": model.events[seen:],
        "case": [len(model.events), due, duty, model.notified],
    }


def _waited_for(case: int, model: Model) -> list[str]:
    one = Case.objects.select_related("notification").get(pk=case)
    stands = [Stand(MACHINES[row.machine], row.state, row.kind) for row in model.rows]
    return roles_waited_for(one, stands)
