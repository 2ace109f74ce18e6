"""The outbox: whatever is ever sent is a row here before it is a message."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

if TYPE_CHECKING:
    from workflow.deadlines.models import Deadline

# In the payload: until when a message was kept back, because it is not for any day.
NOT_BEFORE = "not_before"
WAITING = Q(sent_at__isnull=True, dead_at__isnull=True, cancelled_at__isnull=True)
# What goes by mail; what a webhook is told waits for its own turn.
MAIL = Q(webhook__isnull=True)


def free(at: datetime) -> Q:
    """The condition that no sender holds a row."""
    return Q(lease_until__isnull=True) | Q(lease_until__lt=at)


def _alone(name: str) -> Q:
    """The condition that it is for this kind of recipient and for no other."""
    return Q(**{f"{one}__isnull": one != name for one in ("person", "organisation", "webhook")})


class Outbox(models.Model):
    """One message to one recipient. It names a case, an act and a date; never a person in the case.

    `dedupe` makes it unique, so that two writers of the same message write one. A sender claims a
    row with a lease, sends, then marks it sent.
    """

    dedupe = models.CharField(max_length=160)
    kind = models.CharField(max_length=60)
    case = models.ForeignKey("workflow.Case", models.PROTECT, null=True, related_name="messages")
    authority = models.ForeignKey(
        "workflow.Organisation", models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(
        "workflow.Organisation", models.PROTECT, null=True, related_name="messages"
    )
    # Most rows are mail, of which no index of all webhooks should hold anything.
    webhook = models.ForeignKey(
        "workflow.Webhook", models.PROTECT, null=True, related_name="messages", db_index=False
    )
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    # How often it was tried to the end, and how often it was taken since without any end.
    attempts = models.PositiveSmallIntegerField(default=0)
    claims = models.PositiveSmallIntegerField(default=0, db_default=0)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    # Not needed any more when its turn came: what it speaks of was done before.
    cancelled_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)
    # What the post office at the other end says later, where it says anything.
    receipt_id = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Not of the field, which would bring an index for searches by its beginning besides.
            models.UniqueConstraint(fields=["dedupe"], name="outbox_once"),
            models.CheckConstraint(
                condition=_alone("person") | _alone("organisation") | _alone("webhook"),
                name="outbox_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(dead_at__isnull=True),
                name="outbox_sent_or_dead",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True)
                | Q(sent_at__isnull=True, dead_at__isnull=True),
                name="outbox_cancelled_alone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="outbox_due",
                condition=WAITING & MAIL,
            ),
            # What waits for one that is away is walked over by nobody else.
            models.Index(
                fields=["webhook", "next_attempt_at", "id"],
                name="outbox_due_for_webhooks",
                condition=WAITING & ~MAIL,
            ),
            # What has waited for too long for one that is away, however much else waits for it.
            models.Index(
                fields=["webhook", "created_at"],
                name="outbox_old_for_webhooks",
                condition=WAITING & ~MAIL,
            ),
            models.Index(
                fields=["sent_at"],
                name="outbox_last_sent",
                condition=Q(sent_at__isnull=False) & MAIL,
            ),
            models.Index(
                fields=["id"], name="outbox_dead", condition=Q(dead_at__isnull=False) & MAIL
            ),
            models.Index(
                fields=["webhook"],
                name="outbox_dead_for_webhooks",
                condition=Q(dead_at__isnull=False) & ~MAIL,
            ),
            models.Index(fields=["webhook", "-id"], name="outbox_of_webhooks", condition=~MAIL),
            models.Index(
                fields=["receipt_id"], name="outbox_by_receipt", condition=~Q(receipt_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def waits_since(self) -> datetime:
        """When it could first have left: what is kept for a working day does not wait before."""
        kept_until = self.payload.get(NOT_BEFORE)
        return datetime.fromisoformat(kept_until) if kept_until else self.created_at

    @cached_property
    def rungs(self) -> "dict[int, list[str]]":
        """The rungs that it carries, by the clock; read for many rows at once as `clocks` are."""
        found: dict[int, list[str]] = {}
        if self.pk is not None:
            carried = self.reminders.filter(withheld="").order_by("pk")
            for deadline, rung in carried.values_list("deadline_id", "rung"):
                found.setdefault(deadline, []).append(rung)
        return found

    @cached_property
    def clocks(self) -> "list[Deadline]":
        """The clocks that it reminds of; whoever reads many rows sets them for all at once."""
        carried = self.reminders.filter(withheld="").order_by("pk")
        return [reminder.deadline for reminder in carried.select_related("deadline__case")]
