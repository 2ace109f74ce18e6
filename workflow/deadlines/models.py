"""Deadlines: one row for each clock of a case, with the receipt of how its date was worked out."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from workflow import clock
from workflow.access.visible import VisibleToQuerySet
from workflow.audit.history import keep_history
from workflow.audit.walls import append_only
from workflow.law import duties, moments
from workflow.law.calendar import Calendar, Receipt
from workflow.law.duties import Duty
from workflow.law.standing import Standing, is_known_late, known_late, standing
from workflow.machine.case import Case
from workflow.machine.notification_states import TRANSFERRED

# Met by the date then given, and after the one that an awareness corrected since would have given.
KNOWN_LATE = Q(met_on__lte=F("due_on"), met_on__gt=F("corrected_due_on"))


class DeadlineQuerySet(VisibleToQuerySet["Deadline"]):
    """Deadlines, narrowed by adjectives."""

    case_path = "case"

    def open(self) -> "DeadlineQuerySet":
        """Those whose clock still runs."""
        return self.filter(met_on__isnull=True, cancelled_on__isnull=True)

    def overdue(self, *, on: date) -> "DeadlineQuerySet":
        """Those whose clock runs past its due date."""
        return self.open().filter(due_on__lt=on)

    def passed_on_late(self) -> "DeadlineQuerySet":
        """Those that were past their due date when their case passed to another authority."""
        return self.filter(cancelled_why=TRANSFERRED, cancelled_on__gt=F("due_on"))

    def known_late(self) -> "DeadlineQuerySet":
        """Those that were met in time by the awareness then given, and late by a corrected one."""
        return self.filter(KNOWN_LATE)

    def late(self, *, on: date) -> "DeadlineQuerySet":
        """Every breach: overdue now, met after the due date, known to be so, or passed on after it.

        Soft duties are none.
        """
        soft = [duty.slug for duty in duties.ALL if duty.soft]
        return self.filter(
            Q(met_on__isnull=True, cancelled_on__isnull=True, due_on__lt=on)
            | Q(met_on__gt=F("due_on"))
            | KNOWN_LATE
            | Q(cancelled_why=TRANSFERRED, cancelled_on__gt=F("due_on"))
        ).exclude(duty__in=soft)


# The history's rows are the revisions, and what the sweep has planned is no part of it.
@keep_history(exclude=["revision", "revised_at", "planned_revision"])
class Deadline(models.Model):
    """A duty's clock on a case. Its standing is derived from these dates, never stored.

    An agreed later date stands beside the legal one: the due date and the lateness stay.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="deadlines")
    # The indexes by authority and date answer for it.
    authority = models.ForeignKey(
        "workflow.Organisation", models.PROTECT, related_name="+", db_index=False
    )
    duty = models.CharField(max_length=40)
    cycle = models.PositiveSmallIntegerField(default=1)
    owed_by = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="deadlines")
    limit_since = models.DateField()
    start_on = models.DateField()
    due_on = models.DateField()
    receipt = models.JSONField()
    calendar_edition = models.CharField(max_length=120)
    rule_edition = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    met_on = models.DateField(null=True)
    met_at = models.DateTimeField(null=True)
    late_reason = models.CharField(max_length=60, blank=True)
    cancelled_on = models.DateField(null=True)
    cancelled_why = models.CharField(max_length=60, blank=True)
    agreed_on = models.DateField(null=True)
    # When it was due by an awareness that was corrected once it had been met.
    corrected_due_on = models.DateField(null=True)
    # Counts the dates this clock has had. Its reminders are planned where the two are equal.
    revision = models.PositiveSmallIntegerField(default=1, db_default=1)
    revised_at = models.DateTimeField(default=clock.now)
    planned_revision = models.PositiveSmallIntegerField(default=0, db_default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "duty", "cycle"], name="deadline_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(duty__in=[duty.slug for duty in duties.ALL]), name="deadline_duty_known"
            ),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True, met_at__isnull=True)
                | Q(met_on__isnull=False, met_at__isnull=False),
                name="deadline_met_has_date_and_moment",
            ),
            models.CheckConstraint(
                condition=Q(met_on__isnull=True) | Q(cancelled_on__isnull=True),
                name="deadline_met_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | ~Q(cancelled_why=""),
                name="deadline_cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(corrected_due_on__isnull=True) | Q(met_on__isnull=False),
                name="deadline_corrected_once_met",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="deadline_open_by_date",
                condition=Q(met_on__isnull=True, cancelled_on__isnull=True),
            ),
            models.Index(
                fields=["due_on", "id"],
                name="deadline_met_late_by_date",
                condition=Q(met_on__gt=F("due_on")),
            ),
            # A kind of lateness without any row is known to have none, not looked for in all.
            models.Index(
                fields=["duty", "due_on", "id"],
                name="deadline_open_by_duty",
                condition=Q(met_on__isnull=True, cancelled_on__isnull=True),
            ),
            models.Index(
                fields=["duty", "due_on", "id"],
                name="deadline_met_late_by_duty",
                condition=Q(met_on__gt=F("due_on")),
            ),
            models.Index(
                fields=["due_on", "id"],
                name="deadline_passed_on_late",
                condition=Q(cancelled_why=TRANSFERRED, cancelled_on__gt=F("due_on")),
            ),
            models.Index(fields=["due_on", "id"], name="deadline_known_late", condition=KNOWN_LATE),
            models.Index(fields=["due_on", "id"], name="deadline_by_date"),
            models.Index(fields=["authority", "due_on", "id"], name="deadline_by_authority"),
            # One authority's missed dates are not picked out of everybody's.
            models.Index(
                fields=["authority", "due_on", "id"],
                name="deadline_open_of_authority",
                condition=Q(met_on__isnull=True, cancelled_on__isnull=True),
            ),
            models.Index(
                fields=["authority", "due_on", "id"],
                name="deadline_late_of_authority",
                condition=Q(met_on__gt=F("due_on")),
            ),
            models.Index(
                fields=["id"],
                name="deadline_to_plan",
                condition=Q(met_on__isnull=True, cancelled_on__isnull=True)
                & ~Q(planned_revision=F("revision")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty} of {self.case}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row under its case's authority."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **kwargs)

    @property
    def rule(self) -> Duty:
        """The duty in law."""
        return duties.by_slug(self.duty)

    @property
    def worked_out(self) -> Receipt:
        """The receipt: every day counted or skipped, and why."""
        return Receipt.from_json(self.receipt)

    def remember_awareness(self, case: Case) -> None:
        """A clock that runs from awareness keeps, with its receipt, from which dates it runs.

        The case may later say otherwise, or be at another notification with dates of its own.
        """
        if self.rule.clock_starts != moments.AWARE or case.aware_on is None:
            return
        days = {"aware_on": case.aware_on, "suspected_on": case.suspected_on}
        self.receipt |= {name: day.isoformat() if day else None for name, day in days.items()}

    def awareness(self) -> tuple[date, date | None] | None:
        """When the authority became aware and first suspected abuse, as this clock was counted.

        None for a clock that does not run from awareness, and for one from before these were kept.
        """
        known = {name: self.receipt.get(name) for name in ("aware_on", "suspected_on")}
        if not known["aware_on"]:
            return None
        suspected = known["suspected_on"]
        aware_on = date.fromisoformat(known["aware_on"])
        return aware_on, date.fromisoformat(suspected) if suspected else None

    @property
    def is_open(self) -> bool:
        """Whether the clock still runs."""
        return self.met_on is None and self.cancelled_on is None

    @property
    def passed_on(self) -> date | None:
        """The day on which the case passed to another authority with this date missed; or None."""
        gone = self.cancelled_on if self.cancelled_why == TRANSFERRED else None
        return gone if gone is not None and gone > self.due_on else None

    def standing(self, *, on: date, calendar: Calendar) -> Standing:
        """Where the clock stands on a date, in words and working days."""
        return standing(
            self.due_on,
            met_on=self.met_on,
            passed_on=self.passed_on,
            on=on,
            calendar=calendar,
            # Only what was met tells on which of its days.
            receipt=self.worked_out if self.met_on else None,
        )

    def missed(self, *, on: date, calendar: Calendar) -> Standing:
        """How late it is: by a correction too, of which its standing on the case says nothing."""
        corrected, met_on = self.corrected_due_on, self.met_on
        if corrected and met_on and is_known_late(self.due_on, met_on, corrected):
            return known_late(corrected, met_on, calendar)
        return self.standing(on=on, calendar=calendar)


class ProclaimedHoliday(models.Model):
    """A bank holiday proclaimed after the committed edition was published: who added it, and when.

    Rows are only added. A proclamation withdrawn is a later row with `withdrawn`.
    """

    day = models.DateField()
    title = models.CharField(max_length=120)
    withdrawn = models.BooleanField(default=False)
    proclaimed_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.title} on {self.day}"


class DatesMoved(models.Model):
    """One time that open dates were worked out again: why, by whom, and how many moved.

    `holiday` is the row that was added then; without one, the published calendar or a time limit
    had changed.
    """

    holiday = models.ForeignKey(ProclaimedHoliday, models.PROTECT, null=True, related_name="moves")
    calendar_edition = models.CharField(max_length=120)
    rule_edition = models.CharField(max_length=60)
    cases = models.PositiveIntegerField()
    clocks = models.PositiveIntegerField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.clocks} dates of {self.cases} cases"
