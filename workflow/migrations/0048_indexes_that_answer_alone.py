"""Whether a case is in sight is answered from an index alone, and one authority's dates from another.

The condition of row security names `withdrawn_at`, which the index did not hold: so the row of each
grant was read, and among a million cases the planner found other ways, each of them slower.
"""

import django.db.models.deletion
from django.db import migrations, models

from workflow import migrating

OPEN = models.Q(("cancelled_on__isnull", True), ("met_on__isnull", True))
SAID = (
    "organisation", "person", "named_at", "capacity", "since", "until", "expires_at", "set_aside",
    "withdrawn_at",
)  # fmt: skip


class Migration(migrating.Migration):
    """No row is touched."""

    dependencies = [("workflow", "0047_no_tables_of_their_own")]

    operations = [
        migrating.cases_first(),
        migrations.RemoveIndex("grant", "grant_in_force"),
        migrations.AddIndex(
            "grant",
            models.Index(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=["case"],
                include=SAID,
                name="grant_in_force",
            ),
        ),
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
        migrating.cases_first(undone=True),
    ]
