"""Filing anew what an approver returned, whole, as the program that filed it does.

What is sent takes the place of what was there: a page that says the same rests as it is, one that
is left out is emptied, a child or adult too few is taken out. What was there stays in the history.
"""

from datetime import date, datetime

from django.db import transaction

from notifications.filing import Clerk, Filed
from notifications.programs import Fault, Said
from notifications.scribe import Over
from notifications.services import keep_facts
from workflow.machine.notification_states import NotificationState
from workflow.machine.refusals import CannotAdvance
from workflow.models import Case, Person

NOT_RETURNED = "Only a draft can be filed again, and only by the system that filed it."


@transaction.atomic
def file_again(said: Said, case: Case, *, by: Person, on: date, at: datetime) -> Filed:
    """The draft says what was sent, and is with its recipients or waits for an approver again.

    The case must be locked. Raises NotFiledError with everything that stands in the way, and
    CannotAdvance when it is not this system's draft.
    """
    process = case.notification
    if process.state != NotificationState.DRAFT or process.author_id != by.pk:
        raise CannotAdvance(NOT_RETURNED)
    return _Clerk(said, by, on, at).finished(case, ())


class _Clerk(Over, Clerk):
    """Files over what is there."""

    def left_out(self) -> None:
        """The facts follow from what is left."""
        super().left_out()
        try:
            keep_facts(self.paper, of_children=False, **self.moved)
        except CannotAdvance as refusal:
            self.faults += [Fault("pages", why, "Send the page.") for why in refusal.reasons]
