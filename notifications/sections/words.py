"""When something was last changed, in words."""

from datetime import date, datetime

from workflow.clock import london_date
from workflow.forms import short_time
from workflow.forms.times import LONDON
from workflow.law.words import short_date
from workflow.models import Answers


def when(at: datetime, *, on: date) -> str:
    """Write "at 4:40pm" on the same London day, "on 20 November 2026 at 4:40pm" on another."""
    time = short_time(at.astimezone(LONDON).time())
    day = london_date(at)
    return f"at {time}" if day == on else f"on {short_date(day)} at {time}"


def edited(row: Answers | None, *, on: date) -> str:
    """Write "Last edited by Ada at 4:40pm"; empty for what nobody has answered."""
    if row is None:
        return ""
    name = row.edited_by.name if row.edited_by else "the service"
    return f"Last edited by {name} {when(row.edited_at, on=on)}"
