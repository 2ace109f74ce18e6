"""How a due date was worked out: every day, the rule, and what the date was before."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflow.access.policy import may
from workflow.audit.models import Event
from workflow.deadlines.calendar import calendar
from workflow.deadlines.corrected import corrected
from workflow.deadlines.models import Deadline
from workflow.law import duties, moments
from workflow.law.duty import Limit
from workflow.law.instruments import Citation
from workflow.law.words import long_date, short_date
from workflow.machine.case import Case
from workflow.machine.titles import title_of
from workflow.people.person import Person
from workflow.views.access import case_for, moment, person_of, signed_in
from workflow.views.clocks import sentence_of, shown_standing
from workflow.views.frame import OVERVIEW, case_frame
from workflow.views.moved import because_words
from workflow.views.recorded import COUNTED_FROM
from workflow.views.trail import author_of

NOT_APART = "On the same day, or not recorded"
LATENESS = {
    "statutory": "A date missed is a missed statutory duty.",
    "guidance": "A date missed is a missed limit in guidance, not a breach of the Act.",
    "service level": "A date missed is a missed service level, not a breach of any duty.",
}


@dataclass(frozen=True)
class Earlier:
    """What the date was before, since which act, and by whom."""

    start_on: date
    due_on: date
    because: str
    by: str
    at: Any


@require_safe
@signed_in
def explained(request: HttpRequest, token: str, duty: str, cycle: int) -> HttpResponse:
    """One clock of a case, explained to whoever may see it."""
    on, _ = moment()
    person, case = person_of(request), case_for(request, token, "view.clocks", on=on)
    found = Deadline.objects.filter(case=case, duty=duty, cycle=cycle).select_related("owed_by")
    row = found.first()
    if row is None:
        raise Http404
    rule = row.rule
    limit = rule.limit(row.start_on)
    context = {
        "case": case,
        "frame": case_frame(case, person, on=on, active=OVERVIEW),
        "deadline": row,
        "rule": rule,
        "limit": limit,
        "receipt": row.worked_out,
        "sentence": sentence_of(rule, row.owed_by, start_on=row.start_on),
        "standing": shown_standing(row, on=on, calendar=calendar()),
        "lateness": "A date to aim for: missing it is never counted as late."
        if rule.soft
        else LATENESS[rule.lateness],
        "agreed": _agreed(case, row, person, on=on),
        "may_agree": row.is_open and may(person, "agree.later_date", case, on),
        "awareness": _awareness(case, row),
        "corrected": corrected(row, case, calendar=calendar()),
        "cites": _cites(row, limit),
        "rules": _rules(row, limit),
        "unverified": not rule.verified(row.start_on),
        "earlier": _earlier(case, row, person, on=on),
    }
    return render(request, "workflow/date_explained.html", context)


def _awareness(case: Case, row: Deadline) -> list[tuple[str, str]]:
    """The dates this clock runs from, by name; of one that stopped, how they were corrected since.

    Empty where they were not kept with it.
    """
    kept = row.awareness()
    # An open clock of the present notification moves with them.
    present = row.cycle == case.notification.cycle
    if row.rule.clock_starts == moments.AWARE and row.is_open and present and case.aware_on:
        kept = (case.aware_on, case.suspected_on)
    if kept is None:
        return []
    words = [long_date(kept[0]), long_date(kept[1]) if kept[1] else NOT_APART]
    now = (case.aware_on, case.suspected_on)
    if present:
        for number, (then, today) in enumerate(zip(kept, now, strict=True)):
            if then != today:
                words[number] += _correction(case, COUNTED_FROM[number], today)
    return list(zip(("Became aware", "Abuse or neglect first suspected"), words, strict=True))


def _correction(case: Case, name: str, today: date | None) -> str:
    acts = Event.objects.filter(case=case, payload__after__has_key=name).order_by("-sequence")
    on = acts.values_list("on", flat=True).first()
    when = f" on {short_date(on)}" if on else ""
    return (
        f". Corrected{when} to {long_date(today) if today else 'the same day'}; the date does not "
        "move."
    )


def _agreed(case: Case, row: Deadline, reader: Person, *, on: date) -> dict[str, Any] | None:
    """The later date beside this one: by whom, when, and why for those who may read content."""
    acts = Event.objects.filter(
        case=case, act="agree_later_date", payload__duty=row.duty, payload__cycle=row.cycle
    ).select_related("actor", "organisation", "case")
    event = acts.order_by("-sequence").first() if row.agreed_on else None
    if event is None:
        return None
    reason = event.reason if may(reader, "view.content", case, on) else ""
    return {"by": author_of(event, reader, on=on), "on": event.on, "reason": reason}


def _rules(row: Deadline, limit: Limit) -> str:
    """Which time limit was used, in which edition of the limits, in a sentence."""
    same = row.rule_edition == duties.EDITION
    edition = "as this service knows it today" if same else "as this service knew it at that time"
    return f"Time limit: the one that applies from {short_date(limit.since)}, {edition}."


def _cites(row: Deadline, limit: Limit) -> list[Citation]:
    """What the act and its limit rest on, each place once."""
    return list(dict.fromkeys((*row.rule.cites, limit.citation)))


def _earlier(case: Case, row: Deadline, reader: Person, *, on: date) -> list[Earlier]:
    """The dates this clock showed before the one it shows, oldest first, as the trail has them."""
    found: list[Earlier] = []
    events = Event.objects.filter(case=case).select_related("actor", "organisation")
    for event in events.order_by("sequence"):
        for clock in event.payload.get("clocks", ()):
            if (clock["duty"], clock["cycle"]) != (row.duty, row.cycle):
                continue
            start_on, due_on = date.fromisoformat(clock["start"]), date.fromisoformat(clock["due"])
            if not found or (found[-1].start_on, found[-1].due_on) != (start_on, due_on):
                by = author_of(event, reader, on=on)
                because = because_words(event) or title_of(event)
                found.append(Earlier(start_on, due_on, because, by, event.at))
    return found if len(found) > 1 else []
