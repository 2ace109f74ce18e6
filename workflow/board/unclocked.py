"""Cases that wait without a legal clock: on whom, and since when.

Their next date is one of this service's own, so none of them is ever late and no other list of the
board shows them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet, Value

from workflow.audit.models import Event
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import RapidReview
from workflow.machine.turn import PENDING, Stand, role_of_turn, stand_of
from workflow.people import roles
from workflow.people.person import Person
from workflow.queues.keyset import SIZES, Cursor, Order, Slice, sliced
from workflow.queues.rows import MACHINE_BY_NAME, statuses_of

WITHOUT_A_CLOCK = Q(next_due_on__isnull=False, next_due="")


def _keys(token: str) -> QuerySet[Case, int]:
    return Case.objects.filter(token=token).values("pk")[:1]  # type: ignore[return-value]


ORDER: Order[Case] = Order(
    "due", "Nearest date first", "next_due_on", False, lambda case: case.token, _keys
)


@dataclass(frozen=True)
class Wait:
    """What a case waits for: the role, where one of its machines stands or what was asked, since.

    `since` is the day on which that machine came to stand there, or on which it was asked.
    """

    role: str
    status: str
    since: date


@dataclass(frozen=True)
class Waiting:
    """A case without a legal clock, and the internal date by which its next step is expected."""

    case: Case
    expected_on: date | None
    waits: list[Wait]


def waiting_cases(
    person: Person, *, on: date, area: str = "", region: str = "", cursor: Cursor | None = None
) -> Slice[Case]:
    """The page of cases that begins, or ends, at a position; the longest expected first."""
    rows = Case.objects.visible_to(person, on).filter(WITHOUT_A_CLOCK)
    if area:
        rows = rows.filter(authority__dfe_code=area)
    if region:
        rows = rows.filter(authority__region=region)
    if cursor:
        rows = rows.filter(ORDER.beyond(cursor))
    columns = ORDER.columns(back=cursor is not None and cursor.back)
    found = rows.select_related("authority", "notification").order_by(*columns)
    return sliced(list(found[: SIZES[0] + 1]), order=ORDER, cursor=cursor, size=SIZES[0])


def waits(cases: Sequence[Case]) -> list[Waiting]:
    """For each case what it waits for; one statement tells where their reviews stand.

    Where something is asked that no state tells, like an approval afterwards, one more tells since
    when.
    """
    reviews, asked_on = _reviews_of(cases), _asked_on(cases)
    found = []
    for case in cases:
        process = case.notification
        stands = [(stand_of(process), process.entered_on)]
        open_ones = []
        for stand, since in stands + reviews[case.pk]:
            role = role_of_turn(stand, case)
            if role is not None:
                (status,) = statuses_of([stand])
                words = f"{status.machine}: {status.words}"
                open_ones.append(Wait(roles.by_slug(role).title, words, since))
        open_ones += _pending(case, asked_on)
        found.append(Waiting(case, case.next_due_on, open_ones))
    return found


def _pending(case: Case, asked_on: dict[tuple[int, str], date]) -> list[Wait]:
    """What is asked on a case beside what its machines wait for."""
    return [
        Wait(
            roles.by_slug(one.role).title,
            f"{NotificationProcess.MACHINE.capitalize()}: {one.words}",
            max(on for act in one.acts if (on := asked_on.get((case.pk, act)))),
        )
        for one in PENDING
        if one.holds(case)
    ]


def _asked_on(cases: Sequence[Case]) -> dict[tuple[int, str], date]:
    """When each act that asks something was last done, on the cases where it is still asked."""
    asked = [case.pk for case in cases if any(one.holds(case) for one in PENDING)]
    if not asked:
        return {}
    acts = sorted({act for one in PENDING for act in one.acts})
    done = Event.objects.filter(case__in=asked, machine=NotificationProcess.MACHINE, act__in=acts)
    rows = done.order_by("case_id", "sequence").values_list("case_id", "act", "on")
    return {(case, act): on for case, act, on in rows}


def _reviews_of(cases: Sequence[Case]) -> dict[int, list[tuple[Stand, date]]]:
    found: dict[int, list[tuple[Stand, date]]] = defaultdict(list)
    rapid, practice = (
        machine.objects.filter(case__in=[case.pk for case in cases], expected_on__isnull=False)
        .annotate(machine=Value(machine.MACHINE), whose=whose)
        .values_list("case_id", "machine", "state", "whose", "entered_on")
        for machine, whose in ((RapidReview, Value("")), (PracticeReview, F("kind")))
    )
    if cases:
        for case, name, state, kind, since in rapid.union(practice, all=True):
            found[case].append((Stand(MACHINE_BY_NAME[name], state, kind), since))
    return found
