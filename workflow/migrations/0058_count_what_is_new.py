"""A checkpoint of the log counts what is new, and reads nothing of the log a second time."""

from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import Rights


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0057_when_they_were_told_that_it_takes_nothing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Counted',
            fields=[
                ('case_number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('entries', models.BigIntegerField()),
            ],
            options={
                'verbose_name_plural': 'counted',
            },
        ),
        # The process that signs has it alone.
        Rights("workflow_counted", app="", worker="SELECT, INSERT, UPDATE, DELETE"),
    ]
