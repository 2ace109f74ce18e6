"""One append-only trail per case: who did what, in which capacity, when and why."""

from django.db import models

from workflow.audit.walls import append_only
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel


class Event(SealedModel):
    """One act on a case, as it happened. Never changed, never removed.

    `on` and `at` tell when it happened, `recorded_at` when it was written down: they differ when
    a notification received by telephone is entered later. The payload holds codes, dates and
    states only; what people wrote is sealed.
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
    payload = models.JSONField(default=dict)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["case", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["case", "sequence"], name="event_once_in_sequence"),
            models.CheckConstraint(
                condition=models.Q(actor__isnull=False) | models.Q(capacity="system"),
                name="event_names_its_actor",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.act} ({self.sequence})"
