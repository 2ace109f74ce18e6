"""The database itself shows and takes only rows of cases in sight, whatever a query asks."""

from django.db import migrations, models

from workflow import migrating
from workflow.access.rows import CaseRows

BY_CASE = (
    "workflow_answers",
    "workflow_answersevent",
    "workflow_breachacknowledgement",
    "workflow_casetransfer",
    "workflow_casetransferevent",
    "workflow_deadlineevent",
    "workflow_event",
    "workflow_grantevent",
    "workflow_notificationprocess",
    "workflow_notificationprocessevent",
    "workflow_practicereview",
    "workflow_practicereviewevent",
    "workflow_rapidreview",
    "workflow_rapidreviewevent",
)


class Migration(migrating.Migration):
    """After every table of a case: a new one gets the same in the migration that makes it."""

    dependencies = [("workflow", "0026_open_in_an_emergency")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                fields=["case"],
                include=["organisation", "person", "capacity", "since", "until", "expires_at"],
                name="grant_in_force",
                condition=models.Q(withdrawn_at__isnull=True),
            ),
        ),
        CaseRows("workflow_grant", worker=True),
        CaseRows("workflow_case", key="id", worker=True),
        CaseRows("workflow_caseevent", key="id"),
        CaseRows("workflow_deadline", worker=True),
        *(CaseRows(table) for table in BY_CASE),
        CaseRows("workflow_caselink", also="other_id"),
        CaseRows("workflow_caselinkevent", also="other_id"),
        CaseRows("workflow_emergency", worker=True),
        CaseRows("workflow_emergencyreview", worker=True),
        CaseRows("workflow_keptpage", of="person_id"),
        # A digest and a letter about an account are of no case.
        CaseRows("workflow_outbox", alone=True, worker=True),
        CaseRows("workflow_deadletteract", key="message_id", through="workflow_outbox", worker=True),
        CaseRows("workflow_plannedrung", key="deadline_id", through="workflow_deadline", worker=True),
        CaseRows("workflow_reminder", key="deadline_id", through="workflow_deadline", worker=True),
    ]
