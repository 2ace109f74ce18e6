"""Records of what keeps a case, and of how it ended. Each is only ever added."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from workflow.audit.walls import append_only
from workflow.people.organisations import Organisation
from workflow.retention.walls import Disposes, LiftsItsOwn, NotWhenGone, OnlyWhenDue
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel


class ByWhom(models.Model):
    """By whom, as what, and when. `on` is a London date, `at` an instant."""

    case: models.ForeignKey[models.Model]
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        abstract = True


class LegalHold(ByWhom, SealedModel):
    """The record is kept whatever its period, until whoever placed this lifts it.

    Why tells of somebody, so it is sealed. Several bodies may each hold a record.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="holds")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    # Its name in the key store, where it stands before it commits.
    mark = models.UUIDField(unique=True, default=uuid4, editable=False)
    reason = SealedText()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["case"], name="hold_of_case")]
        triggers: ClassVar[list[object]] = [*append_only(), NotWhenGone()]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"


class HoldLifted(ByWhom, SealedModel):
    """A legal hold is over, and why."""

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    hold = models.OneToOneField(LegalHold, models.PROTECT, related_name="lifted")
    reason = SealedText()

    class Meta:
        triggers: ClassVar[list[object]] = [*append_only(), LiftsItsOwn()]

    def __str__(self) -> str:
        return f"end of legal hold {self.hold_id}"


class DisposalStep(ByWhom):
    """One step towards the end of a record: proposed, then declined or confirmed by another person.

    The newest of a case holds. A confirmed one is the certificate: it says by which class and
    period, and who, and nothing that anybody wrote. The database itself refuses one by a single
    person, under a hold, or before its day.
    """

    class Kind(models.TextChoices):
        PROPOSED = "proposed", "Destruction proposed"
        DECLINED = "declined", "Proposal declined"
        CONFIRMED = "confirmed", "Destruction confirmed"

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="disposal_steps")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    retention_class = models.CharField(max_length=20)
    years = models.PositiveSmallIntegerField()
    last_act_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(kind__in=["proposed", "declined", "confirmed"]),
                name="disposal_kind_known",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(kind="confirmed"),
                name="disposed_once",
                violation_error_message="The record was destroyed already.",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "-id"], name="disposal_newest")
        ]
        triggers: ClassVar[list[object]] = [*append_only(), OnlyWhenDue(), Disposes()]

    def __str__(self) -> str:
        return f"{self.kind} ({self.pk})"
