"""Where a practice review may stand, whose turn it is there, and which steps it has."""

from django.db import models

from workflow.law import duties
from workflow.machine.acts import Condition, Stage, Waiting


class PracticeReviewState(models.TextChoices):
    """Where a practice review stands."""

    UNDECIDED = "undecided", "Undecided"
    DECISION_YES = "decision_yes", "LCSPR decided"
    NO_LCSPR = "no_lcspr", "No LCSPR"
    SCOPING = "scoping", "Scoping"
    REVIEWER_APPOINTED = "reviewer_appointed", "Reviewer appointed"
    IN_PROGRESS = "in_progress", "In progress"
    AWAITING_PROCEEDINGS = "awaiting_parallel_proceedings", "Awaiting proceedings"
    DRAFT_REPORT = "draft_report", "Draft report"
    PARTNER_APPROVAL = "partner_approval", "Partners approving"
    ADVANCE_COPY_SENT = "advance_copy_sent", "Copy sent"
    PUBLICATION_DELAYED = "publication_delayed", "Publication delayed"
    PUBLISHED = "published", "Published"
    IMPROVEMENTS_ONLY = "not_published_improvements_only", "Improvements only"
    ACTIONS_MONITORED = "actions_monitored", "Actions monitored"
    CLOSED = "closed", "Closed"
    DISCONTINUED = "discontinued", "Discontinued"
    PANEL_DECISION = "panel_decision", "Panel decided"
    SOS_NOTIFIED = "sos_notified", "Minister told"
    SOS_CONFIRMS_REVIEWER = "sos_confirms_reviewer", "Reviewer confirmed"


class ReviewKind(models.TextChoices):
    """Who arranges the review."""

    LOCAL = "local", "Local child safeguarding practice review"
    NATIONAL = "national", "National child safeguarding practice review"


S = PracticeReviewState
PARTNERS = ("la_approver", "business_unit")
PANEL = ("panel_chair", "panel_secretariat")
# Of these only those of the review's own body: see BODIES.
CONDUCTS = ("business_unit", "reviewer", "national_reviewer", *PANEL)
# Who acts on a review at all: the partners on theirs, the Panel on its own, whatever an act allows.
BODIES: dict[str, frozenset[str]] = {
    ReviewKind.LOCAL: frozenset((*PARTNERS, "reviewer")),
    ReviewKind.NATIONAL: frozenset((*PANEL, "national_reviewer")),
}
# How reviews are looked for. National ones are few, and the Panel's lists ask for them alone.
INDEXES = [
    models.Index(fields=["state", "case"], name="practice_review_by_state"),
    models.Index(
        fields=["state", "case"],
        condition=models.Q(kind=ReviewKind.NATIONAL),
        name="national_review_by_state",
    ),
]
COMPLETE = (duties.LOCAL_REVIEW.slug,)
COPY = (duties.LOCAL_REVIEW.slug, duties.ADVANCE_COPY.slug)
WORKING = (
    S.SCOPING,
    S.REVIEWER_APPOINTED,
    S.IN_PROGRESS,
    S.AWAITING_PROCEEDINGS,
    S.DRAFT_REPORT,
    S.PARTNER_APPROVAL,
)

# Publication can be planned from the decision on, until the report is public.
PLANNABLE = (S.DECISION_YES, *WORKING, S.ADVANCE_COPY_SENT, S.PUBLICATION_DELAYED)

# The report is out, or was given up: what is decided later is a review of its own.
OVER = (S.PUBLISHED, S.IMPROVEMENTS_ONLY, S.ACTIONS_MONITORED, S.CLOSED, S.DISCONTINUED)

LOCAL = Condition(
    lambda review: review.kind == ReviewKind.LOCAL,
    "Only the partners’ local review has this step.",
)
NATIONAL = Condition(
    lambda review: review.kind == ReviewKind.NATIONAL,
    "Only a national review has this step; the Panel alone decides on it.",
)

WAITING: dict[str, Waiting] = {
    S.UNDECIDED: Waiting("la_approver", working_days=20),
    S.DECISION_YES: Waiting("business_unit", COPY),
    S.SCOPING: Waiting("business_unit", COPY, working_days=20),
    S.REVIEWER_APPOINTED: Waiting("business_unit", COPY, working_days=20),
    S.IN_PROGRESS: Waiting("business_unit", COPY, working_days=60),
    S.AWAITING_PROCEEDINGS: Waiting("business_unit", COPY, working_days=20),
    S.DRAFT_REPORT: Waiting("business_unit", COPY, working_days=20),
    S.PARTNER_APPROVAL: Waiting("la_approver", COPY, working_days=10),
    S.ADVANCE_COPY_SENT: Waiting("business_unit", COPY, working_days=10),
    S.PUBLICATION_DELAYED: Waiting("business_unit", COPY, working_days=20),
    S.PUBLISHED: Waiting("business_unit", working_days=20),
    S.IMPROVEMENTS_ONLY: Waiting("business_unit", working_days=20),
    S.ACTIONS_MONITORED: Waiting("business_unit", working_days=60),
    S.PANEL_DECISION: Waiting("panel_secretariat", working_days=5),
    S.SOS_NOTIFIED: Waiting("panel_secretariat", working_days=20),
    S.SOS_CONFIRMS_REVIEWER: Waiting("panel_secretariat", working_days=10),
    S.NO_LCSPR: Waiting("la_approver", stage=Stage.END),
    S.CLOSED: Waiting("business_unit", stage=Stage.END),
    S.DISCONTINUED: Waiting("la_approver", stage=Stage.END),
}
