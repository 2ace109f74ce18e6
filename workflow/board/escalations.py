"""To whom a missed date was taken further, and every reminder about it: as reminders tell it."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Cast, JSONObject, TruncDate

from workflow.deadlines.models import Deadline
from workflow.delivery_log.reach import Names, Reach
from workflow.delivery_log.words import story_of_reminder
from workflow.forms.times import LONDON
from workflow.law import duties
from workflow.law.ladders import AGENCY_RETURNS, LADDERS, LEADS, SIGN_OFFS, base
from workflow.law.words import counted, short_date
from workflow.people.membership import Membership
from workflow.people.person import Person
from workflow.reminders.models import PlannedRung, Reminder
from workflow.reminders.recipients import DOERS

# Rungs that tell somebody beyond those whose work the act is.
BEYOND = {"seniors", "administrators", "secretariat"}
ESCALATING = sorted(
    {rung.key for rungs in LADDERS.values() for rung in rungs if BEYOND & set(rung.to)}
)
NOBODY = "To nobody yet"
# A message that has left and did not come back.
GONE = Q(message__sent_at__isnull=False, message__bounced_at__isnull=True)
Withheld = Reminder.Withheld
WORDS = {
    "due-today": "Due today",
    "aim-today": "The date to aim for is today",
    "overdue": "The first day late",
    "escalated": "Escalated to seniors",
    "overdue-weeks": "Weekly while overdue",
    "overdue-months": "Monthly while overdue",
    AGENCY_RETURNS: "Agencies’ returns outstanding",
    SIGN_OFFS: "Signatures outstanding",
    "date-set": "The date was set or moved",
}


def escalated() -> Any:
    """How many people were told beyond the doers, and when last: to be annotated on deadlines.

    Only what has gone out and did not come back tells anybody. `with_leader` and
    `with_leader_last` are those whom a reminder of the leading duty told of this one too
    (`ladders.LEADS`).
    """
    rungs = Q()
    for key in ESCALATING:
        rungs |= Q(rung=key) | Q(rung__startswith=f"{key}:")
    steps = Reminder.objects.filter(rungs, deadline=OuterRef("pk")).order_by()
    steps = steps.alias(told_on=TruncDate("recorded_at", tzinfo=LONDON)).filter(~Exists(_doing()))
    own, riding = Q(withheld=Withheld.NO) & GONE, Q(led_at__isnull=False)
    led = When(withheld=Withheld.TOLD_WITH_PANEL, then=_leading().values("message__sent_at")[:1])
    lines = (
        steps.annotate(led_at=Case(led))
        .values("deadline")
        .annotate(
            line=JSONObject(
                people=Count("person", filter=own, distinct=True),
                last=Max("message__sent_at", filter=own),
                with_leader=Count("person", filter=riding, distinct=True),
                with_leader_last=Max("led_at", filter=riding),
            )
        )
    )
    return Subquery(lines.values("line"))


def _doing() -> QuerySet[Membership]:
    """The roles by which the reminded person had the act to do, on the day of the reminder."""
    work = Q()
    for duty, held in DOERS.items():
        work |= Q(duty=duty, role__in=held)
    duty_of = Cast(OuterRef("deadline__duty"), CharField())
    return (
        Membership.objects.alias(duty=duty_of)
        .filter(
            work,
            person=OuterRef("person"),
            organisation=OuterRef("deadline__owed_by"),
            since__lte=OuterRef("told_on"),
        )
        .exclude(until__lt=OuterRef("told_on"))
    )


def _leading() -> QuerySet[Reminder]:
    """The same step of the leading duty, as it went to the same person of the same case."""
    return Reminder.objects.filter(
        GONE,
        deadline__case=OuterRef("deadline__case"),
        deadline__duty=LEADS,
        rung=OuterRef("rung"),
        planned_at=OuterRef("planned_at"),
        person=OuterRef("person"),
    )


def told_words(found: Any) -> str:
    """It in words: "To 3 people, last on 9 December 2026"; nobody is told in words too."""
    if not found or not (found["people"] or found["with_leader"]):
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
    """Each reminder of the date as it stands and as it stood: when planned, to whom, its fate.

    Of a date before it moved, the steps that were told of or found nobody: the others were owed to
    nobody.
    """
    told: dict[tuple[int, str], list[Reminder]] = defaultdict(list)
    rows = Reminder.objects.filter(deadline=deadline).select_related("person", "message")
    for row in rows.order_by("pk"):
        told[row.revision, row.rung].append(row)
    people = [row.person_id for found in told.values() for row in found]
    names = Names(Reach(reader, _day(at)), people)
    steps = PlannedRung.objects.filter(deadline=deadline).order_by("planned_at", "pk")
    return [
        _step(step, told[step.revision, step.rung], deadline, names, at=at)
        for step in steps
        if step.revision == deadline.revision or step.nobody or told[step.revision, step.rung]
    ]


def _step(
    step: PlannedRung, rows: list[Reminder], deadline: Deadline, names: Names, *, at: datetime
) -> dict[str, Any]:
    before = step.revision != deadline.revision
    people = dict.fromkeys(names.of(row.person, row.recorded_at) for row in rows)
    return {
        "words": words_of(step.rung) + (", of the date before it moved" if before else ""),
        "planned_at": step.planned_at,
        "told": "; ".join(people) or ("Nobody" if before or step.nobody else "Nobody yet"),
        "outcome": _outcome(step, rows, deadline, at=at),
    }


def _outcome(rung: PlannedRung, rows: list[Reminder], deadline: Deadline, *, at: datetime) -> str:
    if rows:
        return "; ".join(dict.fromkeys(_became(row) for row in rows))
    if rung.nobody:
        return "Nobody was there to be told"
    if not deadline.is_open:
        return "Not needed: the date was met or cancelled before"
    return "Planned" if rung.planned_at > at else "Waiting to be recorded"


def _became(row: Reminder) -> str:
    """A reminder's fate, as the log of messages tells it."""
    fate, _, more = story_of_reminder(row)
    return f"{fate}. {more}" if more else fate


def _day(at: datetime) -> date:
    return at.astimezone(LONDON).date()
