"""Where a notification may stand, whose turn it is there, and what must hold before it moves."""

from typing import Any

from django.db import models

from workflow.law import duties
from workflow.machine.acts import Condition, Stage, Waiting


class NotificationState(models.TextChoices):
    """Where a notification stands."""

    REFERRED = "referred", "Referred"
    DRAFT = "draft", "Draft"
    THRESHOLD_DECISION = "threshold_decision", "Partners deciding"
    AWAITING_APPROVAL = "awaiting_approval", "Awaiting approval"
    SUBMITTED = "submitted", "Sent"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    INFORMATION_REQUESTED = "information_requested", "Information requested"
    LINKED_TO_RAPID_REVIEW = "linked_to_rapid_review", "Criteria confirmed"
    NOT_NOTIFIED = "not_notified", "Not notified"
    CRITERIA_NOT_MET = "criteria_not_met", "Criteria not met"
    WITHDRAWN_DUPLICATE = "withdrawn_duplicate", "Withdrawn duplicate"
    CLOSED_NO_REVIEW = "closed_no_review", "Closed, no review"


class Proposal(models.TextChoices):
    """What the authority proposes and the secretariat may agree to."""

    CRITERIA_NOT_MET = "criteria_not_met", "Criteria not met"
    WITHDRAWAL = "withdrawal", "Withdrawal as a duplicate"


S = NotificationState
AUTHORITY = ("la_notifier", "la_approver")
# A system files for its authority what a notifier files, and decides nothing.
FILERS = (*AUTHORITY, "la_filing_system")
SECRETARIAT = ("panel_secretariat",)
BEFORE_SENDING = (S.REFERRED, S.DRAFT, S.THRESHOLD_DECISION, S.AWAITING_APPROVAL)
# Sent, and its rapid review neither confirmed nor sent.
BEFORE_THE_REVIEW = (S.SUBMITTED, S.ACKNOWLEDGED, S.INFORMATION_REQUESTED)
WITH_THE_PANEL = (*BEFORE_THE_REVIEW, S.LINKED_TO_RAPID_REVIEW)
ENDS = (S.NOT_NOTIFIED, S.CRITERIA_NOT_MET, S.WITHDRAWN_DUPLICATE, S.CLOSED_NO_REVIEW)
# Why a clock is cancelled when its case passes to another authority before it was met.
TRANSFERRED = "transferred"
# Why a clock is cancelled when its duty arises no longer; when it does, the clock runs again.
FACTS_CHANGED = "facts_changed"
# What says of a draft that it was received by telephone or email, and when.
RECEIVED = "received_another_way"
# The partners are told by the service itself, at the moment at which the sending is written down.
TELLING = duties.TELL_THE_PARTNERS.slug
CLOCKS = (
    duties.NOTIFY_THE_PANEL.slug,
    TELLING,
    duties.LOOKED_AFTER_CHILD_DEATH.slug,
    duties.CARE_LEAVER_DEATH.slug,
)


def is_sent(case: Any, machines: Any = ()) -> bool:
    """Whether the present notification of a case was sent: not a draft after one that was."""
    return case.notification.state not in (*BEFORE_SENDING, S.NOT_NOTIFIED)


AWARENESS_RECORDED = Condition(
    lambda process: process.case.aware_on is not None,
    "Enter the date the authority became aware of the incident.",
)
DUTY_KNOWN = Condition(
    lambda process: bool(process.case.route.duties) or process.case.route.goes_to_panel,
    "Answer the questions about whether this needs to be notified: as answered, "
    "no duty to notify arises.",
)
CRITERIA_PROPOSED = Condition(
    lambda process: process.proposal == Proposal.CRITERIA_NOT_MET,
    "The authority must first propose that the criteria are not met.",
)
WITHDRAWAL_PROPOSED = Condition(
    lambda process: process.proposal == Proposal.WITHDRAWAL,
    "The authority must first propose to withdraw the notification.",
)
NOT_FOR_THE_PANEL = Condition(
    lambda process: not process.case.route.goes_to_panel,
    "A notification that goes to the Panel is not closed without a rapid review.",
)
FOR_THE_PANEL = Condition(
    lambda process: process.case.route.goes_to_panel,
    "Only a notification that goes to the Panel leads to a rapid review.",
)

WAITING: dict[str, Waiting] = {
    S.REFERRED: Waiting("la_notifier", CLOCKS, working_days=1),
    S.DRAFT: Waiting("la_notifier", CLOCKS, working_days=1),
    S.THRESHOLD_DECISION: Waiting("la_approver", CLOCKS, working_days=1),
    S.AWAITING_APPROVAL: Waiting("la_approver", CLOCKS, working_days=1),
    S.SUBMITTED: Waiting("panel_secretariat", working_days=1),
    S.ACKNOWLEDGED: Waiting("panel_secretariat", working_days=5),
    S.INFORMATION_REQUESTED: Waiting("la_notifier", working_days=5),
    S.LINKED_TO_RAPID_REVIEW: Waiting("la_notifier", stage=Stage.PASSED_ON),
    S.NOT_NOTIFIED: Waiting("la_approver", stage=Stage.END),
    S.CRITERIA_NOT_MET: Waiting("panel_secretariat", stage=Stage.END),
    S.WITHDRAWN_DUPLICATE: Waiting("panel_secretariat", stage=Stage.END),
    S.CLOSED_NO_REVIEW: Waiting("dfe_receiver", stage=Stage.END),
}
