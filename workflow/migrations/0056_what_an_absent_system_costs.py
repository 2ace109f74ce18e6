"""A system that is away costs a turn what is due for it, however much is stored."""

from django.db import migrations, models

from workflow import migrating
from workflow.access.rights import UpdateRight


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0055_keep_the_reasons_of_other_acts'),
    ]

    operations = [
        migrating.cases_first(),
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
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('dead_at__isnull', True), ('sent_at__isnull', True), models.Q(('webhook__isnull', True), _negated=True)), fields=['webhook', 'created_at'], name='outbox_old_for_webhooks'),
        ),
        UpdateRight("workflow_webhook", "told_days", "worker"),
        UpdateRight("workflow_webhook", "told_on", "worker"),
        migrating.cases_first(undone=True),
    ]
