from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import ReadRight, Rights, UpdateRight
from workflow.access.rows import CaseRows, WorkerRows


def refuse_to_forget(apps: Any, schema_editor: Any) -> None:
    """Undone, nobody would know that these keys must end with a record: not while there is any."""
    if apps.get_model("workflow", "IndexKey").objects.filter(retired_on=None).exists():
        raise RuntimeError("Indexes of children have keys. This migration is not undone then.")


class Migration(migrating.Migration):
    """Each body has a key by which it finds children again; and cases are found by their day."""

    dependencies = [("workflow", "0043_count_entries_upwards")]

    operations = [
        migrating.cases_first(),
        migrations.CreateModel(
            name="IndexKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key_id", models.UUIDField(editable=False, unique=True)),
                ("after", models.BigIntegerField(default=0)),
                ("retired_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workflow.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("retired_on__isnull", True)),
                        fields=("organisation",),
                        name="one_key_of_an_index_in_use",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["authority", "incident_on"], name="case_by_incident"),
        ),
        # The worker sweeps keys of no case, and must know which these are.
        Rights("workflow_indexkey", app="SELECT, INSERT", worker="SELECT"),
        UpdateRight("workflow_indexkey", "retired_on", "app"),
        # To make the indexes the service lists the cases, and which of them have ended.
        CaseRows("workflow_case", key="id", worker=True, again=True, named=True),
        CaseRows("workflow_disposalstep", again=True, named=True),
        # Whoever watches over the service is the worker: it sees when a record ended, and no more.
        *(ReadRight("workflow_disposalstep", one, "worker") for one in ("id", "kind", "at")),
        WorkerRows("workflow_disposalstep", "kind = 'confirmed'"),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_forget),
        migrating.cases_first(undone=True),
    ]
