"""What ends with the record: everything in clear about children and incident, and documents."""

from django.apps import apps

from notifications.models import (
    IncidentChild,
    Notification,
    QuarantinedContent,
    ScannedContent,
)
from workflow.machine.case import Case


def erase(case: Case) -> None:
    """No row tells of the children or of what happened to them, and no history of one either.

    The database lets the histories go only once the record's end is confirmed.
    """
    for model in (IncidentChild, Notification):
        model.objects.filter(case=case).delete()
        history = apps.get_model("notifications", f"{model.__name__}Event")
        history.objects.filter(case=case).delete()
    # Nobody can open these any more: they would only take up room.
    for content in (QuarantinedContent, ScannedContent):
        content.objects.filter(case=case).delete()
