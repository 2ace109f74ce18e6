"""It is known when the administrators of a webhook that takes nothing were last told so."""

from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import UpdateRight


class Migration(migrating.Migration):
    """One table alone is held: whoever waits for it is waited for by nobody."""

    dependencies = [
        ('workflow', '0056_find_what_waits_for_an_absent_system'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhook',
            name='told_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='webhook',
            name='told_on',
            field=models.DateField(null=True),
        ),
        UpdateRight("workflow_webhook", "told_days", "worker"),
        UpdateRight("workflow_webhook", "told_on", "worker"),
    ]
