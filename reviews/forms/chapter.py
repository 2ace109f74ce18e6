"""A chapter of long text: it says when it is finished, and until then it is in progress."""

from notifications.sections.forms import PageForm
from workflow.forms import YesNoField

FINISHED = "finished"


class Chapter(PageForm):
    """A page of long text, with the question whether it is finished at its end."""

    def prepare(self) -> None:
        """The question comes after those of the page."""
        self.fields[FINISHED] = YesNoField(
            "Have you completed this section?",
            missing="Select yes if you have completed this section",
            no_hint="I’ll come back later",
            short="Completed",
        )
