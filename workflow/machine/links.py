"""Cases that tell of the same death or incident: linked, never overwritten."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from workflow.audit.history import keep_history
from workflow.machine.case import Case, CaseQuerySet, Outcome

# Two authorities may know the day of one incident differently.
DAYS_APART = 3


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


def of_the_same_death(case: Case, among: CaseQuerySet) -> CaseQuerySet:
    """The cases of other authorities that may tell of the same death, and are not linked to it.

    One authority owes a notification because it looked after the child, another because the child
    died in its area.
    """
    if case.outcome != Outcome.DIED or case.incident_on is None:
        return among.none()
    around = timedelta(days=DAYS_APART)
    looked_after_there = Q(looked_after=True, looked_after_by_another=False)
    looked_after_here = case.looked_after and not case.looked_after_by_another
    linked = Q(links__other=case) | Q(linked_from__case=case)
    found = among.filter(
        ~looked_after_there if looked_after_here else looked_after_there,
        outcome=Outcome.DIED,
        notified_on__isnull=False,
        incident_on__range=(case.incident_on - around, case.incident_on + around),
    )
    return found.exclude(authority=case.authority_id).exclude(linked)
