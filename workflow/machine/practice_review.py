"""The practice review's machine: a local (LCSPR) or national review, from decision to learning."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django_fsm import FSMModelMixin

from workflow.audit.history import keep_history
from workflow.law import duties
from workflow.machine import bases
from workflow.machine.acts import StateField, Waiting, steps_of
from workflow.machine.case import Case
from workflow.machine.practice_review_states import (
    COMPLETE,
    CONDUCTS,
    INDEXES,
    LOCAL,
    NATIONAL,
    PANEL,
    PARTNERS,
    WAITING,
    WORKING,
    PracticeReviewState,
    ReviewKind,
)
from workflow.machine.walls import LegalEdges, LegalStart, legal_states

S = PracticeReviewState
_STATE = StateField(default=S.UNDECIDED, choices=S.choices, protected=True)
step = steps_of(_STATE)


@keep_history()
class PracticeReview(FSMModelMixin, models.Model):
    """A practice review of a case; there may be many. Its local clock runs from the decision."""

    MACHINE: ClassVar[str] = "practice review"
    STARTS: ClassVar[tuple[str, ...]] = (S.UNDECIDED, S.DECISION_YES, S.NO_LCSPR, S.PANEL_DECISION)
    WAITING: ClassVar[dict[str, Waiting]] = WAITING

    case = models.ForeignKey(Case, models.PROTECT, related_name="practice_reviews")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=ReviewKind.choices, default=ReviewKind.LOCAL)
    state = _STATE
    decision_code = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True)
    entered_on = models.DateField()
    expected_on = models.DateField(null=True)
    publish_on = models.DateField(null=True)
    clock = models.PositiveSmallIntegerField(null=True)
    copy_clock = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            legal_states(S, "practice_review"),
            models.UniqueConstraint(
                fields=["case", "number"], name="practice_review_once_a_number"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReviewKind.values), name="practice_review_kind_known"
            ),
        ]
        indexes = INDEXES
        triggers = [LegalEdges(), LegalStart()]

    def __str__(self) -> str:
        return f"practice review {self.number} of {self.case}"

    @step(
        [S.UNDECIDED, S.NO_LCSPR],
        S.DECISION_YES,
        ("Decide to commission an LCSPR", "LCSPR decided"),
        bases.LOCAL_REVIEW_POWER,
        roles=PARTNERS,
        conditions=(LOCAL,),
        reason_from=[S.NO_LCSPR],
    )
    def decide_yes(self, move: Any) -> None:
        """The six-month clock starts on the day the partners decide, not on the Panel's reply."""
        move.decide_local_review(self)
        move.take_reply()

    @step(
        [S.UNDECIDED],
        S.UNDECIDED,
        ("Put off the decision", "Decision put off"),
        bases.LOCAL_REVIEW_POWER,
        roles=PARTNERS,
        conditions=(LOCAL,),
        asks_reason=True,
    )
    def put_off(self, move: Any) -> None:
        """The partners say anew by when they decide; the rapid review is not sent again."""
        move.expect_by(move.facts["decide_by"])

    @step(
        [S.UNDECIDED, S.DECISION_YES],
        S.NO_LCSPR,
        ("Decide against an LCSPR", "No LCSPR"),
        bases.LOCAL_REVIEW_POWER,
        roles=PARTNERS,
        conditions=(LOCAL,),
        asks_reason=True,
    )
    def decide_no(self, move: Any) -> None:
        """An end, reopenable: the rationale is kept."""
        self.decision_code = move.facts.get("decision_code", self.decision_code)
        self.decided_on = move.facts.get("decided_on", move.on)
        move.end_copy_clock(self, why="no_lcspr")
        if self.clock:
            move.cancel(*COMPLETE, why="no_lcspr", cycle=self.clock)
        move.take_reply()

    @step(
        [S.DECISION_YES],
        S.SCOPING,
        ("Set the scope", "Scoping started"),
        bases.LOCAL_REVIEW_POWER,
        roles=PARTNERS,
        conditions=(LOCAL,),
    )
    def scope(self, move: Any) -> None:
        """Terms of reference are being agreed."""

    @step(
        [S.SCOPING],
        S.REVIEWER_APPOINTED,
        ("Appoint the reviewer", "Reviewer appointed"),
        bases.LOCAL_REVIEWER,
        roles=PARTNERS,
        conditions=(LOCAL,),
    )
    def appoint_reviewer(self, move: Any) -> None:
        """The partners have chosen who reviews."""

    @step(
        [S.REVIEWER_APPOINTED, S.SOS_CONFIRMS_REVIEWER],
        S.IN_PROGRESS,
        ("Start the review", "Review started"),
        bases.REVIEW_PROGRESS,
        roles=CONDUCTS,
    )
    def start(self, move: Any) -> None:
        """The review is under way."""

    @step(
        [S.IN_PROGRESS],
        S.AWAITING_PROCEEDINGS,
        ("Record that proceedings hold it up", "Awaiting parallel proceedings"),
        bases.REVIEW_PROGRESS,
        roles=CONDUCTS,
        asks_reason=True,
    )
    def await_proceedings(self, move: Any) -> None:
        """Criminal or other proceedings come first. The clock runs on."""

    @step(
        [S.AWAITING_PROCEEDINGS],
        S.IN_PROGRESS,
        ("Take it up again", "Review taken up again"),
        bases.REVIEW_PROGRESS,
        roles=CONDUCTS,
    )
    def resume(self, move: Any) -> None:
        """The proceedings no longer hold it up."""

    @step(
        [S.IN_PROGRESS],
        S.DRAFT_REPORT,
        ("Record the draft report", "Report drafted"),
        bases.REVIEW_PROGRESS,
        roles=CONDUCTS,
    )
    def draft_report(self, move: Any) -> None:
        """A draft is with the partners, or for a national review with the Panel."""

    @step(
        [S.DRAFT_REPORT],
        S.PARTNER_APPROVAL,
        ("Ask for approval of the report", "Approval of the report asked for"),
        bases.REVIEW_PROGRESS,
        roles=CONDUCTS,
    )
    def seek_approval(self, move: Any) -> None:
        """The partners, or the Panel, consider the final report."""

    @step(
        [S.PARTNER_APPROVAL, S.PUBLICATION_DELAYED],
        S.ADVANCE_COPY_SENT,
        ("Send the copy before publication", "Copy sent before publication"),
        duties.ADVANCE_COPY,
        roles=(*PARTNERS, *PANEL),
    )
    def send_advance_copy(self, move: Any) -> None:
        """The Panel and the Secretary of State have the report before the public."""
        move.send_advance_copy(self)

    @step(
        [S.ADVANCE_COPY_SENT],
        S.PUBLISHED,
        ("Publish the report", "Report published"),
        bases.PUBLICATION,
        roles=(*PARTNERS, *PANEL),
    )
    def publish(self, move: Any) -> None:
        """The six-month clock stops; the report must stay available from now on."""
        move.publish_review(self)

    @step(
        [S.PARTNER_APPROVAL, S.ADVANCE_COPY_SENT],
        S.PUBLICATION_DELAYED,
        ("Delay publication", "Publication delayed"),
        bases.PUBLICATION,
        roles=(*PARTNERS, *PANEL),
        asks_reason=True,
    )
    def delay_publication(self, move: Any) -> None:
        """The reasons go to the Panel and the Secretary of State. The clock runs on."""
        move.end_copy_clock(self, why="publication_delayed")

    @step(
        [S.PARTNER_APPROVAL, S.ADVANCE_COPY_SENT, S.PUBLICATION_DELAYED],
        S.IMPROVEMENTS_ONLY,
        ("Publish the improvements only", "Improvements published, report not"),
        bases.IMPROVEMENTS_ONLY,
        roles=(*PARTNERS, *PANEL),
        asks_reason=True,
    )
    def publish_improvements_only(self, move: Any) -> None:
        """Publishing the report itself is inappropriate; what should improve is public."""
        move.end_copy_clock(self, why="improvements_only")
        if self.clock:
            move.meet(*COMPLETE, cycle=self.clock)

    @step(
        [S.PUBLISHED, S.IMPROVEMENTS_ONLY],
        S.ACTIONS_MONITORED,
        ("Follow the actions", "Actions being followed"),
        bases.LEARNING,
        roles=(*PARTNERS, *PANEL),
    )
    def monitor(self, move: Any) -> None:
        """What was recommended is followed until something changes."""

    @step(
        [S.ACTIONS_MONITORED],
        S.CLOSED,
        ("Close the review", "Review closed"),
        bases.LEARNING,
        roles=(*PARTNERS, *PANEL),
        asks_reason=True,
    )
    def close(self, move: Any) -> None:
        """The review's work is done."""

    @step(
        [
            S.DECISION_YES,
            *WORKING,
            S.PUBLICATION_DELAYED,
            S.PANEL_DECISION,
            S.SOS_NOTIFIED,
            S.SOS_CONFIRMS_REVIEWER,
        ],
        S.DISCONTINUED,
        ("Discontinue the review", "Review discontinued"),
        bases.LOCAL_REVIEW_POWER,
        roles=("la_approver", "panel_chair"),
        asks_reason=True,
    )
    def discontinue(self, move: Any) -> None:
        """It is not carried to a report; why is kept."""
        move.end_copy_clock(self, why="discontinued")
        if self.clock:
            move.cancel(*COMPLETE, why="discontinued", cycle=self.clock)

    @step(
        [S.PANEL_DECISION],
        S.SOS_NOTIFIED,
        ("Tell the Secretary of State", "Secretary of State told"),
        bases.PANEL_FUNCTIONS,
        roles=PANEL,
        conditions=(NATIONAL,),
    )
    def tell_secretary_of_state(self, move: Any) -> None:
        """The minister knows of the national review and the reviewer the Panel recommends."""

    @step(
        [S.SOS_NOTIFIED],
        S.SOS_CONFIRMS_REVIEWER,
        ("Record the reviewer’s confirmation", "Reviewer confirmed"),
        bases.NATIONAL_REVIEWER,
        roles=PANEL,
        conditions=(NATIONAL,),
    )
    def confirm_reviewer(self, move: Any) -> None:
        """The Secretary of State has confirmed the appointment: regulation 4(5)."""
