"""What a reminder says: the act, its date and the reference, as they stand when it is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from workflow.access.policy import roles_for
from workflow.audit.tree import newest_line
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.law.calendar import Calendar
from workflow.law.ladders import AGENCY_RETURNS, SIGN_OFFS, base
from workflow.law.standing import Standing
from workflow.law.words import MONTHS, WEEKDAYS, counted, long_date
from workflow.outbox.letters import Letter, address, case_address
from workflow.people.person import Person

if TYPE_CHECKING:
    from workflow.outbox.models import Outbox

DUE_SOON_DAYS = 5
# The rungs of one clock, as their keys.
Rungs = Sequence[str]


@dataclass(frozen=True, slots=True)
class Words:
    """A duty in a message: what to do, and what is done. Neither says what kind of case it is."""

    act: str
    thing: str


_NOTIFICATION = Words("Send the notification", "notification")
WORDS: dict[str, Words] = {
    duties.NOTIFY_THE_PANEL.slug: _NOTIFICATION,
    duties.TELL_THE_PARTNERS.slug: Words("Tell the partners", "telling the partners"),
    duties.LOOKED_AFTER_CHILD_DEATH.slug: _NOTIFICATION,
    duties.CARE_LEAVER_DEATH.slug: _NOTIFICATION,
    duties.RAPID_REVIEW.slug: Words("Send the rapid review", "rapid review"),
    duties.PANEL_RESPONSE.slug: Words("Respond to the rapid review", "response"),
    duties.LOCAL_REVIEW.slug: Words("Publish the local review", "local review"),
    duties.ADVANCE_COPY.slug: Words("Send the advance copy", "advance copy"),
    duties.NATIONAL_REPORT_TO_SOS.slug: Words("Send the national report", "national report"),
}
# Rungs that ask for a part of what the duty is, and of others than those who owe it.
OF_A_RUNG: dict[str, Words] = {
    SIGN_OFFS: Words("Give your view of the rapid review", "your view of the rapid review"),
}
# Rungs that ask for a step on the way, beside the duty itself.
BESIDES: dict[str, str] = {
    AGENCY_RETURNS: "see that the agencies’ returns are in: no meeting or draft is recorded yet",
}


def words_for(deadline: Deadline, rungs: Rungs) -> Words:
    """What these rungs ask for: all that the duty is, unless each is about the same part of it."""
    (asked, *others) = {OF_A_RUNG.get(base(rung)) for rung in rungs} or {None}
    return WORDS[deadline.duty] if others or asked is None else asked


def letter_about(deadline: Deadline, on: date, days: Calendar, rungs: Rungs = ()) -> Letter:
    """The letter about one clock, as it stands on a London date: late when that has passed."""
    standing = deadline.standing(on=on, calendar=days)
    words, label = words_for(deadline, rungs), deadline.case.label
    parts = [f"{words.act}: {label}", _due(deadline, standing)]
    if deadline.agreed_on is not None:
        agreed = long_date(deadline.agreed_on)
        parts.append(f"A later date was agreed: {agreed}. The date above still counts.")
    return Letter(
        subject=_subject(deadline, standing, words),
        parts=(*parts, "Sign in to see how this date was worked out and what is left to do."),
        link=case_address(deadline.case.token),
        why="You get this because dates like this one are yours, or pass to you.",
    )


def digest_letter(row: "Outbox", on: date, days: Calendar) -> Letter:
    """One letter for all quiet reminders of a person: what is still owed, the soonest first."""
    found = {deadline.pk: deadline for deadline in row.clocks}
    clocks = sorted(
        (deadline for deadline in found.values() if deadline.is_open),
        key=lambda deadline: (deadline.due_on, deadline.pk),
    )
    standings = [(deadline, deadline.standing(on=on, calendar=days)) for deadline in clocks]
    return Letter(
        subject=_counts(standing for _, standing in standings),
        parts=("These dates are yours, or pass to you.", *_witness(row.person, on)),
        items=tuple(
            _item(deadline, standing, row.rungs.get(deadline.pk, ()))
            for deadline, standing in standings
        ),
        link=address(reverse("home")),
        why=f"You get this on working days while dates are open. {settings.SERVICE_NAME}.",
    )


def _witness(person: Person | None, on: date) -> tuple[str, ...]:
    """For whoever looks after the service: the newest checkpoint of the log, out of its reach."""
    if person is None or not person.roles_on(on) & roles_for("look_after.service"):
        return ()
    line = newest_line()
    return (f"Keep this line: it is a witness of the audit log. {line}",) if line else ()


def _subject(deadline: Deadline, standing: Standing, words: Words) -> str:
    label = deadline.case.label
    if standing.kind == "due today":
        day = deadline.due_on
        return f"Due today, {day.day} {MONTHS[day.month - 1]}: {_lower(words.act)}, {label}"
    if standing.kind == "overdue":
        day = deadline.due_on
        when = f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
        return f"Overdue: {words.thing} {label} was due {when}"
    return f"{words.act} by {long_date(deadline.due_on)}: {label}"


def _due(deadline: Deadline, standing: Standing) -> str:
    verb = "It was due on" if standing.kind == "overdue" else "It is due on"
    return f"{verb} {long_date(deadline.due_on)}. {standing.words}."


def _item(deadline: Deadline, standing: Standing, rungs: Rungs) -> str:
    words = words_for(deadline, rungs)
    by = "was due" if standing.kind == "overdue" else "by"
    besides = "".join(f"; {BESIDES[rung]}" for rung in rungs if rung in BESIDES)
    return (
        f"{deadline.case.label}: {_lower(words.act)} {by} {long_date(deadline.due_on)}"
        f" ({_lower(standing.words)}){besides}"
    )


def _counts(standings: Iterable[Standing]) -> str:
    late = soon = later = 0
    for standing in standings:
        if standing.kind == "overdue":
            late += 1
        elif standing.working_days <= DUE_SOON_DAYS:
            soon += 1
        else:
            later += 1
    said = [
        f"{soon} due within {counted(DUE_SOON_DAYS, 'working day')}" if soon else "",
        f"{later} due later" if later else "",
        f"{late} overdue" if late else "",
    ]
    return "Your dates: " + ", ".join(part for part in said if part)


def _lower(words: str) -> str:
    return words[0].lower() + words[1:]
