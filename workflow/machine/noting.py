"""What the service itself found out stands in the trail of a case, as an entry that nobody made.

For the worker, which may change nothing else of a case: it may count the entries of its trail, and
add an entry of the few acts that a migration names, without a person and without anybody's words.
So it takes a case's lock as everybody does who acts on one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models.sql import InsertQuery

from workflow import clock
from workflow.audit.models import Event
from workflow.machine.acts import SYSTEM
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess

# The right to each of these, and to no other, is given by `notifications` 0005.
COLUMNS = (
    "case", "authority", "sequence", "act", "machine", "number", "capacity",
    "on", "at", "reason_code", "reason", "payload", "recorded_at",
)  # fmt: skip


def lock_to_note(key: int) -> Case | None:
    """The case under its row's lock until the transaction ends; None once its record has ended."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=key)
    case.is_locked = True
    return None if case.disposed_on else case


def note(case: Case, act: str, payload: Mapping[str, Any], *, at: datetime) -> None:
    """The trail of a case that is locked says that this was found."""
    case.last_sequence += 1
    event = Event(
        case=case,
        authority_id=case.authority_id,
        sequence=case.last_sequence,
        act=act,
        machine=NotificationProcess.MACHINE,
        capacity=SYSTEM,
        on=clock.london_date(at),
        at=at,
        recorded_at=clock.now(),
        payload=dict(payload),
    )
    # `save` would say every column, and ask for the row's own key, which the worker can't read.
    adding: Any = InsertQuery(Event)
    adding.insert_values([Event._meta.get_field(name) for name in COLUMNS], [event])
    # Counted first: the database takes no entry of the worker's that is not.
    Case.objects.filter(pk=case.pk).update(last_sequence=case.last_sequence)
    adding.get_compiler(using="default").execute_sql()
