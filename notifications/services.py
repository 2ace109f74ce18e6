"""Starting, filling in and sending a notification: each call is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects

from notifications import index, rules
from notifications.document import NOTIFICATION
from notifications.facts import facts_of
from notifications.models import IncidentChild, Notification
from notifications.receiving import late_duties, note_receipt, received
from notifications.recording import children_of, notification_of
from notifications.sections import Paper, Problem
from workflow import services
from workflow.deadlines.clocks import late
from workflow.machine.notification_states import CLOCKS
from workflow.models import Case, Organisation, Person
from workflow.sealed import answers
from workflow.sealed.names import document_of

Typed = Mapping[str, list[str]]
NATIONAL = "national-system"
# A key is its person's own: what somebody else's form holds says nothing about theirs.
OPENING = UUID("6e8a1c5e-6f0b-4d43-9a44-0c7f1d1f8b52")


class NotReady(Exception):
    """The notification can't be sent as it is: every reason, each with its page."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("The notification is not complete.")
        self.problems = problems


class LateReasonMissing(Exception):
    """It would be sent after the date due, and nobody has said why."""


@dataclass(frozen=True)
class Sending:
    """How a notification goes out, where that is not simply now and by its author.

    `on` and `at` are when it reached the recipient: the moment of sending, or the one at which
    the secretariat received it or the national system accepted it.
    """

    on: date
    at: datetime
    received_by: str = ""
    channel_reference: str = ""
    approval_outstanding: bool = False
    reason: str = ""


def sent_elsewhere(paper: Paper) -> bool:
    """Whether it is sent in the national system, and only recorded here.

    One that the secretariat received by telephone or email has been sent already.
    """
    return settings.STATUTORY_CHANNEL == NATIONAL and received(paper) is None


def paper_of(case: Case, *, on: date, cycle: int | None = None, lists: Any = None) -> Paper:
    """The notification of a case's present cycle, or of an earlier one."""
    name = document_of(cycle or case.notification.cycle)
    return Paper.read(case, NOTIFICATION, name, on=on, lists=lists)


@transaction.atomic
def start(
    *,
    authority: Organisation,
    by: Person,
    on: date,
    at: datetime,
    typed: Mapping[str, Typed],
    lists: Any,
    referred: bool = False,
    opening: UUID | None = None,
) -> Case:
    """A draft exists with the answers that screening gave; `typed` is by page.

    `referred` when a partner raises it: the authority takes it up, and its answers with it.
    `opening` is as `opened_before` takes it.
    """
    case = services.open_case(
        authority=authority, by=by, on=on, at=at, referred=referred, opening=opening
    )
    paper = Paper(case, NOTIFICATION, document_of(1), {}, on=on, lists=lists)
    for slug, said in typed.items():
        leaf = paper.leaf(slug)
        complete = paper.bound(leaf, said).is_complete()
        row = answers.save(
            case, paper.name, *leaf.key, typed=said, seen_version=0, by=by, at=at, complete=complete
        )
        paper = paper.with_row(row)
    note_receipt(paper, by=by, on=on, at=at)
    return case if referred else keep_facts(paper, by=by, on=on, at=at)


def start_once(*, by: Person, on: date, key: str, **how: Any) -> Case:
    """As `start`, but a form that is sent again gives the case that it opened the first time.

    `key` is what the form holds to be told apart from every other; without one there is nothing
    to be told apart by.
    """
    opening = uuid5(OPENING, f"{by.pk} {key}") if key else None
    if opening and (known := opened_before(opening, by=by, on=on)):
        return known
    try:
        return start(by=by, on=on, opening=opening, **how)
    except IntegrityError:
        # The same form was being sent in this very moment; its case is there now.
        if opening and (known := opened_before(opening, by=by, on=on)):
            return known
        raise


def opened_before(opening: UUID, *, by: Person, on: date) -> Case | None:
    """The case that this form opened when this person sent it; None when it opened none."""
    return Case.objects.visible_to(by, on).filter(opening=opening).first()


@transaction.atomic
def take_up(token: str, *, by: Person, on: date, at: datetime) -> Case:
    """The authority goes on with what a partner referred, with the partner's answers as a start."""
    case = services.lock_case(token, by=by, on=on)
    services.advance(case.notification, "start_draft", by=by, on=on, at=at)
    return keep_facts(paper_of(case, on=on), by=by, on=on, at=at)


def keep_facts(
    paper: Paper,
    *,
    by: Person,
    on: date,
    at: datetime,
    reason: str = "",
    act: str = "record_facts",
    of_children: bool = True,
    recorded_at: datetime | None = None,
) -> Case:
    """The case's facts, and so its clocks, are those that the answers give.

    By its children it is found as they are answered now, unless none of their answers changed.
    So a draft of which an answer was changed and changed back, when that ended a clock for good,
    has it again with whatever is done on it next.
    """
    if of_children:
        index.keep(paper)
    facts = facts_of(paper)
    changed = {name: value for name, value in facts.items() if getattr(paper.case, name) != value}
    if not changed:
        return services.run_owed_clocks(paper.case, by=by, on=on, at=recorded_at or at)
    how: Any = {"reason": reason, "act": act, "recorded_at": recorded_at}
    return services.record_facts(paper.case, changed, by=by, on=on, at=at, **how)


def problems_of(paper: Paper, *, on: date) -> list[Problem]:
    """Everything that stands in the way of sending, all at once: missing, wrong, not fitting."""
    return [*paper.problems(), *rules.refusals(paper, on=on)]


def is_late(case: Case, *, on: date) -> bool:
    """Whether a clock of the present notification has run out by a day; a soft one never does.

    The case's nearest date can't tell: it may be the rapid review's, a soft duty's, or what an
    earlier notification left open.
    """
    return bool(late(case, dict.fromkeys(CLOCKS, on), cycle=case.notification.cycle))


@transaction.atomic
def send(token: str, *, by: Person, today: date, how: Sending) -> Case:
    """The notification is with its recipients, its clocks stopped, its codes counted.

    Raises NotReady with every problem, LateReasonMissing when it is late without a reason,
    CannotAdvance without the national system's reference where that system is the channel, and
    what `services.advance` raises. Twelve statements, however many children and cases there are.
    """
    case = services.lock_case(token, by=by, on=today)
    process = case.notification
    paper = paper_of(case, on=how.on)
    sendable = process.state in _SENDABLE
    # Read once, unless the facts set them: for lateness, and for the act that stops them.
    prefetch_related_objects([case], "deadlines")
    if sendable:
        # No answer has changed: it is found as it was.
        keep_facts(paper, by=by, on=today, at=how.at, of_children=False)
        prefetch_related_objects([case], "deadlines")
    is_due_past = _would_be_late(paper, how, today=today)
    code, words = late_reason(paper) if is_due_past else ("", "")
    if sendable:
        _refuse_unless_ready(paper, how, late_unsaid=is_due_past and not code)
    services.advance(
        process,
        "submit",
        by=by,
        on=how.on,
        at=how.at,
        reason="\n".join(filter(None, (words, how.reason))),
        reason_code=code,
        facts=_facts_of_sending(paper, how, late_reason=code),
    )
    row = notification_of(paper, cycle=process.cycle, by=by, on=how.on, at=how.at, late_reason=code)
    Notification.objects.bulk_create([row])
    IncidentChild.objects.bulk_create(children_of(paper, row))
    return case


def late_reason(paper: Paper) -> tuple[str, str]:
    """The reason given for sending late: its code and its words, empty when none was given."""
    return str(paper.value("late", "code") or ""), str(paper.value("late", "words") or "")


_SENDABLE = ("draft", "threshold_decision", "awaiting_approval")


def _facts_of_sending(paper: Paper, how: Sending, *, late_reason: str) -> dict[str, Any]:
    known = received(paper) if how.received_by else None
    return {
        "late_reason": late_reason,
        "received_by": how.received_by,
        "partners_told_on": known.told_on if known else None,
        "channel_reference": how.channel_reference,
        "approval_outstanding": how.approval_outstanding,
    }


def _would_be_late(paper: Paper, how: Sending, *, today: date) -> bool:
    if how.received_by:
        return bool(late_duties(paper, on=today))
    return is_late(paper.case, on=how.on)


def _refuse_unless_ready(paper: Paper, how: Sending, *, late_unsaid: bool) -> None:
    elsewhere = settings.STATUTORY_CHANNEL == NATIONAL and not how.received_by
    if elsewhere and not how.channel_reference.strip():
        raise services.CannotAdvance(
            "The national system is the statutory channel: record its reference, and when it "
            "accepted the notification."
        )
    problems = problems_of(paper, on=how.on)
    if late_unsaid:
        raise LateReasonMissing
    if problems:
        raise NotReady(problems)
