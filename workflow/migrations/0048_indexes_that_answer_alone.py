"""Whether a case is in sight is answered from an index alone.

The condition of row security names `withdrawn_at`, which the index did not hold: so the row of each
grant was read, and among a million cases the planner found other ways, each of them slower.
"""

from django.db import migrations, models

from workflow import migrating

SAID = (
    "organisation", "person", "named_at", "capacity", "since", "until", "expires_at", "set_aside",
    "withdrawn_at",
)  # fmt: skip


class Migration(migrating.Migration):
    """No row is touched. One table alone is held: whoever waits for it is waited for by nobody."""

    dependencies = [("workflow", "0047_no_tables_of_their_own")]

    operations = [
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
    ]
