"""One append-only trail per case: who did what, who looked at what, and the log that proves it."""

from typing import ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from workflow.access.visible import VisibleToQuerySet
from workflow.audit import content
from workflow.audit.walls import OF_A_REASON, Arrive, AsItComes, KeepButTakeOut, append_only
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel
from workflow.webhooks.walls import Tell


class Event(SealedModel):
    """One act on a case, as it happened. Never removed, nor changed but as words are taken out.

    `on` and `at` tell when it happened, `recorded_at` when it was written down: they differ when
    a notification received by telephone is entered later. The payload holds codes, dates and
    states only; what people wrote is sealed. `reason_was` is empty, and once words were taken out
    of the reason the digest of its sealed form before: that to which the log committed.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="events")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    sequence = models.PositiveIntegerField()
    act = models.CharField(max_length=60)
    machine = models.CharField(max_length=30, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    actor = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        "workflow.Organisation", models.PROTECT, null=True, related_name="+"
    )
    on = models.DateField()
    at = models.DateTimeField()
    reason_code = models.CharField(max_length=60, blank=True)
    reason = SealedText(blank=True)
    reason_was = models.CharField(
        max_length=64, blank=True, default="", db_default="", editable=False
    )
    payload = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()
    # Kept beside the content, so that the log's leaf tells nothing to whoever lacks either.
    salt = models.UUIDField(db_default=RandomUUID(), editable=False)

    class Meta:
        ordering = ["case", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="event_once_in_sequence"),
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False) | models.Q(capacity="system"),
                name="event_names_its_actor",
            ),
        ]
        triggers = [
            *append_only(
                taken_out=KeepButTakeOut(columns=("reason", "reason_was"), of=OF_A_REASON)
            ),
            AsItComes(),
            Arrive(kind=content.EVENT),
            Tell(name="tell"),
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.sequence})"


class LookQuerySet(VisibleToQuerySet["Look"]):
    """Looks at cases."""

    case_path = "case"


class Look(models.Model):
    """One case that one answer showed to one person. Never changed, never removed.

    `capacity` is as what they saw it, by the grant that shows it; empty where it was shown for a
    purpose of the service. `act` is what they came to the case's own page for, by the policy's
    word; empty where the case was one of a list. `page` is the name of the address.
    """

    class Fields(models.TextChoices):
        LISTED = "listed", "Reference, dates and states, in a list"
        RECORD = "record", "The case’s own page: dates, acts and states"
        CONTENT = "content", "What was written about the case"

    class Way(models.TextChoices):
        PAGE = "page", "Page"
        FILE = "file", "File"
        CALENDAR = "calendar", "Calendar"
        API = "api", "Answer to a program"
        FAILED = "failed", "Page that failed and showed nothing"

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="looks")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "workflow.Organisation", models.PROTECT, null=True, related_name="+"
    )
    role = models.CharField(max_length=24, blank=True)
    capacity = models.CharField(max_length=20, blank=True)
    act = models.CharField(max_length=40, blank=True)
    page = models.CharField(max_length=80, blank=True)
    fields = models.CharField(max_length=10, choices=Fields.choices)
    way = models.CharField(max_length=10, choices=Way.choices)
    at = models.DateTimeField()
    salt = models.UUIDField(db_default=RandomUUID(), editable=False)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["authority", "-id"], name="look_by_authority"),
            models.Index(fields=["case", "-id"], name="look_by_case"),
        ]
        triggers = [*append_only(), Arrive(kind=content.LOOK)]

    def __str__(self) -> str:
        return f"{self.way} ({self.fields})"


class Arrival(models.Model):
    """An entry that waits to be taken into the log, which happens within a minute or so.

    A trigger writes it in the transaction of the entry itself; no request waits for the log. It
    holds no content, and no process that serves pages can read it.
    """

    kind = models.CharField(max_length=5)
    entry = models.BigIntegerField()
    case_number = models.BigIntegerField()
    commitment = models.BinaryField()
    arrived_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.entry}"


class Leaf(models.Model):
    """One entry's place in the log: its commitment, and which row opens it while that is kept."""

    position = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=5)
    entry = models.BigIntegerField()
    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    commitment = models.BinaryField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "entry"], name="leaf_once_for_an_entry")
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.position)


class Counted(models.Model):
    """How many entries of a case the newest checkpoint counted, that the next counts what is new.

    It proves nothing, and is made anew from the log where it is not what that checkpoint signed.
    The log's own process alone has it.
    """

    case_number = models.BigIntegerField(primary_key=True)
    entries = models.BigIntegerField()

    class Meta:
        verbose_name_plural = "counted"

    def __str__(self) -> str:
        return f"{self.case_number}: {self.entries}"


class Checkpoint(models.Model):
    """The log's signed state at a size. A copy of each lies outside the database.

    `peaks` are the roots of the whole trees that the tree is made of, from which it grows on;
    `counts` is the root of the tree that counts each case's entries, `counted` how many cases.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    counts = models.CharField(max_length=64)
    counted = models.BigIntegerField()
    at = models.DateTimeField()
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    peaks = models.JSONField()

    class Meta:
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.size)
