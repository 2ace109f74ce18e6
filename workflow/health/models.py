"""What a person did about a message that could not be sent."""

from django.db import models
from django.db.models import Q

from workflow.audit.walls import append_only
from workflow.outbox.models import Outbox


class DeadLetterAct(models.Model):
    """Somebody had a message tried again, or closed it as dealt with: who, and when.

    A message given up again after an act waits for a person again.
    """

    class What(models.TextChoices):
        """What can be done about it."""

        TRIED_AGAIN = "again", "Tried again"
        CLOSED = "closed", "Closed: dealt with in another way"

    message = models.ForeignKey(Outbox, models.PROTECT, related_name="acts")
    what = models.CharField(max_length=8, choices=What.choices)
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # What the message had come to when it was dealt with.
    attempts = models.PositiveSmallIntegerField()
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = append_only()
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["again", "closed"]), name="deadletteract_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.message_id}"
