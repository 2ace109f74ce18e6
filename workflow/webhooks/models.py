"""The addresses of authorities' own systems that are told of acts on their cases."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from workflow.audit.walls import append_only
from workflow.people.organisations import Organisation

HTTPS = "https://"
USUAL_PORT = 443
# How long one that was away is left alone, doubled each time, and the most.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)

# In a row, which is after an hour, its administrators are told that a receiver is away.
AWAY_FOR_LONG = 8


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks."""

    def in_force(self) -> "WebhookQuerySet":
        """Those that are told."""
        return self.filter(ended_at=None)


class Webhook(models.Model):
    """An address that is told of each act on the cases of one authority, while it is in force.

    What signs its messages rests sealed, under a key made from the master key, with its `name`:
    copied into another row it opens nothing. For a while after a change both secrets sign.
    """

    name = models.UUIDField(default=uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="webhooks")
    address = models.CharField(max_length=300)
    secret = models.CharField(max_length=600)
    secret_before = models.CharField(max_length=600, blank=True)
    both_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    # The worker's alone: when it was last called, and how often in a row it was away since.
    called_at = models.DateTimeField(null=True)
    away = models.PositiveSmallIntegerField(default=0, db_default=0)
    # On how many days its administrators were told that it takes nothing, and on which last: both
    # begin anew once it takes something.
    told_days = models.PositiveSmallIntegerField(default=0, db_default=0)
    told_on = models.DateField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(address__startswith=HTTPS), name="webhook_is_called_in_secret"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="webhook_is_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["authority", "address"],
                condition=Q(ended_at__isnull=True),
                name="webhook_once_an_address",
            ),
        )

    def __str__(self) -> str:
        return f"Webhook {self.pk} of {self.authority_id}"

    @property
    def place(self) -> tuple[str, int]:
        """The host and the port that are connected to."""
        parts = urlsplit(self.address)
        # A name may end in a full stop, which no certificate has.
        return (parts.hostname or "").lower().rstrip("."), parts.port or USUAL_PORT

    def both_sign(self, at: datetime) -> bool:
        """Whether the secret before the last change signs too."""
        return self.both_until is not None and at < self.both_until

    def is_due(self, at: datetime) -> bool:
        """Whether it may be called: one that was away is left alone, longer each time."""
        if not self.away or self.called_at is None:
            return True
        # Far beyond the most it would be more than a length of time can hold.
        wait = FIRST_WAIT * 2 ** min(self.away - 1, 16)
        due: datetime = self.called_at + min(wait, LONGEST_WAIT)
        return due <= at


class WebhookAct(models.Model):
    """One thing that somebody did about a webhook. Never changed, never removed."""

    class Did(models.TextChoices):
        REGISTERED = "registered", "Registered"
        CHANGED = "changed", "Secret changed"
        ENDED = "ended", "Ended"
        AGAIN = "again", "What was given up told again"

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="acts")
    did = models.CharField(max_length=20, choices=Did.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(did__in=["registered", "changed", "ended", "again"]),
                name="webhookact_known",
            ),
        )
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.did} ({self.pk})"
