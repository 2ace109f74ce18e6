"""The app workflow."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Tells Django where the models are, and what is said of approvers and taken out of reasons."""

    name = "workflow"

    def ready(self) -> None:
        """The checks of the database are part of every start, and so is the sealing of factors."""
        # Only now: models may be imported once Django knows all apps.
        from workflow.access import checks  # noqa: F401, PLC0415
        from workflow.health import approvers, words  # noqa: PLC0415
        from workflow.retention.copies import DOCUMENTS  # noqa: PLC0415
        from workflow.retention.reasons import OURS, TEXTS, also_in  # noqa: PLC0415
        from workflow.signing_in import sealing  # noqa: F401, PLC0415

        words.TITLES[approvers.NAME], words.WORDS[approvers.NAME] = approvers.TITLE, approvers.said
        for name, document in TEXTS.items():
            DOCUMENTS.setdefault(name, document)
        also_in(*OURS)
