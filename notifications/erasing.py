"""What ends with the record: all in clear, all by which it is found, and documents."""

from django.apps import apps

from notifications import index
from notifications.models import (
    IncidentChild,
    Notification,
    QuarantinedContent,
    ScannedContent,
)
from workflow.machine.case import Case


def erase(case: Case) -> None:
    """No row tells of the children or of what happened to them, and no history of one either.

    No child of it is found any more. The database lets the histories go only once the
    record's end is confirmed.
    """
    index.forget(case)
    for model in (IncidentChild, Notification):
        model.objects.filter(case=case).delete()
        history = apps.get_model("notifications", f"{model.__name__}Event")
        history.objects.filter(case=case).delete()
    # Nobody can open these any more: they would only take up room.
    for content in (QuarantinedContent, ScannedContent):
        content.objects.filter(case=case).delete()
