"""That somebody has looked at a missed date, and the lists a person keeps by a name."""

from django.conf import settings
from django.db import models

from workflow.audit.walls import KeepButTakeOut, append_only
from workflow.deadlines.models import Deadline
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel

# What the words of one are known by out of which some are taken: the authority's, and the Panel's.
SEEN, SEEN_BY_THE_PANEL = "missed-date", "panel-missed-date"


class BreachAcknowledgement(SealedModel):
    """A person has seen a missed date and says what is being done. Never removed.

    Nor changed, but as words are taken out of it. It changes nothing about the date: late stays
    late. The reason is about a case, so it is sealed.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="+")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="acknowledgements")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    organisation = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    reason = SealedText()

    class Meta:
        ordering = ["pk"]
        triggers = append_only(
            taken_out=KeepButTakeOut(
                columns=("reason",),
                of=f"r.document IN ('{SEEN}', '{SEEN_BY_THE_PANEL}') AND r.item = OLD.id::text",
            )
        )

    def __str__(self) -> str:
        return f"acknowledgement of deadline {self.deadline_id}"


class SavedFilter(models.Model):
    """A person's own name for a narrowed list. It holds the filters, never a row of the list."""

    MOST = 20

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="savedfilter_once_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
