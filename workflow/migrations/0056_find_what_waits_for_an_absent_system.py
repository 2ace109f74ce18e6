"""What has waited too long for a system that is away is found by an index."""

from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):
    """One table alone is held: whoever waits for it is waited for by nobody."""

    dependencies = [
        ('workflow', '0055_keep_the_reasons_of_other_acts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('dead_at__isnull', True), ('sent_at__isnull', True), models.Q(('webhook__isnull', True), _negated=True)), fields=['webhook', 'created_at'], name='outbox_old_for_webhooks'),
        ),
    ]
