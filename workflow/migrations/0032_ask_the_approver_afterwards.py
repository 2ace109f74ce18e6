from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0031_take_every_entry_into_the_log'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='notificationprocess',
            index=models.Index(condition=models.Q(('approval_outstanding', True)), fields=['case'], name='sent_before_approval'),
        ),
    ]
