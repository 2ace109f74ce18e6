"""The proposal that a case passes to another authority: whom it waits for, and how it ended."""

from django.db import models
from django.db.models import F, Q

from workflow.audit.history import keep_history
from workflow.audit.walls import KeepButTakeOut, of_an_act
from workflow.machine.case import Case
from workflow.people.organisations import Organisation
from workflow.sealed.fields import SealedText
from workflow.sealed.models import SealedModel


class TransferState(models.TextChoices):
    """Whom a transfer waits for, or how it ended."""

    AGREEMENT = "agreement", "Waits for the secretariat"
    OFFERED = "offered", "Waits for the other authority"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    TAKEN_BACK = "taken_back", "Taken back"


S = TransferState
OPEN = (S.AGREEMENT, S.OFFERED)
# Why it was proposed, and what was answered, are the reasons of two acts.
_PROPOSED = f"NEW.answer = OLD.answer AND {of_an_act('proposed_by_id', 'proposed_on', 'on')}"
_ANSWERED = f"NEW.reason = OLD.reason AND {of_an_act('answered_by_id', 'answered_on', 'on')}"


@keep_history(
    taken_out=KeepButTakeOut(columns=("reason", "answer"), of=f"(({_PROPOSED}) OR ({_ANSWERED}))")
)
class CaseTransfer(SealedModel):
    """One proposal that another authority takes a case over, and what became of it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="transfers")
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=S.choices)
    reason = SealedText()
    proposed_on = models.DateField()
    proposed_by = models.ForeignKey("workflow.Person", models.PROTECT, related_name="+")
    answer = SealedText(blank=True)
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey("workflow.Person", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=list(OPEN)), name="transfer_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=S.values), name="transfer_state_known"),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="transfer_to_another_authority"
            ),
        ]

    def __str__(self) -> str:
        return f"transfer of {self.case} to {self.receiver}"


def open_transfer(case: Case) -> CaseTransfer | None:
    """The transfer that waits for an answer; None when none does."""
    row = CaseTransfer.objects.filter(case=case, state__in=OPEN)
    found = row.select_related("giver", "receiver", "proposed_by").first()
    if found is not None:
        found.case = case
    return found
