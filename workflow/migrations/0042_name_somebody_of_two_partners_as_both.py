import django.contrib.postgres.constraints
import django.db.models.functions.comparison
from django.db import migrations, models

import workflow.people.dated

from workflow import migrating

# Before, nobody was named twice in one capacity: the younger name ends.
ONE_NAME = """UPDATE workflow_grant AS younger SET withdrawn_at = now()
WHERE younger.named_at_id IS NOT NULL AND younger.withdrawn_at IS NULL AND EXISTS (
    SELECT FROM workflow_grant AS older
    WHERE older.case_id = younger.case_id AND older.person_id = younger.person_id
        AND older.capacity = younger.capacity AND older.withdrawn_at IS NULL
        AND older.id < younger.id
        AND older.since <= coalesce(younger.until, 'infinity')
        AND younger.since <= coalesce(older.until, 'infinity')
)"""


class Migration(migrating.Migration):
    """Whoever belongs to two partners is named to a restricted case as somebody of each.

    The rule is made anew from the rows of grants, which nobody writes to meanwhile.
    """

    dependencies = [("workflow", "0041_bind_second_factors_to_their_person")]

    operations = [
        migrations.RemoveConstraint(model_name="grant", name="grant_once_a_day_person"),
        migrations.RunSQL(migrations.RunSQL.noop, ONE_NAME),
        migrations.AddConstraint(
            model_name="grant",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("person__isnull", False), ("withdrawn_at__isnull", True)),
                expressions=[
                    ("case", "="),
                    ("person", "="),
                    ("capacity", "="),
                    (workflow.people.dated.DaysCovered(), "&&"),
                    (
                        django.db.models.functions.comparison.Coalesce(
                            "named_at", 0, output_field=models.BigIntegerField()
                        ),
                        "=",
                    ),
                ],
                name="grant_once_a_day_person",
                violation_error_message="This grant is already in force then.",
            ),
        ),
    ]
