"""At how many authorities nobody may approve what they want approved: it makes nothing ill."""

from datetime import datetime
from typing import Any

from workflow import clock
from workflow.health.signs import Sign
from workflow.health.words import Said
from workflow.reminders.approvers import without_approver

NAME, TITLE = "approvers", "Approvers"


def sign(at: datetime) -> Sign:
    """Always well: whatever is sent meanwhile goes out, and is approved afterwards."""
    count = without_approver(on=clock.london_date(at)).count()
    return Sign(NAME, well=True, figures={"without": count})


def said(figures: dict[str, Any], at: datetime) -> Said:
    """The sign in words."""
    count = figures["without"]
    if not count:
        return Said(TITLE, "Every authority that asks for approval has an approver.", "")
    asks = "authority asks" if count == 1 else "authorities ask"
    state = (
        f"{count:,} {asks} for approval and {'has' if count == 1 else 'have'} no approver. Whoever "
        "gives roles there is told each week: their administrators, or you where there is none."
    )
    return Said(TITLE, state, "")
