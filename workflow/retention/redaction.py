"""Taking words out of one text: what one person proposed, and how another answered."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from workflow.audit.models import Event
from workflow.audit.walls import KeepTable
from workflow.people.organisations import Organisation
from workflow.retention.models import ByWhom
from workflow.retention.redaction_walls import AnsweredByAnother, Proposed
from workflow.sealed.fields import SealedJSON, SealedText
from workflow.sealed.models import SealedModel


class Rule(models.TextChoices):
    """By which rule words are taken out of an answer."""

    NAMED_IN_ERROR = "named_in_error", "Somebody is named in error"
    ANOTHER_CHILD = "another_child", "Another child is named in this child’s case"
    ADDRESS = "address", "An address or a place that must not be known"
    OTHER = "other", "Something else that must not be in the record"


class Redaction(ByWhom, SealedModel):
    """Words are to be taken out of one text, or were, in every version of it.

    Where: `document` without its number, `section` as answers are kept, `page`, `item` and `field`
    as the document asks; of a text in a row of its own, its key and its column. The words rest here
    only while the proposal waits. Answered, the row never changes again and says in how many stored
    copies they stood. Before the day `not_before` nobody confirms it. `confirmed_in` names the one
    transaction in which the database lets go of them.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "Waits for another person"
        DECLINED = "declined", "Declined"
        CONFIRMED = "confirmed", "Taken out"

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="redactions")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    document = models.CharField(max_length=40)
    section = models.CharField(max_length=60)
    page = models.CharField(max_length=60)
    item = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=60)
    rule = models.CharField(max_length=20, choices=Rule.choices)
    reason = SealedText()
    words = SealedJSON(null=True)
    not_before = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    answered_by = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")
    answered_role = models.CharField(max_length=24, blank=True)
    answered_organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    answered_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="+")
    copies = models.PositiveIntegerField(default=0)
    confirmed_in = models.CharField(max_length=60, blank=True, editable=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(rule__in=Rule.values), name="redaction_rule_known"),
            models.CheckConstraint(
                condition=Q(state="proposed", words__isnull=False, answered_by=None, event=None)
                | Q(
                    state__in=["declined", "confirmed"],
                    words__isnull=True,
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                    event__isnull=False,
                ),
                name="redaction_waits_or_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(answered_by=F("by")),
                name="redaction_by_two_people",
            ),
            models.UniqueConstraint(
                fields=["case", "document", "section", "item", "field"],
                condition=Q(state="proposed"),
                name="redaction_one_waits",
                violation_error_message="A proposal for this answer waits already.",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["case", "-id"], name="redaction_of_case")
        ]
        triggers: ClassVar[list[object]] = [
            Proposed(),
            AnsweredByAnother(),
            KeepTable(name="keep_table"),
        ]

    def __str__(self) -> str:
        return f"redaction {self.pk}"
