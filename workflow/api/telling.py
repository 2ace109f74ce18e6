"""Cases, dates and the trail as a program is told them: in the words of the screens."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from workflow.api.reference import authority
from workflow.audit.models import Event
from workflow.deadlines.corrected import corrected
from workflow.deadlines.models import Deadline
from workflow.law.calendar import Calendar
from workflow.law.instruments import Citation
from workflow.law.readings import Reading
from workflow.machine.case import Case
from workflow.machine.token import grouped
from workflow.people.person import Person
from workflow.queues.rows import QueueRow
from workflow.views.clocks import sentence_of, shown_standing
from workflow.views.trail import entries

Told = dict[str, Any]


def case(row: QueueRow) -> Told:
    """A case as a work list has it: no name, and nothing that anyone wrote."""
    found = row.case
    return {
        "case": grouped(found.token),
        "reference": found.reference or None,
        "authority": authority(found.authority),
        "kind": found.kind,
        "children": found.children_count or None,
        "opened_on": found.opened_on,
        "notified_on": found.notified_on,
        "statuses": [{"of": one.machine, "words": one.words} for one in row.statuses],
        "waiting_for": [{"role": turn.slug, "words": turn.role} for turn in row.turns],
        "next_due": _next(row),
        "deadlines": reverse("api:deadlines", args=[found.token]),
        "events": reverse("api:events", args=[found.token]),
    }


def _next(row: QueueRow) -> Told | None:
    if row.due_on is None:
        return None
    return {
        "on": row.due_on,
        "for": row.due_for or None,
        "is_internal": row.is_internal,
        "standing": _standing(row.standing),
    }


def deadline(row: Deadline, case: Case, *, on: date, calendar: Calendar) -> Told:
    """A clock of a case, with how its date follows from the law."""
    return {
        "duty": row.duty,
        "cycle": row.cycle,
        "title": row.rule.title,
        "sentence": sentence_of(row.rule, row.owed_by, start_on=row.start_on),
        "owed_by": row.owed_by.name,
        "due_on": row.due_on,
        "met_on": row.met_on,
        "later_date_agreed": row.agreed_on,
        "ended_on": row.cancelled_on,
        "is_open": row.is_open,
        "standing": _standing(shown_standing(row, on=on, calendar=calendar)),
        "corrected": corrected(row, case, calendar=calendar) or None,
        "because": _because(row),
    }


def _because(row: Deadline) -> Told:
    rule, receipt = row.rule, row.worked_out
    limit = rule.limit(row.start_on)
    aware_on, suspected_on = row.awareness() or (None, None)
    return {
        **receipt.as_json(),
        "aware_on": aware_on,
        "suspected_on": suspected_on,
        "words": receipt.words,
        "clock_starts": rule.clock_starts.words,
        "limit": {"words": limit.words, "verb": rule.limit_verb, "since": limit.since},
        "act": {"words": rule.act_on(row.start_on), "verb": rule.act_verb},
        # A date to aim for is never counted as late.
        "lateness": None if rule.soft else rule.lateness,
        "verified": rule.verified(row.start_on),
        "cites": [_cite(one) for one in dict.fromkeys((*rule.cites, limit.citation))],
        "readings": [_reading(one) for one in rule.readings],
        "bank_holidays": receipt.calendar_words,
    }


def _cite(one: Citation) -> Told:
    found = {"place": one.place, "words": one.words, "address": one.instrument.url}
    return {**found, "verified": one.verified}


def _reading(one: Reading) -> Told:
    return {"question": one.question, "answer": one.answer, "because": one.because}


def _standing(found: Any) -> Told:
    return {"tag": found.tag, "words": found.words}


def events(found: Sequence[Event], reader: Person, *, on: date) -> list[Told]:
    """The trail, in sentences and in codes; what people wrote is not among it."""
    shown = entries(found, reader, on=on, with_reasons=False)
    return [
        {
            "sequence": event.sequence,
            "act": event.act,
            "of": event.machine or None,
            "title": words["title"],
            "by": words["by"],
            "on": event.on,
            "at": event.at,
            "recorded_at": event.recorded_at,
            "words": words["text"] or None,
        }
        for event, words in zip(found, shown, strict=True)
    ]
