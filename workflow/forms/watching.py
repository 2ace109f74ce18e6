"""What watching missed dates asks: what is done about one, and a name for a list."""

from workflow.forms.fields import LongTextField, TextField
from workflow.forms.form import GovukForm


class AcknowledgeForm(GovukForm):
    """That a missed date was seen."""

    reason = LongTextField(
        "What is being done about it?",
        words=200,
        rows=4,
        hint="Do not name the child or say what happened to them",
        called="what is being done about it",
    )


class SaveFilterForm(GovukForm):
    """A person's own name for a list."""

    name = TextField(
        "Name for this filter",
        limit=60,
        hint="Only you see it. For example, North East, still open",
        called="name for this filter",
        missing="Enter a name for this filter",
    )
