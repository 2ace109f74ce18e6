"""A chapter of long text: it says when it is finished, and until then it is in progress."""

from notifications.sections.forms import PageForm
from workflow.forms import Choice, RadiosField

FINISHED = "finished"


class FinishedField(RadiosField):
    """Whether a chapter is finished. Cleaned: bool."""

    def __init__(self) -> None:
        super().__init__(
            "Have you completed this section?",
            choices=(Choice("yes", "Yes"), Choice("no", "No, I’ll come back later")),
            missing="Select yes if you have completed this section",
        )

    def clean(self, value: object) -> bool:
        """Whether "Yes" was selected."""
        return bool(super().clean(value) == "yes")


class Chapter(PageForm):
    """A page of long text, with the question whether it is finished at its end."""

    def prepare(self) -> None:
        """The question comes after those of the page."""
        self.fields[FINISHED] = FinishedField()
