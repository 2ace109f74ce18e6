"""The clocks of a case as its page shows them: every one that ever ran, in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from workflow.audit.models import Event
from workflow.deadlines.calendar import calendar
from workflow.deadlines.corrected import corrected
from workflow.deadlines.models import Deadline
from workflow.law import bodies, duties
from workflow.law.calendar import Calendar
from workflow.law.duty import Duty
from workflow.law.standing import aimed_for, internal, standing
from workflow.law.words import long_date, nth_time
from workflow.machine.approval import approve_by
from workflow.machine.case import Case
from workflow.machine.notification_states import NotificationState
from workflow.machine.rapid_review import DUE as RAPID_DUE
from workflow.machine.rapid_review import RapidReview, RapidReviewState
from workflow.machine.replies import AWAITED, words_for
from workflow.machine.turn import stand_of
from workflow.people import codes
from workflow.people.organisations import Organisation
from workflow.queues.rows import statuses_of

CANCELLED: dict[str, str] = {
    "facts_changed": "the facts changed",
    "not_notified": "it was decided not to notify",
    "criteria_not_met": "the criteria were found not to be met",
    "withdrawn_duplicate": "the notification was withdrawn as a duplicate",
    "superseded_by_national_review": "a national review took its place",
    "returned_for_more_information": "the rapid review was returned for information",
    "no_lcspr": "no LCSPR is to be made",
    "publication_delayed": "publication was delayed",
    "improvements_only": "only the improvements are published",
    "discontinued": "the review was discontinued",
    "transferred": "the case passed to another authority",
    "no_longer_required": "it is no longer required",
}
EXPECTED, DEFERRED = "next step expected", "deferred to a meeting"
OWN = "An internal date of this service, not a legal one."
ASKED = "Not a legal date: a reply is asked for by then."
# Both lists together: which one a reason is from follows from the clock.
REASONS = ("late_reason", "review_late_reason")
_ORDER = {duty.slug: number for number, duty in enumerate(duties.ALL)}


@dataclass(frozen=True)
class Shown:
    """A standing that no date gives: a clock that was cancelled."""

    words: str
    tag: str
    tag_colour: str


def clock_rows(case: Case, *, on: date) -> list[dict[str, Any]]:
    """One row for each clock, met, cancelled and earlier ones too, for `clock_table`."""
    found = sorted(
        Deadline.objects.filter(case=case).select_related("owed_by"),
        key=lambda row: (_ORDER[row.duty], row.cycle),
    )
    often = Counter(row.duty for row in found)
    reasons = late_reasons() if any(row.late_reason for row in found) else {}
    days = calendar()
    return [
        {
            "title": title_of(row, numbered=often[row.duty] > 1),
            "sentence": sentence_of(row.rule, row.owed_by, start_on=row.start_on),
            "due_on": row.due_on,
            "standing": shown_standing(row, on=on, calendar=days),
            "href": reverse("date-explained", args=[case.token, row.duty, row.cycle]),
            "note": _note(row, reasons),
            "corrected": corrected(row, case, calendar=days),
            "lateness": row.rule.lateness,
            "is_open": row.is_open,
        }
        for row in found
    ]


def internal_rows(case: Case, machines: Iterable[Any], *, on: date) -> list[dict[str, Any]]:
    """The dates by which this service expects the next step where no legal clock runs."""
    running = set(Deadline.objects.filter(case=case).open().values_list("duty", flat=True))
    rows = []
    for machine in machines:
        waiting = machine.WAITING[machine.state]
        deferred = deferral_of(machine) is not None
        if machine.expected_on is None or (running & set(waiting.duties) and not deferred):
            continue
        (status,) = statuses_of([stand_of(machine)])
        stands = standing(machine.expected_on, met_on=None, on=on, calendar=calendar())
        # What was notified again is back without a question.
        asked = machine.state in AWAITED and not running & set(RAPID_DUE)
        asked = asked or machine.state == NotificationState.INFORMATION_REQUESTED
        whose = ASKED if asked else OWN
        title = f"{status.machine}: {DEFERRED if deferred else EXPECTED}"
        rows.append(
            {
                "title": words_for(case) if asked else title,
                "sentence": f"{whose} It stands at “{status.words}”.",
                "due_on": machine.expected_on,
                "standing": internal(stands),
            }
        )
    return rows + _approval_row(case, on=on)


def _approval_row(case: Case, *, on: date) -> list[dict[str, Any]]:
    if not case.notification.approval_outstanding:
        return []
    days = calendar()
    due_on = approve_by(case, calendar=days)
    return [
        {
            "title": "Notification: approval of what was sent",
            "sentence": "An internal date of this service, not a legal one: the next working day. "
            "It was sent before anyone could approve it.",
            "due_on": due_on,
            "standing": internal(standing(due_on, met_on=None, on=on, calendar=days)),
        }
    ]


def deferral_of(machine: Any) -> Event | None:
    """The Panel's last act on a rapid review, if it was to defer it to a later meeting."""
    if machine.MACHINE != RapidReview.MACHINE or machine.state != RapidReviewState.PANEL_TRIAGE:
        return None
    acts = Event.objects.filter(case=machine.case, machine=machine.MACHINE, number=machine.number)
    last = acts.select_related("actor").order_by("-sequence").first()
    if last is None or last.act != "defer":
        return None
    last.case = machine.case
    return last


def title_of(row: Deadline, *, numbered: bool) -> str:
    """The clock's name; its number where the duty arose more than once in the case."""
    return nth_time(row.rule.title, row.cycle) if numbered else row.rule.title


def sentence_of(duty: Duty, owed_by: Organisation, *, start_on: date) -> str:
    """The act with its verb, then its limit with its own: never run together."""
    limit = duty.limit(start_on)
    local = duty.owed_by.slug == "safeguarding-partners"
    who = "The safeguarding partners" if local else owed_by.name
    if duty.owed_by.slug == "panel":
        who = f"The {bodies.notified_body(start_on).short_name}"
    act = f"{who} {duty.act_verb} {duty.act_on(start_on)}."
    if limit.calendar_years:
        return f"{act} This {duty.limit_verb} be {limit.words}."
    before = " publication" if limit.working_days_before else ""
    return f"{act} This {duty.limit_verb} be done {limit.words}{before}."


def shown_standing(row: Deadline, *, on: date, calendar: Calendar) -> Any:
    """The standing in words; a cancelled clock says why, a soft one is never called late."""
    if row.cancelled_on is not None:
        why = CANCELLED.get(row.cancelled_why, row.cancelled_why.replace("_", " "))
        if row.passed_on is not None and not row.rule.soft:
            late = row.standing(on=on, calendar=calendar)
            words = f"{late.words}: {why} on {long_date(row.passed_on)}"
            return Shown(words, late.tag, late.tag_colour)
        return Shown(f"Cancelled on {long_date(row.cancelled_on)}: {why}", "Cancelled", "grey")
    found = row.standing(on=on, calendar=calendar)
    return aimed_for(found) if row.rule.soft else found


def late_reasons() -> dict[str, str]:
    """The words for every reason given for lateness, by code."""
    return {code: words for name in REASONS for code, words in codes.labels(name).items()}


def _note(row: Deadline, reasons: dict[str, str]) -> str:
    notes = []
    if row.met_on is not None:
        notes.append(f"Met on {long_date(row.met_on)}.")
    if row.agreed_on is not None:
        notes.append(
            f"Later date agreed: {long_date(row.agreed_on)}. The due date above still stands."
        )
    if row.late_reason:
        notes.append(f"Reason given: {reasons.get(row.late_reason, row.late_reason)}.")
    return " ".join(notes)
