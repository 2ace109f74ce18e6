"""Storing a move: each table once, whatever the act changed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from workflow.audit.models import Event
from workflow.deadlines.clocks import store
from workflow.machine.approval import approve_by
from workflow.machine.case import Case
from workflow.machine.move import Move
from workflow.outbox.models import Outbox

CASE_COLUMNS = (
    *Case.FACTS,
    "aware_on",
    "aware_time",
    "suspected_on",
    "incident_on",
    "children_count",
    "notified_on",
    "notified_at",
    "next_due_on",
    "next_due",
    "last_sequence",
)


def flush(move: Move) -> None:
    """Everything the move did is in the database, and the case knows its nearest date."""
    for row in move.touched:
        row.save()
    move.clocks.save()
    Event.objects.bulk_create(move.events)
    if move.messages:
        Outbox.objects.bulk_create(move.messages, ignore_conflicts=True)
    _keep_nearest_date(move)
    move.case.save(update_fields=CASE_COLUMNS)


def flush_clocks(moves: Sequence[Move]) -> None:
    """What happened to the clocks of many cases is in the database: each table once for all."""
    store([row for move in moves for row in move.clocks.changed])
    Event.objects.bulk_create(event for move in moves for event in move.events)
    messages = [message for move in moves for message in move.messages]
    Outbox.objects.bulk_create(messages, ignore_conflicts=True)
    for move in moves:
        _keep_nearest_date(move)
    cases = [move.case for move in moves]
    Case.objects.bulk_update(cases, ["next_due_on", "next_due", "last_sequence"])


def _keep_nearest_date(move: Move) -> None:
    """The nearest running legal clock; without one, the nearest internal date."""
    nearest = move.clocks.nearest()
    if nearest is not None:
        move.case.next_due_on, move.case.next_due = nearest.due_on, nearest.duty
        return
    move.case.next_due_on, move.case.next_due = _nearest_expected(move), ""


def _nearest_expected(move: Move) -> date | None:
    case = move.case
    expected: list[date | None] = [case.notification.expected_on]
    expected.append(approve_by(case, calendar=move.clocks.calendar))
    for reviews in (case.rapid_reviews, case.practice_reviews):
        rows: Any = reviews
        expected += rows.filter(expected_on__isnull=False).values_list("expected_on", flat=True)
    return min((day for day in expected if day is not None), default=None)
