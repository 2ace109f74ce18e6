"""The questions about a document."""

from notifications.attached.limits import MOST_BYTES, TAKEN
from workflow.forms import FileField, GovukForm, LongTextField, TextField


class AttachForm(GovukForm):
    """Which file, and what it is."""

    about = TextField(
        "What is this document?",
        called="what this document is",
        hint="For example, minutes of the strategy meeting. Do not name the child or the family",
        limit=200,
    )
    file = FileField(
        "Choose a file",
        called="a file",
        hint=f"A {TAKEN} file of 10 MB or less. If there was an error, choose the file again",
        megabytes=MOST_BYTES // 1024**2,
    )


class RemoveForm(GovukForm):
    """Why a document is removed."""

    reason = LongTextField(
        "Why is it removed?",
        called="why the document is removed",
        hint="This stays in the timeline. Do not name the child or the family",
        words=100,
        rows=4,
    )
