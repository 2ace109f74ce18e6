import django.db.models.deletion
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights
from workflow.access.rows import CaseRows

_WRITTEN_ANEW = "SELECT, INSERT, DELETE"
# The keys are of `workflow` 0044, which refuses too: but this is undone, and committed, before it,
# and whoever saves a child would then find a key and no table.
NOT_FORGOTTEN = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM workflow_indexkey WHERE retired_on IS NULL) THEN
        RAISE EXCEPTION 'Indexes of children have keys. This migration is not undone then.';
    END IF;
END $$
"""


class Migration(migrating.Migration):
    """A child is found again by digests, without opening any case."""

    dependencies = [
        ("notifications", "0005_attach_documents"),
        ("workflow", "0044_keys_of_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChildDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.organisation",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.case",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "case"), name="child_digest_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="NationalDigest",
            fields=[
                (
                    "place",
                    models.BinaryField(max_length=28, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(max_length=32)),
            ],
            options={
                "indexes": [models.Index(fields=["digest"], name="national_digest")],
            },
        ),
        # Nothing for the worker: with the keys it has it would know every child by them.
        Rights("notifications_childdigest", app=f"{_WRITTEN_ANEW}, UPDATE"),
        Rights("notifications_nationaldigest", app=_WRITTEN_ANEW),
        CaseRows("notifications_childdigest"),
        CaseRows("notifications_nationaldigest", key=""),
        migrations.RunSQL(migrations.RunSQL.noop, NOT_FORGOTTEN),
    ]
