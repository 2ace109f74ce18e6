"""What is planned for a clock, and what was recorded as owed to a person when its moment came."""

from django.db import models
from django.db.models import Q

from workflow.audit.walls import append_only
from workflow.deadlines.models import Deadline
from workflow.outbox.models import Outbox


class PlannedRung(models.Model):
    """A rung of a clock's ladder with its moment.

    `revision` is the clock's: a moved date has rungs of its own, and those of an earlier revision
    are owed to nobody. `nobody` says that its moment came and no one was there to be told.
    """

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="planned")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=40)
    planned_at = models.DateTimeField()
    swept_at = models.DateTimeField(null=True)
    nobody = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "revision", "rung"], name="plannedrung_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["planned_at", "id"],
                name="plannedrung_to_sweep",
                condition=Q(swept_at__isnull=True),
            ),
            models.Index(fields=["id"], name="plannedrung_nobody", condition=Q(nobody=True)),
        ]

    def __str__(self) -> str:
        return f"{self.rung} of deadline {self.deadline_id}"


class Reminder(models.Model):
    """A rung owed to one person, recorded once.

    `message` carries it; a quiet one waits for the person's digest to be made. `withheld` says
    why none carries it; what was withheld only when its message left still names that message.
    """

    class Withheld(models.TextChoices):
        """Why a recorded reminder goes out in no message of its own."""

        NO = "", "Sent"
        OVERTAKEN = "overtaken", "A later reminder of the same date went instead"
        TOLD_WITH_PANEL = "told_with_panel", "Told with the reminder to notify the Panel"
        SIGNED = "signed", "The partner’s view had been given"
        RESTRICTED = "restricted", "The case was restricted, and the person is not named to it"
        GATHERED = "gathered", "The facts had been gathered: the meeting or the draft was recorded"

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="reminders")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    revision = models.PositiveSmallIntegerField()
    rung = models.CharField(max_length=40)
    person = models.ForeignKey("workflow.Person", models.PROTECT, related_name="reminders")
    quiet = models.BooleanField()
    withheld = models.CharField(max_length=16, choices=Withheld.choices, blank=True)
    planned_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    message = models.ForeignKey(Outbox, models.PROTECT, null=True, related_name="reminders")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "revision", "rung", "person"], name="reminder_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                name="reminder_to_digest",
                condition=Q(quiet=True, withheld="", message__isnull=True),
            ),
            models.Index(fields=["recorded_at", "id"], name="reminder_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.rung} of deadline {self.deadline_id}"


class ReminderChoice(models.Model):
    """What a person asked to be spared, each change a row: the newest counts.

    It holds only while two others are told the same (see `recipients`).
    """

    class Wants(models.TextChoices):
        """Which reminders a person wants."""

        ALL = "all", "All reminders"
        URGENT = "urgent", "Only what is due today, overdue or escalated"
        NONE = "none", "No reminders, as long as two others get them"

    person = models.ForeignKey("workflow.Person", models.PROTECT, related_name="reminder_choices")
    wants = models.CharField(max_length=8, choices=Wants.choices)
    chosen_at = models.DateTimeField()

    class Meta:
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(wants__in=["all", "urgent", "none"]), name="reminderchoice_known"
            )
        ]

    def __str__(self) -> str:
        return self.wants


class Heartbeat(models.Model):
    """When a part of the service last did its work to the end."""

    SWEEP = "sweep"

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
