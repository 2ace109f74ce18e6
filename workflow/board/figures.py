"""The figures of the board for one kind of lateness: now, and for what was due in a period.

Two statements. The figures of now count up to a thousand along the indexes of open dates. Those of
the period read the rows that were due in it, and so cost as much as the period holds, however many
lie before and after it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workflow.board.asked import LATENESS, STANDINGS, Asked, duties_of, of_standing
from workflow.board.periods import Period, before
from workflow.board.reach import counted_with, found_in, places_of
from workflow.board.tally import Tally, days_taken, total
from workflow.deadlines.models import Deadline
from workflow.law import duties
from workflow.law.calendar import Calendar
from workflow.law.standing import SOON, is_known_late
from workflow.machine.notification_states import TRANSFERRED, NotificationState
from workflow.people.person import Person
from workflow.queues.counts import Capped, count_each

# A case whose notification ended so is told beside "on time": no such act was owed.
BESIDE = {
    NotificationState.NOT_NOTIFIED.value: "Not notified",
    NotificationState.CRITERIA_NOT_MET.value: "Criteria not met",
}
COLUMNS = (
    "duty",
    "authority__name",
    "authority__region",
    "start_on",
    "due_on",
    "met_on",
    "corrected_due_on",
    "cancelled_on",
    "cancelled_why",
    "case_id",
    "case__notification__state",
)


@dataclass(frozen=True)
class Present:
    """How many are past their date, and how many are due within 3 working days, of each kind.

    `earlier` is how many missed dates of the kind asked for lie before the period, by standing.
    """

    overdue: dict[str, Capped]
    soon: dict[str, Capped]
    earlier: dict[str, Capped]


@dataclass
class Aims:
    """Duties with only a date to aim for: how many were due, and how many met by the date."""

    due: int = 0
    by_the_date: int = 0


@dataclass
class Figures:
    """What was due in a period, of one kind. Each breakdown adds up to the same total."""

    by_area: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_region: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_duty: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_month: dict[date, Tally] = field(default_factory=lambda: defaultdict(Tally))
    aims: Aims = field(default_factory=Aims)
    beside: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    @property
    def total(self) -> Tally:
        """All that was due in the period and has been decided."""
        return total(self.by_duty.values())


def now(person: Person, asked: Asked, period: Period, *, on: date, calendar: Calendar) -> Present:
    """The figures of now for all three kinds, and what was missed before a period: one statement.

    Of a kind, whatever the period, what is open is counted.
    """
    places = places_of(person, on=on)
    seen = Deadline.objects.all().visible_to(person, on).filter(counted_with(person, on=on))
    rows = seen.open().filter(asked.place())
    whens: dict[str, dict[str, Any]] = {
        "overdue": {"due_on__lt": on},
        "soon": {"due_on__range": (on, calendar.add(on, SOON))},
    }
    parts = {}
    for kind in LATENESS:
        slugs = asked.slugs() if kind == asked.kind else duties_of(kind)
        for name, when in whens.items():
            parts[f"{name} {kind}"] = found_in(places, rows.filter(duty__in=slugs, **when))
    # Whether somebody has looked narrows the lists alone.
    sooner = asked.with_(period=before(period).slug, seen="")
    for standing in STANDINGS:
        missed = of_standing(seen, standing, on=on).filter(sooner.condition())
        parts[f"earlier {standing}"] = found_in(places, missed)
    counts = count_each(parts, along=("due_on", "pk"))
    return Present(
        {kind: counts[f"overdue {kind}"] for kind in LATENESS},
        {kind: counts[f"soon {kind}"] for kind in LATENESS},
        {standing: counts[f"earlier {standing}"] for standing in STANDINGS},
    )


def figures(
    person: Person, asked: Asked, period: Period, *, on: date, calendar: Calendar
) -> Figures:
    """What was due in a period, counted as it stands on a London date: one statement."""
    slugs = [*asked.slugs(), *([] if asked.duty else duties_of(asked.kind, soft=True))]
    rows = (
        Deadline.objects.all()
        .visible_to(person, on)
        .filter(
            asked.place(),
            counted_with(person, on=on),
            duty__in=slugs,
            due_on__range=(period.first, period.last),
        )
        .order_by()
        .values_list(*COLUMNS)
    )
    return counted(rows, timed_duty(asked), on=on, calendar=calendar)


def timed_duty(asked: Asked) -> str:
    """The duty whose time is told: the one asked for, else the first of its kind."""
    return asked.duty or duties_of(asked.kind)[0]


def counted(rows: Iterable[Any], timed: str, *, on: date, calendar: Calendar) -> Figures:
    """The figures of these rows. Days taken by different duties are never put together.

    A duty's tally holds its own; the tallies by place and month those of the `timed` duty alone.
    """
    found = Figures()
    for duty, area, region, start_on, due_on, met_on, by_then, gone_on, why, case, state in rows:
        passed_on = gone_on is not None and why == TRANSFERRED and gone_on > due_on
        if state in BESIDE:
            found.beside[state].add(case)
        elif gone_on is not None and not passed_on:
            continue
        elif duties.by_slug(duty).soft:
            found.aims.due += 1
            found.aims.by_the_date += met_on is not None and met_on <= due_on
        else:
            month = due_on.replace(day=1)
            mine = found.by_duty[duty]
            others = (found.by_area[area], found.by_region[region], found.by_month[month])
            how = {"passed_on": passed_on, "known_late": is_known_late(due_on, met_on, by_then)}
            for tally in (mine, *others):
                tally.add(due_on, met_on, on=on, **how)
            took = days_taken(duty, start_on, met_on, calendar) if met_on else None
            for tally in (mine, *(others if duty == timed else ())):
                tally.took += [] if took is None else [took]
    return found


def worst_first(groups: dict[str, Tally]) -> list[tuple[str, Tally]]:
    """The groups in which something was decided, those with most late first, then by name."""
    return _sorted(groups, lambda name, tally: (-tally.late, name))


def by_name(groups: dict[str, Tally]) -> list[tuple[str, Tally]]:
    """The groups in which something was decided, by name."""
    return _sorted(groups, lambda name, tally: (name,))


def _sorted(
    groups: dict[str, Tally], key: Callable[[str, Tally], tuple[Any, ...]]
) -> list[tuple[str, Tally]]:
    decided = [(name, tally) for name, tally in groups.items() if tally.decided]
    return sorted(decided, key=lambda pair: key(*pair))
