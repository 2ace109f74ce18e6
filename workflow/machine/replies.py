"""Replies that the other side has asked for by a date of its own, and has not had."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from workflow.law import duties
from workflow.machine.notification_states import NotificationState as N
from workflow.machine.rapid_review import RapidReview
from workflow.machine.rapid_review import RapidReviewState as R

if TYPE_CHECKING:
    from workflow.machine.case import Case
    from workflow.machine.move import Move

REPLY = "reply"
"""What a case's next date is for where a reply is asked for before the next date of the law."""
ASKS = ("request_information", "return_for_information", "ask_for_reply")
"""The acts that ask for a reply by a date."""
# No two machines have a state of the same name among these.
AWAITED = frozenset({N.INFORMATION_REQUESTED, R.RETURNED, R.REPLY_AWAITED})
# Where a first notification stands while its rapid review can't have gone to the Panel.
_NOT_REVIEWED = (N.REFERRED, N.DRAFT, N.THRESHOLD_DECISION, N.AWAITING_APPROVAL, N.SUBMITTED)


def is_reply(case: "Case", dates: Iterable[date | None]) -> bool:
    """Whether the next date of a case is one of those by which a reply is asked for."""
    return case.next_due == REPLY or (case.next_due == "" and case.next_due_on in set(dates))


def words_for(case: "Case") -> str:
    """The date by which a reply is asked for, in the words of every screen."""
    panel = case.route.goes_to_panel
    return f"Reply asked for by the {'Panel' if panel else 'Department for Education'}"


def reviews_asked(cases: Iterable["Case"]) -> dict[int, list[tuple[str, date]]]:
    """By case, where its rapid reviews wait for a reply and until when: asked once for all."""
    able = [
        case.pk
        for case in cases
        if case.notification.cycle > 1 or case.notification.state not in _NOT_REVIEWED
    ]
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    if able:
        rows = RapidReview.objects.filter(case__in=able, state__in=[R.RETURNED, R.REPLY_AWAITED])
        for case, state, expected_on in rows.values_list("case_id", "state", "expected_on"):
            if expected_on is not None:
                found[case].append((state, expected_on))
    return found


def asked_by(move: "Move", reviews: Iterable[tuple[str, date]]) -> date | None:
    """The nearest day by which a reply is asked for in a case; None where none is.

    A rapid review that is back because the case was notified again has the clock of the law.
    """
    process = move.case.notification
    running = [row.duty for row in move.clocks.rows.values() if row.is_open]
    again = duties.RAPID_REVIEW.slug in running
    found = [on for state, on in reviews if not (again and state == R.RETURNED)]
    if process.state in AWAITED and process.expected_on is not None:
        found.append(process.expected_on)
    return min(found, default=None)
