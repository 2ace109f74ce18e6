"""That a case was restricted to named people, or no longer is; and what the database makes of it.

Named is who has a grant in their own name, as somebody of an organisation (`Grant.named_at`). While
a case is restricted every other grant is set aside: it stands where it stood, and gives nothing.
"""

import pgtrigger
from django.db import models

from workflow.audit.walls import KeepButTakeOut, StandingTrigger, append_only, of_an_act
from workflow.people.organisations import Organisation
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel


class TakesEffect(StandingTrigger):
    """What is recorded holds from the same moment: for the case, and for each of its grants."""

    name = "takes_effect"
    when = pgtrigger.After
    operation = pgtrigger.Insert

    def get_func(self, model: models.Model) -> str:
        """The case says so, and its grants that name nobody follow."""
        return (
            "UPDATE workflow_case SET restricted = NEW.restricts WHERE id = NEW.case_id; "
            "UPDATE workflow_grant SET set_aside = NEW.restricts"
            " WHERE case_id = NEW.case_id AND named_at_id IS NULL; "
            "RETURN NULL;"
        )


class CaseRestriction(SealedModel):
    """A case was restricted, or the restriction lifted. Never removed.

    Nor changed, but as words are taken out of the reason. The newest of a case holds. The reason
    tells of somebody, so it is sealed.
    """

    case = models.ForeignKey("workflow.Case", models.PROTECT, related_name="restrictions")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    restricts = models.BooleanField()
    by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = SealedText()
    on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "-id"], name="caserestriction_newest")]
        triggers = [
            *append_only(taken_out=KeepButTakeOut(columns=("reason",), of=of_an_act())),
            TakesEffect(),
        ]

    def __str__(self) -> str:
        return f"restriction {self.pk}"
