"""The worker writes reminders and no one else; the application reads them.

Of a clock the worker changes one mark only: that its reminders are planned.
"""

from django.db import migrations

from workflow import migrating
from workflow.access.rights import Rights, UpdateRight


class Migration(migrating.Migration):
    """After the tables of reminders."""

    dependencies = [("workflow", "0008_reminders")]

    operations = [
        migrations.RunSQL(
            # The clocks that stand already have had one date, since they were opened.
            "UPDATE workflow_deadline SET revised_at = opened_at",
            migrations.RunSQL.noop,
        ),
        Rights("workflow_plannedrung", app="SELECT", worker="SELECT, INSERT, UPDATE"),
        Rights("workflow_reminder", app="SELECT", worker="SELECT, INSERT, UPDATE"),
        Rights("workflow_heartbeat", app="SELECT", worker="SELECT, INSERT, UPDATE"),
        Rights("workflow_reminderchoice", app="SELECT, INSERT", worker="SELECT"),
        UpdateRight("workflow_deadline", "planned_revision", "worker"),
    ]
