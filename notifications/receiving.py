"""What the secretariat writes down that came by telephone or email: when it was, what counts."""

from dataclasses import dataclass
from datetime import date, datetime

from notifications.pages.others import TOLD
from notifications.sections import Paper
from workflow import services
from workflow.deadlines.clocks import late
from workflow.machine.notification_states import CLOCKS, RECEIVED, SECRETARIAT, TELLING
from workflow.models import Person


@dataclass(frozen=True)
class Received:
    """When and how the secretariat received a notification that did not come through here.

    `told_on` is the day on which the authority told its partners itself, where it says so.
    """

    on: date
    at: datetime
    way: str
    told_on: date | None = None


def received(paper: Paper) -> Received | None:
    """What was written down of its receipt; None for one written by the authority itself."""
    leaf = paper.leaf("received")
    if paper.row(leaf) is None:
        return None
    form = paper.form(leaf)
    said = form.cleaned
    # One from before the partners were asked about was received none the less.
    at = form.instant("received_on", "received_time") if said.get("way") else None
    if at is None:
        return None
    told_on = said.get("told_on") if said.get("partners") == TOLD else None
    return Received(said["received_on"], at, said["way"], told_on or None)


def counts_on(paper: Paper, *, on: date) -> date:
    """The day on which it is notified: of receipt, where it did not come through here."""
    known = received(paper)
    return known.on if known else on


def days_of(paper: Paper, *, on: date) -> dict[str, date]:
    """The day on which each duty would be met, were it sent on a day; by each, lateness is judged.

    What did not come through here was notified on the day of receipt. Its partners were told when
    the authority says that it told them; else this service tells them as it is written down.
    """
    known = received(paper)
    days = dict.fromkeys(CLOCKS, known.on if known else on)
    return {**days, TELLING: (known.told_on or on) if known else on}


def late_duties(paper: Paper, *, on: date) -> set[str]:
    """The duties that would be met late, were it sent on a day: each by the day that meets it."""
    case = paper.case
    rows = late(case, days_of(paper, on=on), cycle=case.notification.cycle)
    return {row.duty for row in rows}


def note_receipt(paper: Paper, *, by: Person, on: date, at: datetime) -> None:
    """The trail says when and how it was received, from when its draft begins on.

    So whoever sees its dates before it is recorded sees by which day it will be judged.
    """
    known = received(paper)
    if known is None:
        return
    payload = {"way": known.way, "received_at": known.at.isoformat()}
    services.record_act(
        paper.case, RECEIVED, by=by, on=on, at=at, allowed=SECRETARIAT, payload=payload
    )
