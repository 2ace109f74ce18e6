"""The clocks of one case, changed together and stored in one statement."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from workflow.deadlines.models import Deadline
from workflow.deadlines.shifts import Shift, new_due, new_receipt
from workflow.law import duties, moments
from workflow.law.bodies import NotInForce
from workflow.law.calendar import Calendar, CalendarExhausted, Receipt
from workflow.law.standing import is_known_late
from workflow.law.words import short_date
from workflow.machine.case import Case
from workflow.machine.notification_states import FACTS_CHANGED
from workflow.machine.refusals import NoDate

# What to do where the date that was typed is right.
ASK_FOR_DAYS = (
    " If the date is right, ask whoever runs the service to add the bank holidays published since."
)
_STORED = [
    "authority",
    "owed_by",
    "start_on",
    "due_on",
    "receipt",
    "limit_since",
    "calendar_edition",
    "rule_edition",
    "met_on",
    "met_at",
    "late_reason",
    "cancelled_on",
    "cancelled_why",
    "agreed_on",
    "corrected_due_on",
    "revision",
    "revised_at",
]


class Clocks:
    """A case's deadlines as they are changed within one act; `save` stores what changed."""

    def __init__(self, case: Case, *, calendar: Calendar) -> None:
        self.case = case
        self.calendar = calendar
        self._changed: dict[tuple[str, int], Deadline] = {}

    @cached_property
    def rows(self) -> dict[tuple[str, int], Deadline]:
        """By duty and cycle, as they stand when first asked for: what is refused asks for none."""
        return {(row.duty, row.cycle): row for row in self.case.deadlines.all()}

    def get(self, duty: str, cycle: int) -> Deadline | None:
        """The clock of a duty in a cycle, if it was ever started."""
        return self.rows.get((duty, cycle))

    def start(
        self,
        duty: str,
        *,
        cycle: int,
        start_on: date,
        owed_by_id: int,
        at: datetime,
        since: str = "",
    ) -> Deadline:
        """The clock runs from `start_on`: a new one, or an open one worked out again.

        `since` says what happened on that day, where it is not the duty's own start.

        A clock that was met or cancelled is kept as it is, and one that was met and runs from
        awareness says when it was due by a corrected one (readings.CORRECTED_AFTERWARDS). But one
        that ended because the facts changed is owed again when they give rise to its duty again,
        and runs again. Raises NoDate where the published bank holidays or the limits give none: it
        is never guessed.
        """
        known = self.rows.get((duty, cycle))
        again = known is not None and known.cancelled_why == FACTS_CHANGED
        if known and not again and (not known.is_open or known.start_on == start_on):
            return self._kept_as_it_was(known, start_on)
        row = known or Deadline(
            case=self.case,
            authority_id=self.case.authority_id,
            duty=duty,
            cycle=cycle,
            owed_by_id=owed_by_id,
            opened_at=at,
            revision=0,
        )
        row.start_on = start_on
        receipt = self._receipt(row, since)
        if again:
            # Another authority may have the case by now.
            row.cancelled_on, row.cancelled_why, row.owed_by_id = None, "", owed_by_id
        return self._date(row, receipt, at=at)

    def _kept_as_it_was(self, row: Deadline, start_on: date) -> Deadline:
        """While a clock runs, its receipt says of awareness what the case says.

        Once it was met by another awareness, it says beside its date when it was due by this one.
        Where that shows it late, it stands with whoever was, though the case passed on since.
        """
        kept = dict(row.receipt), row.corrected_due_on
        if row.is_open and row.cycle == self.case.notification.cycle:
            row.remember_awareness(self.case)
        if row.met_on is not None and row.rule.clock_starts == moments.AWARE:
            moved = start_on != row.start_on
            row.corrected_due_on = new_due(row.duty, start_on, self.calendar) if moved else None
            if is_known_late(row.due_on, row.met_on, row.corrected_due_on):
                row.authority_id = row.owed_by_id
        return row if (row.receipt, row.corrected_due_on) == kept else self._keep(row)

    def work_out_again(self, *, at: datetime) -> list[Shift]:
        """Open clocks stand where the calendar and the limits now put them; returns which moved.

        Clocks that were met or cancelled stay as they are, and so does an agreed later date.
        """
        moved = []
        for row in self.rows.values():
            receipt = new_receipt(row, self.calendar) if row.is_open else None
            if receipt is not None:
                moved.append(
                    Shift(row.duty, row.cycle, row.due_on, receipt.due, row.calendar_edition)
                )
                self._date(row, receipt, at=at)
        return moved

    def start_next(self, duty: str, *, start_on: date, owed_by_id: int, at: datetime) -> Deadline:
        """A further clock of a duty that can be owed again in one case."""
        cycle = 1 + max((row.cycle for row in self.rows.values() if row.duty == duty), default=0)
        return self.start(duty, cycle=cycle, start_on=start_on, owed_by_id=owed_by_id, at=at)

    def meet(
        self, *slugs: str, cycle: int | None, on: date, at: datetime, late_reason: str = ""
    ) -> None:
        """Stops the open clocks of these duties as met on a day."""
        for row in self._open(slugs, cycle):
            row.met_on, row.met_at = on, at
            if on > row.due_on:
                row.late_reason = late_reason
            self._keep(row)

    def cancel(self, *slugs: str, cycle: int | None, on: date, why: str) -> None:
        """Stops the open clocks of these duties: they are no longer owed, for a stated reason."""
        for row in self._open(slugs, cycle):
            row.cancelled_on, row.cancelled_why = on, why
            self._keep(row)

    def hand_over(self, giver: int, *, to: int, at: datetime) -> None:
        """What one organisation still owes is owed by another; its dates stay as they are."""
        for row in self.rows.values():
            if row.is_open and row.owed_by_id == giver:
                row.owed_by_id, row.revised_at = to, at
                row.revision += 1
                self._keep(row)

    def agree(self, duty: str, cycle: int, agreed_on: date) -> None:
        """A later date is written beside the legal one, which stays."""
        row = self.rows[duty, cycle]
        row.agreed_on = agreed_on
        self._keep(row)

    def nearest(self) -> Deadline | None:
        """The open clock that ends first; one that must be met before one that should."""
        open_rows = [row for row in self.rows.values() if row.is_open]
        return min(open_rows, key=lambda row: (row.due_on, row.rule.soft, row.duty), default=None)

    @property
    def changed(self) -> list[Deadline]:
        """What `save` will store."""
        return list(self._changed.values())

    def save(self) -> None:
        """Stores new and changed clocks in one statement."""
        store(self._changed.values())
        self._changed = {}
        # What was read of them before lacks those that are new.
        vars(self.case).get("_prefetched_objects_cache", {}).pop("deadlines", None)

    def _open(self, slugs: Iterable[str], cycle: int | None) -> list[Deadline]:
        wanted = set(slugs)
        return [
            row
            for row in self.rows.values()
            if row.duty in wanted and row.is_open and cycle in (None, row.cycle)
        ]

    def _receipt(self, row: Deadline, since: str) -> Receipt:
        try:
            return row.rule.receipt(row.start_on, self.calendar)
        except (CalendarExhausted, NotInForce) as without:
            day, began = short_date(row.start_on), since or row.rule.clock_starts.words
            raise NoDate(
                f"Check the date on which {began}: from {day} no due date can be worked out. "
                f"{without}{ASK_FOR_DAYS if isinstance(without, CalendarExhausted) else ''}"
            ) from without

    def expect(self, on: date, working_days: int) -> date:
        """The internal date so many working days on. Raises NoDate as `start` does."""
        try:
            return self.calendar.add(on, working_days)
        except CalendarExhausted as without:
            raise NoDate(f"No date can be set for the next step. {without}{ASK_FOR_DAYS}") from None

    def _date(self, row: Deadline, receipt: Receipt, *, at: datetime) -> Deadline:
        """The clock has a further date, with the receipt of how it was worked out."""
        row.revision += 1
        row.revised_at = at
        row.due_on = receipt.due
        row.receipt = {**(row.receipt or {}), **receipt.as_json()}
        row.limit_since = row.rule.limit(row.start_on).since
        row.calendar_edition = receipt.edition
        row.rule_edition = duties.EDITION
        if row.cycle == self.case.notification.cycle:
            row.remember_awareness(self.case)
        return self._keep(row)

    def _keep(self, row: Deadline) -> Deadline:
        key = (row.duty, row.cycle)
        self.rows[key] = self._changed[key] = row
        return row


def late(case: Case, days: Mapping[str, date], *, cycle: int) -> list[Deadline]:
    """Of the open clocks of a cycle, those that the day of their duty would meet late: no soft."""
    return [
        row
        for row in case.deadlines.all()
        if row.duty in days and row.cycle == cycle and row.is_open
        if days[row.duty] > row.due_on and not row.rule.soft
    ]


def owed_again(case: Case) -> list[Deadline]:
    """Clocks of the present notification that ended with facts which are as they were before.

    None is left so by a change of a fact: they are from before such a clock ran again by itself.
    """
    if case.aware_on is None:
        return []
    arising = {duty.slug for duty in case.route.duties}
    return [
        row
        for row in case.deadlines.all()
        if row.duty in arising and row.cycle == case.notification.cycle
        if row.cancelled_why == FACTS_CHANGED
    ]


def store(rows: Collection[Deadline]) -> None:
    """New and changed clocks, of one case or of many, are stored in one statement."""
    if not rows:
        return
    for row in rows:
        # Without keys, old and new rows go in one statement: the unique key finds the old.
        row.pk = None
    Deadline.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["case", "duty", "cycle"],
        update_fields=_STORED,
    )
