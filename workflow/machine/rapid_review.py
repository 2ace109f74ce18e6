"""The rapid review's machine: from the sending of a notification to the Panel's response."""

from typing import Any, ClassVar

from django.db import models
from django_fsm import FSMModelMixin

from workflow.audit.history import keep_history
from workflow.law import duties
from workflow.machine import bases
from workflow.machine.acts import SYSTEM, Condition, Stage, StateField, Waiting, steps_of
from workflow.machine.case import Case
from workflow.machine.practice_review_states import PARTNERS
from workflow.machine.walls import LegalEdges, LegalStart, legal_states


class RapidReviewState(models.TextChoices):
    """Where a rapid review stands."""

    OPENED = "opened", "Opened"
    AGENCY_RETURNS = "agency_returns", "Gathering facts"
    MEETING_HELD = "meeting_held", "Meeting held"
    DRAFTED = "drafted", "Drafted"
    PARTNER_SIGNOFF = "partner_signoff", "Partners signing"
    SIGNED = "signed", "All signed"
    SUBMITTED = "submitted", "Sent"
    PANEL_TRIAGE = "panel_triage", "Panel triage"
    PANEL_CONSIDERED = "panel_considered", "Panel considered"
    RESPONSE_ISSUED = "response_issued", "Response issued"
    REPLY_AWAITED = "reply_awaited", "Reply asked for"
    REPLIED = "replied", "Partners replied"
    RETURNED = "returned_for_more_information", "Returned"
    SUPERSEDED = "superseded_by_national_review", "National review"
    NO_LONGER_REQUIRED = "no_longer_required", "Not required"


S = RapidReviewState
PARTNERSHIP = ("business_unit", "la_notifier", "la_approver")
# A system puts a rapid review before the partners and sends it; their views are people's.
SENDERS = (*PARTNERSHIP, "la_filing_system")
SECRETARIAT = ("panel_secretariat",)
PANEL = ("panel_member", "panel_chair", "panel_secretariat")
IN_PREPARATION = (
    S.OPENED,
    S.AGENCY_RETURNS,
    S.MEETING_HELD,
    S.DRAFTED,
    S.PARTNER_SIGNOFF,
    S.SIGNED,
)
WITH_THE_PANEL = (S.SUBMITTED, S.PANEL_TRIAGE, S.PANEL_CONSIDERED)
ANSWERED = (S.RESPONSE_ISSUED, S.REPLY_AWAITED, S.REPLIED)
DUE = (duties.RAPID_REVIEW.slug,)
ANSWER_DUE = (duties.PANEL_RESPONSE.slug,)

NOTIFICATION_SENT = Condition(
    lambda review: review.case.notified_on is not None,
    "Send the notification first: a rapid review cannot be undertaken without one.",
)

_STATE = StateField(default=S.OPENED, choices=S.choices, protected=True)
step = steps_of(_STATE)


@keep_history()
class RapidReview(FSMModelMixin, models.Model):
    """One rapid review of a case; `number` counts them where a case is notified again."""

    MACHINE: ClassVar[str] = "rapid review"
    STARTS: ClassVar[tuple[str, ...]] = (S.OPENED,)
    WAITING: ClassVar[dict[str, Waiting]] = {
        S.OPENED: Waiting("business_unit", DUE),
        S.AGENCY_RETURNS: Waiting("business_unit", DUE),
        S.MEETING_HELD: Waiting("business_unit", DUE),
        S.DRAFTED: Waiting("business_unit", DUE),
        S.PARTNER_SIGNOFF: Waiting("safeguarding_partner", DUE),
        S.SIGNED: Waiting("business_unit", DUE),
        S.SUBMITTED: Waiting("panel_secretariat", ANSWER_DUE),
        S.PANEL_TRIAGE: Waiting("panel_member", ANSWER_DUE),
        S.PANEL_CONSIDERED: Waiting("panel_secretariat", ANSWER_DUE),
        S.RETURNED: Waiting("business_unit", working_days=5),
        S.RESPONSE_ISSUED: Waiting("panel_secretariat", stage=Stage.END),
        # Whoever decides for the partners replies; the Panel names the day it asks for.
        S.REPLY_AWAITED: Waiting("la_approver", working_days=10),
        S.REPLIED: Waiting("panel_secretariat", stage=Stage.END),
        S.SUPERSEDED: Waiting("panel_chair", stage=Stage.PASSED_ON),
        S.NO_LONGER_REQUIRED: Waiting("panel_secretariat", stage=Stage.END),
    }

    case = models.ForeignKey(Case, models.PROTECT, related_name="rapid_reviews")
    authority = models.ForeignKey("workflow.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    state = _STATE
    entered_on = models.DateField()
    expected_on = models.DateField(null=True)
    sent_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            legal_states(S, "rapid_review"),
            models.UniqueConstraint(fields=["case", "number"], name="rapid_review_once_a_number"),
        ]
        indexes = [models.Index(fields=["state", "case"], name="rapid_review_by_state")]
        triggers = [LegalEdges(), LegalStart()]

    def __str__(self) -> str:
        return f"rapid review {self.number} of {self.case}"

    @step(
        [S.OPENED],
        S.AGENCY_RETURNS,
        ("Ask agencies for their returns", "Agency returns asked for"),
        bases.AGENCIES_TELL,
        PARTNERSHIP,
    )
    def ask_for_returns(self, move: Any) -> None:
        """Each agency is asked what it knew and did."""

    @step(
        [S.OPENED, S.AGENCY_RETURNS],
        S.MEETING_HELD,
        ("Record the meeting", "Meeting held"),
        bases.PARTNERS_MEET,
        PARTNERSHIP,
    )
    def hold_meeting(self, move: Any) -> None:
        """The partners have met."""

    @step(
        [S.OPENED, S.AGENCY_RETURNS, S.MEETING_HELD],
        S.DRAFTED,
        ("Record that it is drafted", "Report drafted"),
        bases.PARTNERS_MEET,
        PARTNERSHIP,
    )
    def draft_report(self, move: Any) -> None:
        """The report can be read by the partners."""

    @step(
        [S.OPENED, S.AGENCY_RETURNS, S.MEETING_HELD, S.DRAFTED],
        S.PARTNER_SIGNOFF,
        ("Ask the partners to sign", "Partners asked to sign"),
        bases.PARTNERS_SIGN,
        SENDERS,
    )
    def seek_signatures(self, move: Any) -> None:
        """The statutory partners are asked to agree or dissent. Nobody's silence blocks sending."""
        move.refuse_if_all_signed(self)

    @step(
        [S.PARTNER_SIGNOFF],
        S.SIGNED,
        ("Close the signing", "Every partner has given its view"),
        bases.PARTNERS_SIGN,
        (SYSTEM,),
    )
    def close_signing(self, move: Any) -> None:
        """A consequence: the last of the statutory partners has agreed or dissented."""

    @step(
        [S.SIGNED],
        S.PARTNER_SIGNOFF,
        ("Ask the partners to sign again", "Back with the partners: what they signed was replaced"),
        bases.PARTNERS_SIGN,
        (SYSTEM,),
    )
    def reopen_signing(self, move: Any) -> None:
        """A consequence: a system replaced words that a partner had signed."""

    @step(
        [*IN_PREPARATION, S.RETURNED],
        S.SUBMITTED,
        ("Send the rapid review to the Panel", "Rapid review sent"),
        duties.RAPID_REVIEW,
        SENDERS,
        conditions=[NOTIFICATION_SENT],
        page="reviews:check",
    )
    def submit(self, move: Any) -> None:
        """Stops the 15-working-day clock, starts the Panel's, and records the decision in it."""
        move.send_rapid_review(self)

    @step(
        [S.SUBMITTED],
        S.PANEL_TRIAGE,
        ("Take in the rapid review", "Rapid review taken in"),
        bases.SECRETARIAT_RECEIVES,
        SECRETARIAT,
    )
    def triage(self, move: Any) -> None:
        """The secretariat has read it and passes it to the Panel."""

    @step(
        WITH_THE_PANEL,
        S.RETURNED,
        ("Return it for more information", "Returned for more information"),
        bases.PANEL_MAY_ASK,
        PANEL,
        asks_reason=True,
    )
    def return_for_information(self, move: Any) -> None:
        """The partnership is asked for more, by a date. Both versions are kept."""
        move.cancel(duties.PANEL_RESPONSE.slug, why="returned_for_more_information")
        move.expect_by(move.facts["reply_on"])

    @step(
        WITH_THE_PANEL,
        S.RETURNED,
        ("Take it back to the partners", "Back with the partners: the case was notified again"),
        bases.REVIEW_FOLLOWS,
        (SYSTEM,),
    )
    def notified_again(self, move: Any) -> None:
        """A consequence: one rapid review serves the incident, so it is completed and sent anew."""
        move.cancel(*ANSWER_DUE, why="notified_again")

    @step(
        [S.PANEL_TRIAGE],
        S.PANEL_TRIAGE,
        ("Defer it to a later meeting", "Deferred to a later meeting of the Panel"),
        bases.PANEL_FUNCTIONS,
        PANEL,
        asks_reason=True,
    )
    def defer(self, move: Any) -> None:
        """It waits for the Panel until the day of that meeting. The Panel's clock runs on."""
        move.expect_by(move.facts["meet_on"])

    @step(
        [S.SUBMITTED, S.PANEL_TRIAGE],
        S.PANEL_CONSIDERED,
        ("Record that the Panel considered it", "Considered by the Panel"),
        bases.PANEL_FUNCTIONS,
        PANEL,
        page="reviews:consider",
    )
    def consider(self, move: Any) -> None:
        """The Panel has formed its view."""

    @step(
        [S.PANEL_CONSIDERED],
        S.RESPONSE_ISSUED,
        ("Issue the Panel’s response", "Panel’s response issued"),
        duties.PANEL_RESPONSE,
        SECRETARIAT,
        page="reviews:respond",
    )
    def issue_response(self, move: Any) -> None:
        """The partners have the Panel's answer. It asks them nothing, so their decision stands."""
        move.meet(*ANSWER_DUE)

    @step(
        [S.PANEL_CONSIDERED],
        S.REPLY_AWAITED,
        ("Issue the Panel’s response and ask for a reply", "Panel’s response issued, reply asked"),
        duties.PANEL_RESPONSE,
        SECRETARIAT,
        page="reviews:respond",
    )
    def ask_for_reply(self, move: Any) -> None:
        """The partners have the Panel's answer; by a date they confirm or change their decision."""
        move.meet(*ANSWER_DUE)
        move.expect_by(move.facts["reply_on"])

    @step(
        [S.REPLY_AWAITED],
        S.REPLIED,
        ("Reply to the Panel", "Partners replied to the Panel"),
        bases.PARTNERS_REPLY,
        (*PARTNERS, SYSTEM),
        page="reviews:confirm",
    )
    def take_reply(self, move: Any) -> None:
        """The partners confirmed what they decided, or changed it: that is their reply."""

    @step(
        [*IN_PREPARATION, S.RETURNED, *WITH_THE_PANEL],
        S.SUPERSEDED,
        ("Take it into a national review", "Taken into a national review"),
        bases.PANEL_FUNCTIONS,
        ("panel_chair",),
        asks_reason=True,
    )
    def supersede(self, move: Any) -> None:
        """The Panel reviews the case itself: its own decision alone."""
        move.cancel(*DUE, *ANSWER_DUE, why="superseded_by_national_review")
        move.open_national_review()

    @step(
        [*IN_PREPARATION, S.RETURNED, *WITH_THE_PANEL, S.REPLY_AWAITED],
        S.NO_LONGER_REQUIRED,
        ("End the rapid review", "Rapid review no longer required"),
        bases.CRITERIA_NOT_MET,
        (SYSTEM,),
    )
    def end(self, move: Any) -> None:
        """A consequence: the notification was found not to meet the criteria, or withdrawn."""
        move.cancel(*DUE, *ANSWER_DUE, why=move.facts.get("why", "no_longer_required"))
