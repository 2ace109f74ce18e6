"""When something was last changed, in words."""

from datetime import date

from workflow.forms.times import when
from workflow.models import Answers


def edited(row: Answers | None, *, on: date) -> str:
    """Write "Last edited by Ada at 4:40pm"; empty for what nobody has answered."""
    if row is None:
        return ""
    name = row.edited_by.name if row.edited_by else "the service"
    return f"Last edited by {name} {when(row.edited_at, on=on)}"
