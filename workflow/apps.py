"""The app workflow."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """Tells Django where the models are."""

    name = "workflow"
