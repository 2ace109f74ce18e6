import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights


class Migration(migrating.Migration):
    """Which account of an organisation's provider is whose. The worker has no business with it."""

    dependencies = [("workflow", "0038_let_systems_file")]

    operations = [
        migrations.CreateModel(
            name="OutsideAccount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=64)),
                ("bound_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outside_accounts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "subject"), name="outsideaccount_is_one_person"
                    ),
                    models.UniqueConstraint(
                        fields=("provider", "person"), name="outsideaccount_one_for_each_person"
                    ),
                ],
            },
        ),
        Rights("workflow_outsideaccount", app="SELECT, INSERT, UPDATE, DELETE"),
    ]
