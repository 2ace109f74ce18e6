"""To whom a missed date was taken further, and every reminder about it: as reminders tell it."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from workflow.deadlines.models import Deadline
from workflow.forms.times import LONDON
from workflow.law import duties
from workflow.law.ladders import LADDERS, LEADS, base
from workflow.law.words import counted, short_date
from workflow.people import roles
from workflow.people.person import Person
from workflow.reminders.models import PlannedRung, Reminder

# Rungs that tell somebody beyond those whose work the act is.
BEYOND = {"seniors", "administrators", "secretariat"}
ESCALATING = sorted(
    {rung.key for rungs in LADDERS.values() for rung in rungs if BEYOND & set(rung.to)}
)
NOBODY = "To nobody yet"
Withheld = Reminder.Withheld
WORDS = {
    "due-today": "Due today",
    "aim-today": "The date to aim for is today",
    "overdue": "The first day late",
    "escalated": "Escalated to seniors",
    "overdue-weeks": "Weekly while overdue",
    "overdue-months": "Monthly while overdue",
    "sign-offs": "Signatures outstanding",
    "date-set": "The date was set or moved",
}


def escalated() -> Any:
    """How many people were told beyond the doers, and when last: to be annotated on deadlines.

    `with_leader` and `with_leader_last` are those whom a reminder of the leading duty told of this
    one too (`ladders.LEADS`).
    """
    rungs = Q()
    for key in ESCALATING:
        rungs |= Q(rung=key) | Q(rung__startswith=f"{key}:")
    own, riding = Q(withheld=Withheld.NO), Q(withheld=Withheld.TOLD_WITH_PANEL)
    told = Reminder.objects.filter(rungs, own | riding, deadline=OuterRef("pk")).order_by()
    lines = told.values("deadline").annotate(
        line=JSONObject(
            people=Count("person", filter=own, distinct=True),
            last=Max("recorded_at", filter=own),
            with_leader=Count("person", filter=riding, distinct=True),
            with_leader_last=Max("recorded_at", filter=riding),
        )
    )
    return Subquery(lines.values("line"))


def told_words(found: Any) -> str:
    """It in words: "To 3 people, last on 9 December 2026"; nobody is told in words too."""
    if not found:
        return NOBODY
    told = [_to(found["people"], found["last"])] if found["people"] else []
    if found["with_leader"]:
        to = _to(found["with_leader"], found["with_leader_last"])
        told.append(f"With “{duties.by_slug(LEADS).title}”: {to[0].lower()}{to[1:]}")
    return ". ".join(told)


def _to(number: int, last: str) -> str:
    people = "1 person" if number == 1 else f"{number} people"
    return f"To {people}, last on {short_date(_day(datetime.fromisoformat(last)))}"


def words_of(key: str) -> str:
    """A rung in words."""
    known = WORDS.get(base(key))
    if known:
        number = key.partition(":")[2]
        return f"{known}, number {number}" if number else known
    first, _, rest = base(key).partition("-")
    if rest == "days-left":
        return f"{counted(int(first), 'working day')} left"
    return f"{first.capitalize()} {rest} of the time allowed"


def story_of(deadline: Deadline, reader: Person, *, at: datetime) -> list[dict[str, Any]]:
    """Each reminder of the date as it now stands: when planned, to whom, what became of it."""
    mine = {"deadline": deadline, "revision": deadline.revision}
    told: dict[str, list[Reminder]] = defaultdict(list)
    for row in Reminder.objects.filter(**mine).select_related("person", "message").order_by("pk"):
        told[row.rung].append(row)
    planned = PlannedRung.objects.filter(**mine).order_by("planned_at", "pk")
    return [
        {
            "words": words_of(rung.rung),
            "planned_at": rung.planned_at,
            "told": _people(told[rung.rung], reader, on=_day(at)),
            "outcome": _outcome(rung, told[rung.rung], deadline, at=at),
        }
        for rung in planned
    ]


def _people(rows: list[Reminder], reader: Person, *, on: date) -> str:
    """By name among the reader's own people, by role elsewhere."""
    own = set(reader.organisation_ids(on))
    names = []
    for row in rows:
        held = row.person.memberships_on(on)
        if any(membership.organisation_id in own for membership in held):
            names.append(row.person.name)
        else:
            titles = [roles.by_slug(one.role).title for one in held[:1]]
            places = [one.organisation.name for one in held[:1]]
            names.append(", ".join([*titles, *places]) or "Somebody who has left")
    return "; ".join(dict.fromkeys(names)) or "Nobody yet"


def _outcome(rung: PlannedRung, rows: list[Reminder], deadline: Deadline, *, at: datetime) -> str:
    if rows:
        return "; ".join(dict.fromkeys(_became(row) for row in rows))
    if rung.nobody:
        return "Nobody was there to be told"
    if not deadline.is_open:
        return "Not needed: the date was met or cancelled before"
    return "Planned" if rung.planned_at > at else "Waiting to be recorded"


def _became(row: Reminder) -> str:
    if row.withheld:
        return str(Withheld(row.withheld).label)
    message = row.message
    if message is None:
        return "Waiting for the day’s digest"
    if message.sent_at:
        return "Sent"
    if message.dead_at:
        return "Could not be sent"
    return "Not needed any more" if message.cancelled_at else "Waiting to be sent"


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
