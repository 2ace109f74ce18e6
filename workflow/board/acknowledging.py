"""Acknowledging a missed date: somebody has seen it, and says what is being done."""

from datetime import date, datetime
from typing import cast

from django.db import transaction

from workflow.access.policy import roles_for
from workflow.board.models import BreachAcknowledgement
from workflow.deadlines.models import Deadline
from workflow.machine.advancing import lock_case, record_act
from workflow.machine.refusals import CannotAdvance
from workflow.people.organisations import Organisation
from workflow.people.person import Person

ACT = "acknowledge.breach"
TRAIL = "acknowledge_breach"


@transaction.atomic
def acknowledge(
    deadline: Deadline, *, by: Person, on: date, at: datetime, reason: str
) -> BreachAcknowledgement:
    """The acknowledgement is stored and the case's trail names the clock; the date stays missed.

    Raises CannotAdvance for a date that is not missed, and for a person whose role may not;
    NotFound when the case is not theirs.
    """
    case = lock_case(deadline.case.token, by=by, on=on)
    if not Deadline.objects.filter(pk=deadline.pk).late(on=on).exists():
        raise CannotAdvance("This date is not missed, so there is nothing to acknowledge.")
    if not reason.strip():
        raise CannotAdvance("Enter what is being done about it.")
    event = record_act(
        case,
        TRAIL,
        by=by,
        on=on,
        at=at,
        allowed=tuple(sorted(roles_for(ACT))),
        # The words are sealed with the acknowledgement; the trail says which clock.
        payload={"duty": deadline.duty, "cycle": deadline.cycle},
    )
    return BreachAcknowledgement.objects.create(
        case=case,
        authority=case.authority,
        deadline=deadline,
        by=by,
        role=event.capacity,
        # Only the service itself acts for no organisation.
        organisation=cast("Organisation", event.organisation),
        on=on,
        at=at,
        reason=reason,
    )
