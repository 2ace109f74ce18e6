"""Replies that the other side has asked for by a date of its own, and has not had.

Such a date is told beside the next date of the law, and never instead of it: it may pass, and the
law's date is the one that is overdue then.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from workflow.audit.models import Event
from workflow.law import duties
from workflow.machine.notification_states import NotificationState as N
from workflow.machine.rapid_review import RapidReviewState as R

if TYPE_CHECKING:
    from workflow.machine.case import Case
    from workflow.machine.turn import Stand

ASKS = ("request_information", "return_for_information", "ask_for_reply")
"""The acts that ask for a reply by a date."""
# No two machines have a state of the same name among these.
AWAITED = frozenset({N.INFORMATION_REQUESTED, R.RETURNED, R.REPLY_AWAITED})


def reply_came() -> Exists:
    """Of a query of cases: whether what was asked about each notification was answered."""
    return Exists(
        Event.objects.filter(
            case=OuterRef("pk"),
            machine="notification",
            act="reply",
            number=OuterRef("notification__cycle"),
        )
    )


def is_to_be_read(case: "Case", *, came: bool) -> bool:
    """Whether a reply that came waits for whoever asked: they have not gone on since."""
    return came and case.notification.state == N.ACKNOWLEDGED


def reply_by(case: "Case", stands: Iterable["Stand"]) -> date | None:
    """The nearest day by which a reply is asked for in a case; None where none is.

    A rapid review that is back because the case was notified again has the clock of the law, and
    nobody asked for it.
    """
    again = case.next_due == duties.RAPID_REVIEW.slug
    asked = (
        one.expected_on
        for one in stands
        if one.state in AWAITED and not (again and one.state == R.RETURNED)
    )
    return min((day for day in asked if day is not None), default=None)


def words_for(case: "Case") -> str:
    """The date by which a reply is asked for, in the words of every screen."""
    panel = case.route.goes_to_panel
    return f"Reply asked for by the {'Panel' if panel else 'Department for Education'}"
