"""A case passes to another authority, and what was answered so far with it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from notifications import index
from notifications.cycles import carry_over
from notifications.pages.basis import BasisForm
from notifications.services import keep_facts, paper_of
from workflow import services
from workflow.machine.case import Place
from workflow.machine.notification_states import BEFORE_SENDING
from workflow.models import Case, Person
from workflow.retention.redaction_told import told_of_those_that_passed_on
from workflow.sealed import answers, blind

# Answered from where the earlier authority stood: who looks after the child, whom to ring, when it
# became known.
LEFT_BEHIND = frozenset({"late", "received", "contact", "status", "awareness"})


@transaction.atomic
def accept(
    token: str,
    *,
    aware_on: date | None,
    giver_reads_until: date | None,
    by: Person,
    on: date,
    at: datetime,
) -> Case:
    """The case is the accepting authority's. A draft goes on with what was answered before.

    Whoever may answer there what waits to be taken out of it is told. Raises what
    `services.accept_transfer` raises.
    """
    case = services.lock_case(token, by=by, on=on)
    # Before any row of its index: whoever gives the indexes new keys comes to these in that order.
    blind.steady()
    before = paper_of(case, on=on) if case.notification.state in BEFORE_SENDING else None
    services.accept_transfer(
        case, aware_on=aware_on, giver_reads_until=giver_reads_until, by=by, on=on, at=at
    )
    told_of_those_that_passed_on(case, on=on, at=at)
    if before is None or aware_on is None:
        index.keep(paper_of(case, on=on))
        return case
    changed = {}
    if before.value("basis", "place") == Place.ELSEWHERE:
        changed["basis"] = BasisForm.filled({"place": Place.IN_AREA}).typed()
    carry_over(before, case, changed, without=LEFT_BEHIND, by=by, at=at)
    paper = paper_of(case, on=on)
    key = paper.leaf("awareness").key
    row = answers.save(
        case, paper.name, *key, typed=typed_day(aware_on), seen_version=0, by=by, at=at
    )
    return keep_facts(paper.with_row(row), by=by, on=on, at=at)


def typed_day(day: date) -> dict[str, list[str]]:
    """A date of awareness as typed, and nothing else of its page."""
    boxes: dict[str, Any] = {"day": day.day, "month": day.month, "year": day.year}
    return {f"aware_on-{part}": [str(number)] for part, number in boxes.items()}
