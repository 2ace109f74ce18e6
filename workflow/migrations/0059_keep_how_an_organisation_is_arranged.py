"""Who turned approval on or off, named a senior or changed where the post goes is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workflow import migrating


class Migration(migrating.Migration):

    dependencies = [
        ('workflow', '0058_count_what_is_new'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='peopleact',
            name='peopleact_known',
        ),
        migrations.AlterField(
            model_name='peopleact',
            name='did',
            field=models.CharField(choices=[('invited', 'Invited'), ('sent_again', 'Invitation sent again'), ('withdrew', 'Invitation withdrawn'), ('accepted', 'Invitation accepted'), ('gave', 'Role given'), ('ended', 'Role ended'), ('deactivated', 'Account closed'), ('reactivated', 'Account opened again'), ('factor_away', 'Second step taken away'), ('let_in', 'System let in'), ('shut_out', 'System shut out'), ('approval_on', 'Approval before sending turned on'), ('approval_off', 'Approval before sending turned off'), ('senior_named', 'Named as the senior'), ('senior_away', 'No longer the named senior'), ('contact_set', 'Contact address changed'), ('contact_away', 'Contact address taken away')], max_length=20),
        ),
        migrations.AlterField(
            model_name='peopleact',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts_about', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='peopleact',
            constraint=models.CheckConstraint(condition=models.Q(('did__in', ['invited', 'sent_again', 'withdrew', 'accepted', 'gave', 'ended', 'deactivated', 'reactivated', 'factor_away', 'let_in', 'shut_out', 'approval_on', 'approval_off', 'senior_named', 'senior_away', 'contact_set', 'contact_away'])), name='peopleact_known'),
        ),
        migrations.AddConstraint(
            model_name='peopleact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('did__in', ['approval_on', 'approval_off', 'contact_set', 'contact_away']), ('person__isnull', True)), models.Q(('person__isnull', False), models.Q(('did__in', ['approval_on', 'approval_off', 'contact_set', 'contact_away']), _negated=True)), _connector='OR'), name='peopleact_about_somebody'),
        ),
    ]
