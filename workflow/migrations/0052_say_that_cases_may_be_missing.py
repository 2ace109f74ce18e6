from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights, TablesTaken

# Cases from before are in no index until all of them were written. Even the owner sees rows of
# cases only for its own purpose.
GAP = (
    "SELECT set_config('sight.purpose', 'owner', true)",
    "INSERT INTO workflow_indexgap (since) SELECT (now() AT TIME ZONE 'Europe/London')::date"
    " WHERE EXISTS (SELECT FROM workflow_case WHERE disposed_on IS NULL)",
    "SELECT set_config('sight.purpose', '', true)",
)


class Migration(migrating.Migration):
    """Service status knows since when cases may be missing in the indexes of children."""

    dependencies = [("workflow", "0051_tell_the_systems_of_authorities")]

    operations = [
        migrations.CreateModel(
            name="IndexGap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
            ],
        ),
        # Whoever watches over the service is the worker; the command serves as the application.
        Rights("workflow_indexgap", app="SELECT, INSERT, DELETE", worker="SELECT"),
        migrations.RunSQL(GAP, migrations.RunSQL.noop),
        TablesTaken(),
    ]
