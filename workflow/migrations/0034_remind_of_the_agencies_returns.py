"""The sweep reminds of the agencies' returns until the facts of a rapid review are gathered.

Of the trail the worker reads besides that the partners met, that a report was drafted and that the
signing began. Who wrote it and what people wrote stay closed to it.
"""

from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Undone
from workflow.access.rows import WorkerRows

VIEWS = "'open', 'sign_off', 'sign_off_received'"
GATHERED = "'hold_meeting', 'draft_report', 'seek_signatures'"


def shown(acts: str) -> WorkerRows:
    """The worker is shown rows of the trail: these acts of a rapid review."""
    return WorkerRows("workflow_event", f"machine = 'rapid review' AND act IN ({acts})")


class Migration(migrating.Migration):

    dependencies = [("workflow", "0033_let_the_worker_see_who_has_signed")]

    operations = [
        Undone(shown(VIEWS)),
        shown(f"{VIEWS}, {GATHERED}"),
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
                    (
                        "gathered",
                        "The facts had been gathered: the meeting or the draft was recorded",
                    ),
                ],
                max_length=16,
            ),
        ),
    ]
