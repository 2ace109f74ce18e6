"""The sweep asks no partner for a view that it has given: it sees that it has, and no more.

Of the trail the worker reads that a rapid review was opened and that an organisation gave its view
of it. Who wrote it and what people wrote stay closed to it.
"""

from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import ReadRight
from workflow.access.rows import WorkerRows

READ = ("case_id", "machine", "number", "act", "payload")


class Migration(migrating.Migration):

    dependencies = [("workflow", "0032_ask_the_approver_afterwards")]

    operations = [
        *(ReadRight("workflow_event", column, "worker") for column in READ),
        WorkerRows(
            "workflow_event",
            "machine = 'rapid review' AND act IN ('open', 'sign_off', 'sign_off_received')",
        ),
        migrations.AlterField(
            model_name="reminder",
            name="withheld",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Sent"),
                    ("overtaken", "A later reminder of the same date went instead"),
                    ("told_with_panel", "Told with the reminder to notify the Panel"),
                    ("signed", "The partner’s view had been given"),
                ],
                max_length=16,
            ),
        ),
    ]
