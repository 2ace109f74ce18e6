"""What a work list says of a case."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Value

from workflow.law import duties
from workflow.law.calendar import Calendar
from workflow.law.standing import Standing, aimed_for, internal, standing
from workflow.law.words import long_date
from workflow.machine.acts import Stage
from workflow.machine.case import Case
from workflow.machine.notification import NotificationProcess
from workflow.machine.notification_states import ENDS
from workflow.machine.practice_review import PracticeReview
from workflow.machine.rapid_review import RapidReview
from workflow.machine.replies import is_to_be_read, reply_by, words_for
from workflow.machine.signatures import PARTNER, waits_to_be_signed_by
from workflow.machine.turn import (
    PENDING,
    Pending,
    Stand,
    role_of_turn,
    roles_waited_for,
    stand_of,
)
from workflow.people import roles
from workflow.queues.mandates import Machine, Mandates

MACHINE_BY_NAME: dict[str, Machine] = {
    machine.MACHINE: machine for machine in (NotificationProcess, RapidReview, PracticeReview)
}


@dataclass(frozen=True)
class Status:
    """Where one machine of a case stands: of which, in the words every screen uses."""

    machine: str
    words: str
    colour: str


@dataclass(frozen=True)
class WhoseTurn:
    """The role a case waits for, whether that is the reader, and where it stands that waits.

    `pending` is what is asked of the reader beside that.
    """

    role: str
    is_mine: bool
    slug: str = ""
    stands: tuple[Stand, ...] = ()
    pending: tuple[Pending, ...] = ()


@dataclass(frozen=True)
class QueueRow:
    """One line of a work list. It holds no name and nothing that anyone wrote."""

    case: Case
    due_on: date | None
    standing: Standing
    due_for: str
    is_internal: bool
    reply: str
    turns: list[WhoseTurn]
    statuses: list[Status]


def queue_rows(
    cases: Sequence[Case], mandates: Mandates, *, on: date, calendar: Calendar
) -> list[QueueRow]:
    """The lines for these cases; one query tells where their reviews stand.

    That a reply waits to be read is said of those that were read with `reply_came`.
    """
    reviews = _reviews_of(cases)
    stands = {case.pk: [_notification(case), *reviews[case.pk]] for case in cases}
    waited_for = {case.pk: roles_waited_for(case, stands[case.pk]) for case in cases}
    signing = [pk for pk, found in waited_for.items() if PARTNER in found]
    mine = _to_sign(signing, mandates)
    found = []
    for case in cases:
        turns = [
            _whose(role, case, stands[case.pk], mandates, signs=case.pk in mine)
            for role in waited_for[case.pk]
        ]
        found.append(_row(case, stands[case.pk], turns, on=on, calendar=calendar))
    return found


def _whose(
    role: str, case: Case, stands: Sequence[Stand], mandates: Mandates, *, signs: bool
) -> WhoseTurn:
    waiting = tuple(one for one in stands if role_of_turn(one, case) == role)
    is_mine = signs if role == PARTNER else mandates.includes(role, case, waiting)
    asked = [one for one in PENDING if one.role == role and one.holds(case)]
    # Who wrote what waits to be approved may be asked for something else in the same role.
    pending = tuple(asked) if mandates.includes(role, case, ()) else ()
    return WhoseTurn(roles.by_slug(role).title, is_mine, role, waiting, pending)


def _to_sign(cases: list[int], mandates: Mandates) -> set[int]:
    """Those of the cases that wait for a signature of the person's own organisation."""
    if not cases or PARTNER not in mandates.held:
        return set()
    asked = waits_to_be_signed_by(mandates.held[PARTNER])
    return set(Case.objects.filter(asked, pk__in=cases).values_list("pk", flat=True))


def statuses_of(stands: Sequence[Stand]) -> list[Status]:
    """Where the open machines stand; of a case with none open, how it ended.

    An end of the notification ends its reviews with it: it says why, and they only that.
    """
    open_ones = [stand for stand in stands if _stage(stand) is Stage.OPEN]
    first, last = stands[:1], stands[-1:]
    ended = first if first and first[0].state in ENDS else last
    return [_status(stand) for stand in open_ones or ended]


def _notification(case: Case) -> Stand:
    came = bool(case.__dict__.get("reply_came"))
    return stand_of(case.notification)._replace(replied=is_to_be_read(case, came=came))


def _reviews_of(cases: Sequence[Case]) -> dict[int, list[Stand]]:
    found: dict[int, list[Stand]] = defaultdict(list)
    keys = [case.pk for case in cases]
    if not keys:
        return found
    rapid, practice = (
        machine.objects.filter(case__in=keys)
        .annotate(machine=Value(machine.MACHINE), whose=whose)
        .values_list("case_id", "machine", "number", "state", "whose", "expected_on")
        for machine, whose in ((RapidReview, Value("")), (PracticeReview, F("kind")))
    )
    rows = list(rapid.union(practice, all=True))
    order = list(MACHINE_BY_NAME)
    for case, machine, _number, state, kind, expected_on in sorted(
        rows, key=lambda row: (row[0], order.index(row[1]), row[2])
    ):
        found[case].append(Stand(MACHINE_BY_NAME[machine], state, kind, expected_on))
    return found


def _row(
    case: Case, stands: list[Stand], turns: list[WhoseTurn], *, on: date, calendar: Calendar
) -> QueueRow:
    due_on = case.next_due_on
    found = standing(due_on, met_on=None, on=on, calendar=calendar)
    return QueueRow(
        case=case,
        due_on=due_on,
        standing=of_its_kind(found, case.next_due),
        due_for=due_for(case, stands),
        is_internal=due_on is not None and not case.next_due,
        reply=reply_words(case, stands),
        turns=turns,
        statuses=statuses_of(stands),
    )


def due_for(case: Case, stands: Sequence[Stand]) -> str:
    """What the next date of a case is for; "" where it is only this service's own."""
    if case.next_due:
        return duties.by_slug(case.next_due).title
    asked = reply_by(case, stands)
    return words_for(case) if asked and asked == case.next_due_on else ""


def reply_words(case: Case, stands: Sequence[Stand]) -> str:
    """By when a reply is asked for beside the next date; "" where none is, or it is that date."""
    asked = reply_by(case, stands)
    if asked is None or not case.next_due:
        return ""
    return f"{words_for(case)} by {long_date(asked)}"


def of_its_kind(found: Standing, slug: str) -> Standing:
    """Only a date of the law can be overdue."""
    if not slug:
        return internal(found)
    return aimed_for(found) if duties.by_slug(slug).soft else found


def _stage(stand: Stand) -> Stage:
    stage: Stage = stand.machine.WAITING[stand.state].stage
    return stage


def _status(stand: Stand) -> Status:
    words = dict(stand.machine._meta.get_field("state").flatchoices)[stand.state]
    name = stand.machine.MACHINE
    colour = "grey" if _stage(stand) is Stage.END else "blue"
    return Status(f"{name[0].upper()}{name[1:]}", str(words), colour)
