"""Cases that tell of the same death or incident: linked, never overwritten."""

from django.db import models
from django.db.models import F, Q

from workflow.audit.history import keep_history
from workflow.machine.case import Case


class LinkKind(models.TextChoices):
    """Why two cases belong together."""

    SAME_DEATH = "same_death", "The same death, notified by another authority"
    DUPLICATE = "duplicate", "The same incident, notified twice"
    RELATED = "related", "A related incident"


@keep_history()
class CaseLink(models.Model):
    """Two cases that belong together. Each keeps its own clocks and trail."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, models.PROTECT, related_name="linked_from")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    linked_on = models.DateField()
    linked_by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="case_linked_once"),
            models.CheckConstraint(condition=~Q(case=F("other")), name="case_not_linked_to_itself"),
            models.CheckConstraint(
                condition=Q(kind__in=LinkKind.values), name="case_link_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} and {self.other}"
