"""The missed dates of one authority are found by indexes of its own, and not among everybody's."""

import django.db.models.deletion
from django.db import migrations, models

from workflow import migrating

OPEN = models.Q(("cancelled_on__isnull", True), ("met_on__isnull", True))


class Migration(migrating.Migration):
    """No row is touched. One table alone is held: whoever waits for it is waited for by nobody."""

    dependencies = [("workflow", "0048_indexes_that_answer_alone")]

    operations = [
        migrations.AlterField(
            "deadline",
            "authority",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workflow.organisation",
            ),
        ),
        migrations.AddIndex(
            "deadline",
            models.Index(
                condition=OPEN,
                fields=["authority", "due_on", "id"],
                name="deadline_open_of_authority",
            ),
        ),
        migrations.AddIndex(
            "deadline",
            models.Index(
                condition=models.Q(("met_on__gt", models.F("due_on"))),
                fields=["authority", "due_on", "id"],
                name="deadline_late_of_authority",
            ),
        ),
    ]
