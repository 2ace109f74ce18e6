"""What the rules of the rapid review and of the Panel's response turn on.

The words of every code are in the code lists, as data. Here is only what a rule must know of
them. The partners decide on a local review and the Panel advises; on a national review the Panel
decides alone.
"""

from django.db import models

from workflow.people import roles

LCSPR = "lcspr_decision"
ALTERNATIVE = "alternative_review"
LOCAL_CRITERION = "local_criterion"
NATIONAL_CRITERION = "national_criterion"
LATE_REASON = "review_late_reason"
AGENCY = "agency"
PARALLEL = "parallel_process"
SIGN_OFF = "sign_off"
QUALITY = "review_quality"
COMPLETENESS = "review_completeness"
THEME = "theme"
OUTCOME = "panel_outcome"


class Partner(models.TextChoices):
    """Which of the statutory partners an organisation is."""

    AUTHORITY = roles.AUTHORITY, "Local authority"
    ICB = roles.ICB, "Integrated care board"
    POLICE = roles.POLICE, "Police"


class View(models.TextChoices):
    """What a partner says of the rapid review."""

    AGREE = "agree", "Agrees"
    DISSENT = "dissent", "Does not agree"


class Decision(models.TextChoices):
    """Whether the partners commission a local child safeguarding practice review (LCSPR)."""

    YES = "yes", "LCSPR"
    NO = "no", "No LCSPR"
    UNDECIDED = "undecided", "Not decided yet"


NO_CRITERIA_NOT_MET = "no_criteria_not_met"
NO_ALTERNATIVE = "no_alternative"
NATIONAL_REVIEW = "national_review"
DEFER = "defer"

# Which decision of the partners an outcome agrees with; an outcome not named takes no side.
_AGREES_WITH = {
    "agree_lcspr": {Decision.YES},
    "agree_no_lcspr": {Decision.NO},
    "criteria_not_met_agreed": {Decision.NO},
    "advise_lcspr": {Decision.YES},
    "reconsider": set(),
}
# After these the partners are asked to confirm or change what they decided, by a day.
ASKS_PARTNERS = frozenset({"advise_lcspr", "reconsider", "more_information"})
# These are not answers of the Panel's secretariat: the chair decides on a national review, and
# a deferral answers nothing.
NOT_A_RESPONSE = frozenset({NATIONAL_REVIEW, DEFER})


def decision_of(code: str) -> Decision:
    """The decision that a code of the list is, without its ground."""
    if code == Decision.YES:
        return Decision.YES
    return Decision.UNDECIDED if code.startswith(Decision.UNDECIDED) else Decision.NO


def differs(outcome: str, decision: str) -> bool:
    """Whether the Panel's outcome is not what the partners decided."""
    sides = _AGREES_WITH.get(outcome)
    return sides is not None and decision not in sides
