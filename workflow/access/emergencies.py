"""That somebody opened a case in an emergency, and what was found about it afterwards."""

from django.db import models

from workflow.access.models import Grant
from workflow.audit.walls import append_only
from workflow.people.organisations import Organisation
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel


class Emergency(SealedModel):
    """A case opened for an hour by somebody who had no right to it. Never changed, never removed.

    The reason is about a case, so it is sealed. `review_due_on` is the fifth working day after it.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="emergencies")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="emergency")
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="emergencies")
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = SealedText()
    on = models.DateField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    review_due_on = models.DateField()

    class Meta:
        ordering = ["-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"emergency {self.pk}"


class EmergencyReview(SealedModel):
    """What somebody else found about an emergency. Never changed, never removed."""

    class Finding(models.TextChoices):
        RIGHT = "right", "It was right"
        WRONG = "wrong", "It was not right"

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    emergency = models.OneToOneField(Emergency, models.PROTECT, related_name="review")
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    finding = models.CharField(max_length=10, choices=Finding.choices)
    note = SealedText()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(finding__in=["right", "wrong"]),
                name="emergencyreview_finding_known",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"review of emergency {self.emergency_id}"
