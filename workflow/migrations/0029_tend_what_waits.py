"""The two tables that work like queues are tended as such.

Their rows are written once and changed two or three times within minutes: each page leaves room for
that, and what is dead is tidied up long before the usual fifth of a table is.
"""

from django.db import migrations, models

from workflow import migrating

TENDED = {
    "fillfactor": 70,
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_threshold": 500,
    "autovacuum_analyze_scale_factor": 0.02,
    "autovacuum_vacuum_cost_delay": 0,
}
SET = ", ".join(f"{name} = {value}" for name, value in TENDED.items())
RESET = ", ".join(TENDED)
TABLES = ("workflow_outbox", "workflow_plannedrung")


class Migration(migrating.Migration):
    dependencies = [("workflow", "0028_count_dates_passed_on_late")]

    operations = [
        migrations.AlterField(
            model_name="outbox", name="dedupe", field=models.CharField(max_length=160)
        ),
        migrations.AddConstraint(
            model_name="outbox",
            constraint=models.UniqueConstraint(fields=("dedupe",), name="outbox_once"),
        ),
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} SET ({SET})", f"ALTER TABLE {table} RESET ({RESET})"
            )
            for table in TABLES
        ],
    ]
