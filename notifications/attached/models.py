"""What is attached to a case: what is known of each document, and where its content lies.

The content lies in quarantine until the scanner has called it clean, and only then where it is
read from. They are two tables: the process that serves pages may put a file into the first and
never read it, and read the second and never write it. Whatever a page does, nothing reaches
anybody that the worker has not had scanned.
"""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from notifications.attached.limits import KINDS, MOST_BYTES
from workflow.access.visible import VisibleToQuerySet
from workflow.audit.walls import KeepButTakeOut, KeepTable, StandingTrigger, of_the_text
from workflow.retention.walls import under_hold
from workflow.sealed.fields import SealedBytes, SealedText
from workflow.sealed.mixin import SealedModel

# As the trail and the database know what is said of one when words are taken out of it.
A_DOCUMENT = "document"


class AttachedQuerySet(VisibleToQuerySet["AttachedDocument"]):
    """Documents, seen by whoever sees their case."""

    case_path = "case"


class ContentQuerySet(VisibleToQuerySet["ScannedContent"]):
    """Contents, seen by whoever sees their case."""

    case_path = "case"


class OneWay(StandingTrigger):
    """A document is held, then clean or refused, then perhaps removed; and never goes back."""

    when = pgtrigger.Before
    operation = pgtrigger.Update | pgtrigger.Delete

    def get_func(self, model: models.Model) -> str:
        """Refuses every other step, and that a row is taken away."""
        return (
            "IF TG_OP = 'UPDATE' AND (OLD.state = NEW.state"
            " OR OLD.state = 'held' AND NEW.state IN ('clean', 'refused', 'removed')"
            " OR OLD.state = 'clean' AND NEW.state = 'removed') THEN RETURN NEW; END IF;"
            " RAISE EXCEPTION 'an attached document goes one way alone' USING ERRCODE = '23514';"
        )


class SaidForGood(KeepButTakeOut):
    """What a document is called and about stays as it was said, but that words are taken out."""

    operation = pgtrigger.UpdateOf("name", "about")  # type: ignore[no-untyped-call]

    def __init__(self) -> None:
        columns, of = ("name", "about"), of_the_text(A_DOCUMENT)
        super().__init__(columns=columns, of=of, name="said_for_good")


class KeptUnderHold(StandingTrigger):
    """While a legal hold stands on a case, no content of it is destroyed, whoever asks.

    What was moved to where it is read from may leave its quarantine.
    """

    name = "kept_under_hold"
    when = pgtrigger.Before
    operation = pgtrigger.Delete

    def __init__(self, *, unless_in: str = "") -> None:
        super().__init__()
        self.unless_in = unless_in

    def get_func(self, model: models.Model) -> str:
        """Refuses with why; never with anything of the case."""
        moved = (
            f" AND NOT EXISTS (SELECT FROM {self.unless_in} t"
            " WHERE t.document_id = OLD.document_id)"
        )
        return (
            f"IF {under_hold('OLD')}{moved if self.unless_in else ''} THEN"
            " RAISE EXCEPTION 'the record is under a legal hold' USING ERRCODE = '23514';"
            " END IF; RETURN OLD;"
        )


class AttachedDocument(SealedModel):
    """One document of a case. What it is called and what it is are sealed; its content is apart.

    Numbers of a case are never given again. `digest` is what its content is known by in the trail,
    and tells nothing to whoever can't open its `salt`. `fault` says why the last look of the
    scanner came to nothing, in one word; `next_look_at` when the worker looks again.
    """

    class State(models.TextChoices):
        HELD = "held", "Held until it is scanned"
        CLEAN = "clean", "Ready"
        REFUSED = "refused", "Refused"
        REMOVED = "removed", "Removed"

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="attached")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    size = models.PositiveIntegerField()
    name = SealedText()
    about = SealedText()
    salt = SealedBytes()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    looks = models.PositiveIntegerField(default=0)
    fault = models.CharField(max_length=16, blank=True)
    next_look_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects = AttachedQuerySet.as_manager()

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="attached_once_by_number"),
            models.CheckConstraint(
                condition=Q(kind__in=list(KINDS)),
                name="attached_kind_known",
                violation_error_message="The document is of no kind that is taken.",
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=MOST_BYTES),
                name="attached_not_too_large",
                violation_error_message="A document must be 10 MB or smaller.",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False, removed_by__isnull=False, state="removed")
                | (Q(removed_at__isnull=True, removed_by__isnull=True) & ~Q(state="removed")),
                name="attached_removed_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at", "id"], name="attached_held", condition=Q(state="held")
            )
        ]
        triggers = [OneWay(name="one_way"), SaidForGood(), KeepTable(name="keep_table")]

    def __str__(self) -> str:
        return f"document {self.number} of case {self.case_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Stores the row under its case's authority."""
        self.authority_id = self.authority_id or self.case.authority_id
        super().save(*args, **kwargs)


class _Content(SealedModel):
    # The row is named by its document, so that whoever writes it need read nothing of the table.
    document = models.OneToOneField(
        AttachedDocument, models.PROTECT, primary_key=True, related_name="+"
    )
    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    content = SealedBytes()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"content of document {self.document_id}"


class QuarantinedContent(_Content):
    """The content of a document that is held: pages write it, the worker alone reads it.

    Under a legal hold also that of one that was refused: it is destroyed when the hold is lifted.
    """

    class Meta:
        triggers = [KeptUnderHold(unless_in="notifications_scannedcontent")]


class ScannedContent(_Content):
    """The content of a document that was found clean: the worker writes it, pages read it."""

    objects = ContentQuerySet.as_manager()

    class Meta:
        triggers = [KeptUnderHold()]
