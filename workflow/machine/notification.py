"""The notification's machine: from the first report of an incident to the rapid review."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django_fsm import FSMModelMixin

from workflow.audit.history import keep_history
from workflow.law import duties
from workflow.machine import bases
from workflow.machine import notification_states as states
from workflow.machine.acts import SYSTEM, StateField, Waiting, steps_of
from workflow.machine.authors import ANOTHER_APPROVES, Written
from workflow.machine.case import Case
from workflow.machine.notification_states import (
    AUTHORITY,
    BEFORE_SENDING,
    CLOCKS,
    SECRETARIAT,
    WAITING,
    WITH_THE_PANEL,
    NotificationState,
    Proposal,
)
from workflow.machine.walls import LegalEdges, LegalStart, legal_states

S = NotificationState
_STATE = StateField(default=S.DRAFT, choices=S.choices, protected=True)
step = steps_of(_STATE)


@keep_history()
class NotificationProcess(FSMModelMixin, Written):
    """How the notification of one case moves.

    `cycle` counts its notifications: harm that becomes a death, a transfer, begins the next one.
    """

    MACHINE: ClassVar[str] = "notification"
    STARTS: ClassVar[tuple[str, ...]] = (S.REFERRED, S.DRAFT)
    WAITING: ClassVar[dict[str, Waiting]] = WAITING

    case = models.OneToOneField(Case, models.PROTECT, related_name="notification")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    state = _STATE
    cycle = models.PositiveSmallIntegerField(default=1)
    entered_on = models.DateField()
    expected_on = models.DateField(null=True)
    proposal = models.CharField(max_length=20, choices=Proposal.choices, blank=True)
    received_by = models.CharField(max_length=20, blank=True)
    channel_reference = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            legal_states(S, "notification"),
            models.CheckConstraint(
                condition=Q(proposal__in=["", *Proposal.values]), name="notification_proposal_known"
            ),
            *ANOTHER_APPROVES,
        ]
        indexes = [
            models.Index(fields=["state", "case"], name="notification_by_state"),
            models.Index(fields=["case"], name="notification_proposed", condition=~Q(proposal="")),
            models.Index(
                fields=["case"], name="sent_before_approval", condition=Q(approval_outstanding=True)
            ),
        ]
        triggers = [LegalEdges(), LegalStart()]

    def __str__(self) -> str:
        return f"notification of {self.case}"

    @property
    def number(self) -> int:
        """The cycle: which notification of the case this is."""
        return self.cycle

    @step(
        [S.REFERRED],
        S.DRAFT,
        ("Start the notification", "Notification started"),
        bases.REPORTED,
        AUTHORITY,
    )
    def start_draft(self, move: Any) -> None:
        """The authority takes up what an agency referred; the one who does is its author."""
        self.author = move.by

    @step(
        [S.REFERRED, S.DRAFT],
        S.THRESHOLD_DECISION,
        ("Ask the partners whether to notify", "Partners asked whether to notify"),
        bases.PARTNERS_AGREE,
        AUTHORITY,
    )
    def consider_threshold(self, move: Any) -> None:
        """The three safeguarding partners consider; the clock runs on."""

    @step(
        [S.THRESHOLD_DECISION],
        S.DRAFT,
        ("Decide to notify", "Decided to notify"),
        bases.PARTNERS_AGREE,
        AUTHORITY,
    )
    def decide_to_notify(self, move: Any) -> None:
        """The authority goes on with the notification."""

    @step(
        BEFORE_SENDING,
        S.NOT_NOTIFIED,
        ("Decide not to notify", "Decided not to notify"),
        bases.LAST_WORD,
        ("la_approver",),
        asks_reason=True,
    )
    def decide_not_to_notify(self, move: Any) -> None:
        """An end, reopenable: the clocks stop, and the rationale is kept."""
        move.cancel(*CLOCKS, why="not_notified")

    @step(
        [S.DRAFT, S.THRESHOLD_DECISION],
        S.AWAITING_APPROVAL,
        ("Ask for approval", "Approval asked for"),
        bases.FOUR_EYES,
        states.FILERS,
        conditions=[states.AWARENESS_RECORDED, states.DUTY_KNOWN],
    )
    def ask_for_approval(self, move: Any) -> None:
        """A second person of the authority reads it before it is sent."""
        self.asked_by(move.by)
        move.ask_to_approve(self)

    @step(
        [S.AWAITING_APPROVAL],
        S.DRAFT,
        ("Return it for changes", "Returned for changes"),
        bases.FOUR_EYES,
        states.FILERS,
        asks_reason=True,
    )
    def return_to_draft(self, move: Any) -> None:
        """The approver asks for changes; the clock runs on."""

    @step(
        [S.DRAFT, S.THRESHOLD_DECISION, S.AWAITING_APPROVAL],
        S.SUBMITTED,
        ("Send the notification", "Notification sent"),
        duties.NOTIFY_THE_PANEL,
        (*states.FILERS, *SECRETARIAT),
        conditions=[states.AWARENESS_RECORDED, states.DUTY_KNOWN],
        page="notifications:check",
    )
    def submit(self, move: Any) -> None:
        """Stops the clocks of notifying; where the Panel receives it, the rapid review opens."""
        if self.author_id is None:
            self.author = move.by
        move.send_notification(self)

    @step(
        BEFORE_SENDING,
        S.DRAFT,
        ("Accept the transfer", "Taken over from another authority"),
        bases.PLACE_DECIDES,
        (SYSTEM,),
    )
    def take_over(self, move: Any) -> None:
        """The clocks end as transferred; new ones run from the new authority's own awareness."""
        move.cancel(*CLOCKS, why=states.TRANSFERRED)
        move.begin_next_cycle(self)

    @step(
        [S.SUBMITTED],
        S.ACKNOWLEDGED,
        ("Acknowledge the notification", "Notification acknowledged"),
        bases.SECRETARIAT_RECEIVES,
        (*SECRETARIAT, "dfe_receiver"),
    )
    def acknowledge(self, move: Any) -> None:
        """Says that it arrived. It gates nothing."""

    @step(
        [S.SUBMITTED, S.ACKNOWLEDGED, S.LINKED_TO_RAPID_REVIEW],
        S.INFORMATION_REQUESTED,
        ("Ask for information", "Information requested"),
        bases.PANEL_MAY_ASK,
        (*SECRETARIAT, "dfe_receiver"),
        asks_reason=True,
    )
    def request_information(self, move: Any) -> None:
        """Asks with a reply date. The clock of notifying is not reopened."""
        move.expect_by(move.facts["reply_on"])

    @step(
        [S.INFORMATION_REQUESTED],
        S.ACKNOWLEDGED,
        ("Reply to the request", "Information given"),
        bases.PANEL_MAY_ASK,
        AUTHORITY,
        asks_reason=True,
    )
    def reply(self, move: Any) -> None:
        """The authority answers; the notification is with the receiver again."""

    @step(
        states.BEFORE_THE_REVIEW,
        S.LINKED_TO_RAPID_REVIEW,
        ("Confirm the criteria are met", "Criteria confirmed"),
        bases.REVIEW_FOLLOWS,
        (*SECRETARIAT, SYSTEM),
        conditions=[states.FOR_THE_PANEL],
    )
    def link_to_rapid_review(self, move: Any) -> None:
        """The normal exit: the rapid review carries the case on."""
        self.proposal = ""

    @step(
        WITH_THE_PANEL,
        S.CRITERIA_NOT_MET,
        ("Agree that the criteria are not met", "Criteria found not to be met"),
        bases.CRITERIA_NOT_MET,
        SECRETARIAT,
        conditions=[states.CRITERIA_PROPOSED],
        asks_reason=True,
    )
    def confirm_criteria_not_met(self, move: Any) -> None:
        """An end, reopenable: no rapid review is owed any more; nothing is deleted."""
        self.proposal = ""
        move.end_rapid_review(why="criteria_not_met")

    @step(
        WITH_THE_PANEL,
        S.WITHDRAWN_DUPLICATE,
        ("Agree to the withdrawal", "Withdrawn as a duplicate"),
        bases.DUPLICATE,
        (*SECRETARIAT, "dfe_receiver"),
        conditions=[states.WITHDRAWAL_PROPOSED],
        asks_reason=True,
    )
    def withdraw_as_duplicate(self, move: Any) -> None:
        """An end, reopenable: the incident goes on under another reference."""
        self.proposal = ""
        move.end_rapid_review(why="withdrawn_duplicate")

    @step(
        [S.SUBMITTED, S.ACKNOWLEDGED],
        S.CLOSED_NO_REVIEW,
        ("Close without a review", "Closed without a review"),
        bases.NO_REVIEW_OWED,
        ("dfe_receiver", *SECRETARIAT),
        conditions=[states.NOT_FOR_THE_PANEL],
    )
    def close_without_review(self, move: Any) -> None:
        """An end, reopenable: a looked-after child's or care leaver's death, nothing suspected."""

    @step(
        states.ENDS,
        S.DRAFT,
        ("Reopen the case", "Case reopened"),
        bases.NEW_INFORMATION,
        (*AUTHORITY, *SECRETARIAT),
        asks_reason=True,
    )
    def reopen(self, move: Any) -> None:
        """A decision is looked at again: the next cycle begins, with clocks of its own."""
        move.begin_next_cycle(self)

    @step(
        (*WITH_THE_PANEL, S.CRITERIA_NOT_MET, S.CLOSED_NO_REVIEW, S.NOT_NOTIFIED),
        S.DRAFT,
        ("Notify that the child has died", "Harm became a death: new notification started"),
        duties.NOTIFY_THE_PANEL,
        AUTHORITY,
        asks_reason=True,
    )
    def harm_became_death(self, move: Any) -> None:
        """The same case goes on: a new clock from awareness of the death, the old ones kept."""
        move.begin_next_cycle(self)

    @step(
        (*states.BEFORE_THE_REVIEW, S.CLOSED_NO_REVIEW, S.NOT_NOTIFIED),
        S.DRAFT,
        (
            "Notify that abuse or neglect is now suspected",
            "Abuse now suspected: new notification started",
        ),
        duties.NOTIFY_THE_PANEL,
        AUTHORITY,
        asks_reason=True,
    )
    def abuse_now_suspected(self, move: Any) -> None:
        """The same case goes on: a new clock from the suspicion, the old ones kept."""
        move.begin_next_cycle(self)
