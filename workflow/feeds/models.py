"""The secret address under which a person's calendar is read."""

from django.db import models
from django.db.models import Q


class CalendarFeed(models.Model):
    """An address of a person's calendar. Only the digest of its secret is stored.

    A replaced or removed one stays as a row, so that its address is never anybody's again.
    """

    person = models.ForeignKey("workflow.Person", models.PROTECT, related_name="calendar_feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(revoked_at__isnull=True),
                name="calendarfeed_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"Calendar of person {self.person_id}"
